/** Words for what a `MetricDoc` says, the same on the terminal and in the documentation. */
import type { MetricDoc } from "../model/metricDoc.ts";

export const orientationWords: Readonly<
  Record<MetricDoc["better"], { readonly word: string; readonly says: string }>
> = {
  low: { word: "low", says: "lower is better" },
  high: { word: "high", says: "higher is better" },
  zero: { word: "0", says: "closer to 0 is better" },
  one: { word: "1", says: "closer to 1 is better" },
  none: { word: "-", says: "neither: it describes" },
};

/** At most four digits: `13.33`, `-inf`. */
export const numberWords = (value: number): string => {
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(4))}`;
};

/** What `[x]` in a unit stands for, where it has one. */
export const unitWords = (unit: string): string =>
  unit.includes("[x]") ? " ([x]: that of the variable)" : "";

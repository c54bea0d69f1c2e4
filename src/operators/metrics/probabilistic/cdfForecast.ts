import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { parseQuantity } from "../../../model/units.ts";

/** Forecast variables that are the probability of at most a threshold: `{ "280 K": "t_cdf_280", … }`. */
export type CdfVariables<Unit extends string, Name extends string> = {
  readonly [threshold in `${number} ${Unit}`]?: Name;
};

/** The same by ascending threshold. */
export interface CdfForecast {
  readonly variable: string;
  readonly thresholds: readonly number[];
  readonly names: readonly string[];
  readonly unit: string;
  /** Canonical text. */
  readonly text: string;
}

/** Throws `Options` where there are fewer than two thresholds, or one that is no number with a unit. */
export const parseCdf = (
  metric: string,
  variable: string,
  cdf: Readonly<Record<string, string | undefined>>,
): CdfForecast => {
  const points = Object.entries(cdf ?? {})
    .map(([text, name]) => ({ ...parseQuantity(text), text, name: name! }))
    .sort((a, b) => a.value - b.value);
  const units = new Set(points.map(({ unit }) => unit));
  const isAscending = points.every(({ value }, k) => k === 0 || value > points[k - 1]!.value);
  if (points.length < 2 || units.size !== 1 || units.has("") || !isAscending || !points.every(isNumber)) {
    throw new EwbError(
      "Options",
      `${metric}: cdf is ${JSON.stringify(cdf)}; expected two or more thresholds with one unit and their variables, like ` +
        '{ "280 K": "t_cdf_280", "290 K": "t_cdf_290" }.',
    );
  }
  return {
    variable,
    thresholds: points.map(({ value }) => value),
    names: points.map(({ name }) => name),
    unit: points[0]!.unit,
    text: points.map(({ value, unit, name }) => `${value} ${unit}:${name}`).join(","),
  };
};

const isNumber = ({ value }: { readonly value: number }): boolean => Number.isFinite(value);

/** The fields of a distribution function. Throws `Unit` where its thresholds are not in the target's unit. */
export const cdfFields = (
  metric: string,
  pair: Pair,
  { variable, names, unit, thresholds }: CdfForecast,
): readonly Values[] => {
  const target = pair.target[variable]!;
  if (target.unit !== unit) {
    throw new EwbError(
      "Unit",
      `${metric}: the threshold ${thresholds[0]} ${unit} is in ${unit}, ${variable} in ${target.unit}. Give it in ${target.unit}.`,
      { variable },
    );
  }
  return names.map((name) => pair.forecast[name]!.values);
};

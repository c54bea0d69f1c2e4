import type { Comparison } from "../../kernels/tables/indicator.ts";
import { EwbError } from "../../model/errors.ts";
import type { Field, Values } from "../../model/field.ts";
import type { ClimatologyField, Pair } from "../../model/pair.ts";
import { parseQuantity, type Quantity } from "../../model/units.ts";
import { isClimatologyField } from "./climatologyOf.ts";

/** A number with the variable's unit, or a climatology's field, place by place and day by day. */
export type Threshold<Unit extends string> = Quantity<Unit> | ClimatologyField<Unit>;

/**
 * When a value meets a criterion: `above` means at least (>=), `below` at most (<=); `strictly` leaves out the
 * threshold itself (> and <). One of `above` and `below` is given.
 */
export type Criterion<Unit extends string> = Above<Unit> | Below<Unit>;

interface Above<Unit extends string> {
  readonly above: Threshold<Unit>;
  readonly below?: never;
  readonly strictly?: boolean;
}

interface Below<Unit extends string> {
  readonly below: Threshold<Unit>;
  readonly above?: never;
  readonly strictly?: boolean;
}

export type { Comparison };

/** A criterion, checked: a number and its unit, or a climatology. */
export interface ParsedCriterion {
  readonly comparison: Comparison;
  readonly number: { readonly value: number; readonly unit: string } | undefined;
  readonly climatology: ClimatologyField | undefined;
  /** Canonical text, e.g. `288.15 K`. */
  readonly text: string;
}

/**
 * The criterion of a metric of `variable`; the text of a climatology of another variable says which one. Throws
 * `Options` where not exactly one threshold is given, or one that is no number with a unit.
 */
export const parseCriterion = (
  metric: string,
  variable: string,
  criterion: { readonly above?: unknown; readonly below?: unknown; readonly strictly?: boolean },
): ParsedCriterion => {
  const { above, below, strictly = false } = criterion;
  if ((above === undefined) === (below === undefined)) {
    throw new EwbError(
      "Options",
      `${metric}: give either \`above\` or \`below\`, like { above: "288.15 K" }.`,
    );
  }
  const comparison: Comparison = above === undefined ? (strictly ? "<" : "<=") : strictly ? ">" : ">=";
  const threshold = above ?? below;
  if (isClimatologyField(threshold)) {
    const text =
      threshold.variable === variable ? threshold.text : `${threshold.text} of ${threshold.variable}`;
    return { comparison, number: undefined, climatology: threshold, text };
  }
  const { value, unit } =
    typeof threshold === "string" ? parseQuantity(threshold) : { value: Number.NaN, unit: "" };
  if (typeof threshold !== "string" || !Number.isFinite(value) || unit === "" || threshold.trim() === unit) {
    throw new EwbError(
      "Options",
      `${metric}: the threshold is ${JSON.stringify(threshold)}; expected a number with a unit like "288.15 K", or a climatology.`,
    );
  }
  return { comparison, number: { value, unit }, climatology: undefined, text: `${value} ${unit}` };
};

/** Throws `Unit` where a field is not in the threshold's unit: numbers of other units cannot be compared. */
export const checkUnit = (
  metric: string,
  variable: string,
  field: Field,
  criterion: ParsedCriterion,
): void => {
  const unit = criterion.number?.unit ?? criterion.climatology!.unit;
  if (field.unit === unit) return;
  throw new EwbError(
    "Unit",
    `${metric}: the threshold ${criterion.text} is in ${unit}, ${variable} in ${field.unit}. Give the threshold in ${field.unit}.`,
    { variable },
  );
};

/** Whether `value` meets the comparison; false for a missing side. */
export const meets = (value: number, comparison: Comparison, threshold: number): boolean => {
  switch (comparison) {
    case ">=":
      return value >= threshold;
    case ">":
      return value > threshold;
    case "<=":
      return value <= threshold;
    case "<":
      return value < threshold;
  }
};

/** The climatology's values on a pair's places; undefined for a number. */
export const thresholdValues = (pair: Pair, { climatology }: ParsedCriterion): Values | undefined =>
  climatology === undefined ? undefined : pair.climatology(climatology).values;

/** A number in the precision of the data it is compared with: 0.7 is the float32 nearest to 0.7 for float32 data. */
export const inPrecisionOf = (values: Values, number: number): number =>
  values instanceof Float32Array ? Math.fround(number) : number;

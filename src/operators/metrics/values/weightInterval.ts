import type { ThresholdWeight } from "../../../kernels/scores/thresholdWeight.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Quantity } from "../../../model/units.ts";
import { type ParsedQuantity, quantityOf } from "../quantity.ts";
import type { ScoreOptions } from "../scoreOptions.ts";

/** A lower and an upper bound; null: none. */
export type Interval<Unit extends string> = readonly [
  lower: Quantity<Unit> | null,
  upper: Quantity<Unit> | null,
];

/** Which values of a variable matter. */
export interface IntervalOptions<Unit extends string> extends ScoreOptions {
  /** Where the weight is 1: from the lower bound up to, but not with, the upper one. */
  readonly interval: Interval<Unit>;
  /** Where the weight is above 0: it rises and falls in proportion between these bounds and those of `interval`, which
   * they enclose. Without it the weight is 0 outside the interval. */
  readonly positive?: Interval<Unit>;
}

export interface ParsedInterval {
  readonly weight: ThresholdWeight;
  /** All bounds there are, to be checked against the unit of the data. */
  readonly quantities: readonly ParsedQuantity[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** The weight of some options; throws `Options` for bounds that are not in ascending order. */
export const intervalOf = (metric: string, options: IntervalOptions<any>): ParsedInterval => {
  const inner = boundsOf(metric, "interval", options.interval);
  const outer = options.positive === undefined ? undefined : boundsOf(metric, "positive", options.positive);
  const [full, ends] = [inner[0]?.value ?? -INFINITE, inner[1]?.value ?? INFINITE];
  const [from, to] = outer ? [outer[0]?.value ?? -INFINITE, outer[1]?.value ?? INFINITE] : [full, ends];
  const slopes = outer === undefined || (isSlope(from, full) && isSlope(ends, to));
  if (!(full < ends) || !slopes) {
    throw new EwbError(
      "Options",
      `${metric}: interval is ${textOf(inner)}${outer ? `, positive is ${textOf(outer)}` : ""}; expected bounds that ascend, like ["303 K", "313 K"] and, around it, ["300 K", "318 K"]; null for no bound, in both or in neither.`,
    );
  }
  return {
    weight: { from, full, ends, to },
    quantities: [...inner, ...(outer ?? [])].filter((bound) => bound !== null),
    parameters: { interval: textOf(inner), ...(outer && { positive: textOf(outer) }) },
  };
};

const INFINITE = Number.POSITIVE_INFINITY;

/** A slope between two bounds: finite ones that ascend, or no bound at all. */
const isSlope = (low: number, high: number): boolean =>
  low === high ? !Number.isFinite(low) : low < high && Number.isFinite(low) && Number.isFinite(high);

const boundsOf = (
  metric: string,
  option: string,
  interval: Interval<any>,
): [ParsedQuantity | null, ParsedQuantity | null] => {
  if (!Array.isArray(interval) || interval.length !== 2) {
    throw new EwbError(
      "Options",
      `${metric}: ${option} is ${JSON.stringify(interval)}; expected two bounds like ["303 K", null].`,
    );
  }
  const [lower, upper] = interval as Interval<any>;
  return [
    lower === null ? null : quantityOf(metric, option, lower),
    upper === null ? null : quantityOf(metric, option, upper),
  ];
};

/** `303 K..`: half open, an unbounded side empty. */
const textOf = ([lower, upper]: readonly (ParsedQuantity | null)[]): string =>
  `${lower?.text ?? ""}..${upper?.text ?? ""}`;

import { errorsBeyond } from "../../../kernels/scores/errorValues.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { justAbove } from "../../../kernels/tables/justAbove.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { listOf, type ParsedQuantity, quantityOf, sameUnit } from "../quantity.ts";
import { addedScores, scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { checkRules, type ErrorRules, errorRules } from "./errorRules.ts";

export interface PercentWithinOptions<Unit extends string> extends ScoreOptions {
  /** The largest error that counts as within. */
  readonly tolerance: Quantity<Unit>;
  /** Leaves out errors of just the tolerance. */
  readonly strictly?: boolean;
  /** The length of the circle, for directions: `"360 degree"`. */
  readonly circular?: Quantity<Unit>;
}

/**
 * Percent within tolerance: 100 sum w 1{|f - o| <= tolerance} / sum w, `<` with `strictly`. In per cent; 100 is best.
 *
 *     percentWithin("surface_air_temperature", { tolerance: "2 K" })
 *
 * Throws `Options`, and `Unit` where the tolerance is not in the unit of the data. Jolliffe and Stephenson 2012,
 * Forecast Verification, 2nd ed., doi:10.1002/9781119960003.
 */
export const percentWithin = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PercentWithinOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const name = "percentWithin";
  const common = scoreOptions(name, options, ["tolerance", "strictly", "circular"]);
  const tolerance = quantityOf(name, "tolerance", options.tolerance, 0);
  const rules = errorRules(name, variable, { ...(options.circular && { circular: options.circular }) });
  const strictly = options.strictly === true;
  return scoreMetric<V>(common, {
    name,
    term: "percent within tolerance",
    definition: `100 sum w 1{|f - o| ${strictly ? "<" : "<="} tolerance} / sum w over present pairs of a key`,
    variable,
    unit: () => "%",
    parameters: {
      tolerance: tolerance.text,
      ...(strictly && { strictly: "true" }),
      ...rules?.parameters,
    },
    sums: (pair, weights) => {
      sameUnit(name, variable, pair.forecast[variable]!, "tolerance", tolerance);
      checkRules(name, pair, variable, rules);
      return once(beyond, pair, variable, weights, [tolerance.value], strictly, rules ?? null);
    },
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : 100 - (100 * sums[0]!) / weight, n }],
  });
};

export interface ErrorExceedanceOptions<Unit extends string> extends ScoreOptions {
  /** Errors above which are counted, a row each. */
  readonly thresholds: readonly Quantity<Unit>[];
  /** The length of the circle, for directions: `"360 degree"`. */
  readonly circular?: Quantity<Unit>;
}

/**
 * Error exceedance: sum w 1{|f - o| > threshold} / sum w, one row a threshold. In unit 1; 0 is best, up to 1.
 *
 *     errorExceedance("surface_air_temperature", { thresholds: ["2 K", "5 K"] })
 *
 * Throws `Options`, and `Unit` where a threshold is not in the unit of the data. WeatherBench-X, ErrorExceedance
 * (https://github.com/google-research/weatherbenchX).
 */
export const errorExceedance = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ErrorExceedanceOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const name = "errorExceedance";
  const common = scoreOptions(name, options, ["thresholds", "circular"]);
  const thresholds: readonly ParsedQuantity[] = listOf(name, "thresholds", options.thresholds).map((text) =>
    quantityOf(name, "thresholds", text, 0),
  );
  const rules = errorRules(name, variable, { ...(options.circular && { circular: options.circular }) });
  const numbers = thresholds.map(({ value }) => value);
  return scoreMetric<V>(common, {
    name,
    term: "error exceedance",
    definition: "sum w 1{|f - o| > threshold} / sum w over present pairs of a key",
    variable,
    unit: () => "1",
    parameters: { ...rules?.parameters },
    sums: (pair, weights) => {
      for (const one of thresholds) sameUnit(name, variable, pair.forecast[variable]!, "threshold", one);
      checkRules(name, pair, variable, rules);
      return once(beyond, pair, variable, weights, numbers, false, rules ?? null);
    },
    rows: ({ n, weight, sums }) =>
      thresholds.map(({ text }, k) => ({
        parameters: { threshold: text },
        value: n === 0 ? Number.NaN : sums[k]! / weight,
        n,
      })),
  });
};

/** Weight of the places whose error is above each limit, or on it too where `inclusive`. */
const beyond = (
  pair: Pair,
  variable: string,
  weights: Weights,
  limits: readonly number[],
  inclusive: boolean,
  rules: ErrorRules | null,
): ScoreTotal => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const period = rules?.period?.value;
  // Above a limit is on or above the next number.
  const edges = Float64Array.from(limits, (limit) => (inclusive ? limit : justAbove(limit, false)));
  return addedScores(limits.length, pair, weights, (start, stop, columns, out) =>
    errorsBeyond(f, o, start, stop, columns, period, edges, out),
  );
};

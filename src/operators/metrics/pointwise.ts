import { type ExactSum, exactValue, mergeExact } from "../../kernels/exactSum.ts";
import type { Metric } from "../../model/metric.ts";
import type { Pair, Weights } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import { errorSums, squaredSums } from "./errorSums.ts";
import { type Keep, type Key, keepParameter, keptTimes, keyOf } from "./keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "./keyed.ts";
import type { NoVariables } from "./noVariables.ts";
import { once } from "./once.ts";
import { oneOf, onlyOptions } from "./options.ts";
import { squaredUnit } from "./squaredUnit.ts";

/**
 * Errors place by place, added up and divided once: keyed sums of a weighted error and of the weights, one entry
 * for each key that is kept. All samples of a key are pooled before the division and before any root.
 */
export interface PointwiseOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place: exact cell area (unless said), cosine of latitude, or none. */
  readonly weights?: Weights;
}

/** One key's sums. */
type PointwiseEntry = Key & PointwiseSums;

/**
 * Mean error (bias), forecast minus target: sum w (f - o) / sum w over all places and samples of a key.
 * In the unit of the variable; 0 is best; positive where the forecast is too high.
 *
 *     meanError("surface_air_temperature", { keep: ["init_time", "lead_time"] })
 *
 * Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const meanError = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: PointwiseOptions = {},
): Metric<V> => pointwise<V>(ERRORS.meanError, variable, options);

/**
 * Mean absolute error: sum w |f - o| / sum w over all places and samples of a key. In the unit of the variable;
 * 0 is best.
 *
 *     meanAbsoluteError("surface_air_temperature", { weights: "none" })
 *
 * Willmott and Matsuura 2005, doi:10.3354/cr030079.
 */
export const meanAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PointwiseOptions = {},
): Metric<V> => pointwise<V>(ERRORS.meanAbsoluteError, variable, options);

/**
 * Mean squared error: sum w (f - o)^2 / sum w over all places and samples of a key. In the square of the
 * variable's unit; 0 is best.
 *
 *     meanSquaredError("surface_air_temperature")
 *
 * Murphy 1988, doi:10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2.
 */
export const meanSquaredError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PointwiseOptions = {},
): Metric<V> => pointwise<V>(ERRORS.meanSquaredError, variable, options);

/**
 * Root mean squared error: the root of sum w (f - o)^2 / sum w, taken last, after all samples of a key are pooled.
 * In the unit of the variable; 0 is best.
 *
 *     rootMeanSquaredError("surface_air_temperature")
 *
 * Chai and Draxler 2014, doi:10.5194/gmd-7-1247-2014.
 */
export const rootMeanSquaredError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PointwiseOptions = {},
): Metric<V> => pointwise<V>(ERRORS.rootMeanSquaredError, variable, options);

export interface PointwiseSums {
  readonly n: number;
  readonly weight: ExactSum;
  readonly sum: ExactSum;
}

/** What tells one error from another. */
export interface PointwiseError {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  /** What it needs of a pair: how many places, their weight, and the sum of the error. */
  sums(pair: Pair, variable: string, weights: Weights): PointwiseSums;
  value(mean: number): number;
  unit(unit: string): string;
}

const squares: PointwiseError["sums"] = (pair, variable, weights) => {
  const { n, weight, squared } = once(squaredSums, pair, variable, weights);
  return { n, weight, sum: squared };
};

export const ERRORS = {
  meanError: {
    name: "meanError",
    term: "mean error",
    definition: "sum w (f - o) / sum w over present pairs of a key",
    sums: (pair, variable, weights) => {
      const { n, weight, error } = once(errorSums, pair, variable, weights);
      return { n, weight, sum: error };
    },
    value: (mean) => mean,
    unit: (unit) => unit,
  },
  meanAbsoluteError: {
    name: "meanAbsoluteError",
    term: "mean absolute error",
    definition: "sum w |f - o| / sum w over present pairs of a key",
    sums: (pair, variable, weights) => {
      const { n, weight, absolute } = once(errorSums, pair, variable, weights);
      return { n, weight, sum: absolute };
    },
    value: (mean) => mean,
    unit: (unit) => unit,
  },
  meanSquaredError: {
    name: "meanSquaredError",
    term: "mean squared error",
    definition: "sum w (f - o)^2 / sum w over present pairs of a key",
    sums: squares,
    value: (mean) => mean,
    unit: squaredUnit,
  },
  rootMeanSquaredError: {
    name: "rootMeanSquaredError",
    term: "root mean squared error",
    definition: "sqrt(sum w (f - o)^2 / sum w) over present pairs of a key, the root last",
    sums: squares,
    value: Math.sqrt,
    unit: (unit) => unit,
  },
} satisfies Record<string, PointwiseError>;

const USUAL: Keep = ["lead_time"];

const pointwise = <V extends Variables>(
  error: PointwiseError,
  variable: keyof V & string,
  options: PointwiseOptions,
): Metric<V, Keyed<PointwiseEntry>> => {
  onlyOptions(error.name, options, ["keep", "weights"]);
  const keep = keptTimes(error.name, options.keep ?? USUAL);
  const weights = oneOf(error.name, "weights", options.weights ?? "area", ["area", "cosine", "none"]);
  return {
    name: error.name,
    term: error.term,
    definition: error.definition,
    variable,
    unit: error.unit,
    parameters: { weights, ...keepParameter(keep, USUAL) },
    needs: { variables: [variable] },
    zero: () => new Map(),
    observe: (pair: Pair) => {
      if (!pair.matched) return new Map();
      return oneEntry({ ...keyOf(keep, pair), ...error.sums(pair, variable, weights) });
    },
    merge: (a, b) => mergeKeyed(a, b, joinEntries),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, n, weight, sum }) => ({
        initTime,
        leadHours,
        validTime,
        value: n === 0 ? Number.NaN : error.value(exactValue(sum) / exactValue(weight)),
        n,
      })),
  };
};

const joinEntries = (a: PointwiseEntry, b: PointwiseEntry): PointwiseEntry => ({
  ...a,
  n: a.n + b.n,
  weight: mergeExact(a.weight, b.weight),
  sum: mergeExact(a.sum, b.sum),
});

import type { ExactSum } from "../../../kernels/exactSum.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { squaredUnit } from "../squaredUnit.ts";
import { checkRules, errorRules, someErrorSums } from "./errorRules.ts";
import { type ErrorSums, errorSums, squaredSums } from "./errorSums.ts";
import type { Given } from "./given.ts";

/**
 * Errors place by place, added up and divided once: keyed sums of a weighted error and of the weights, one entry
 * for each key that is kept. All samples of a key are pooled before the division and before any root.
 */
export interface PointwiseOptions<Unit extends string = string> extends ScoreOptions {
  /** The length of the circle, for directions: `"360 degree"`. Errors go the shorter way around. */
  readonly circular?: Quantity<Unit>;
  /** Only pairs where the target, or the forecast, or either meets a criterion: `{ above: "300 K" }`. */
  readonly given?: Given<Unit>;
}

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
  options: PointwiseOptions<V[N]> & GroupOptions<V> = {},
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
  options: PointwiseOptions<V[N]> & GroupOptions<V> = {},
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
  options: PointwiseOptions<V[N]> & GroupOptions<V> = {},
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
  options: PointwiseOptions<V[N]> & GroupOptions<V> = {},
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
  /** Which of the sums it is the mean of. */
  readonly mean: "error" | "absolute" | "squared";
  value(mean: number): number;
  unit(unit: string): string;
}

const squares: PointwiseError["sums"] = (pair, variable, weights) => {
  const { n, weight, squared } = squaredSums(pair, variable, weights);
  return { n, weight, sum: squared };
};

export const ERRORS = {
  meanError: {
    name: "meanError",
    mean: "error",
    term: "mean error",
    definition: "sum w (f - o) / sum w over present pairs of a key",
    sums: (pair, variable, weights) => {
      const { n, weight, error } = errorSums(pair, variable, weights);
      return { n, weight, sum: error };
    },
    value: (mean) => mean,
    unit: (unit) => unit,
  },
  meanAbsoluteError: {
    name: "meanAbsoluteError",
    mean: "absolute",
    term: "mean absolute error",
    definition: "sum w |f - o| / sum w over present pairs of a key",
    sums: (pair, variable, weights) => {
      const { n, weight, absolute } = errorSums(pair, variable, weights);
      return { n, weight, sum: absolute };
    },
    value: (mean) => mean,
    unit: (unit) => unit,
  },
  meanSquaredError: {
    name: "meanSquaredError",
    mean: "squared",
    term: "mean squared error",
    definition: "sum w (f - o)^2 / sum w over present pairs of a key",
    sums: squares,
    value: (mean) => mean,
    unit: squaredUnit,
  },
  rootMeanSquaredError: {
    name: "rootMeanSquaredError",
    mean: "squared",
    term: "root mean squared error",
    definition: "sqrt(sum w (f - o)^2 / sum w) over present pairs of a key, the root last",
    sums: squares,
    value: Math.sqrt,
    unit: (unit) => unit,
  },
} satisfies Record<string, PointwiseError>;

const pointwise = <V extends Variables>(
  error: PointwiseError,
  variable: keyof V & string,
  options: PointwiseOptions<any>,
): Metric<V> => {
  const common = scoreOptions(error.name, options, ["circular", "given"]);
  const rules = errorRules(error.name, variable, options);
  return scoreMetric<V>(common, {
    name: error.name,
    term: error.term,
    definition: error.definition,
    variable,
    unit: error.unit,
    parameters: { ...rules?.parameters },
    climatologies: rules?.climatologies,
    sums: (pair, weights) => {
      if (rules === undefined) return scoreOf(error.sums(pair, variable, weights));
      checkRules(error.name, pair, variable, rules);
      return scoreOf(meanOf(error, once(someErrorSums, pair, variable, weights, rules)));
    },
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : error.value(sums[0]! / weight), n }],
  });
};

const meanOf = ({ mean }: PointwiseError, sums: ErrorSums): PointwiseSums => ({
  n: sums.n,
  weight: sums.weight,
  sum: sums[mean],
});

const scoreOf = ({ n, weight, sum }: PointwiseSums): ScoreTotal => ({ n, weight, sums: [sum] });

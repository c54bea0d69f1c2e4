import {
  type ConsistentScores,
  expectileScores,
  huberScores,
  quantileScores,
} from "../../../kernels/scores/consistentScores.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { between, quantityOf, sameUnit } from "../quantity.ts";
import { addedScores, scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { squaredUnit } from "../squaredUnit.ts";

export interface LevelOptions extends ScoreOptions {
  /** Which quantile or expectile the forecast claims to be, above 0 and below 1. */
  readonly level: number;
}

/**
 * Quantile score (pinball loss) of a forecast of one quantile: sum w (1{o < f} - level)(f - o) / sum w. In the unit of
 * the variable; 0 is best, up to infinity; at level 0.5 half of the mean absolute error.
 *
 *     quantileScore("wind_speed", { level: 0.9 })
 *
 * Throws `Options`. Koenker and Bassett 1978, doi:10.2307/1913643; Gneiting 2011, doi:10.1198/jasa.2011.r10138.
 */
export const quantileScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: LevelOptions & GroupOptions<V>,
): Metric<V> => {
  const common = scoreOptions("quantileScore", options, ["level"]);
  const level = between("quantileScore", "level", options.level, 0, 1);
  return scoreMetric<V>(common, {
    name: "quantileScore",
    term: "quantile score",
    definition: "sum w (1{o < f} - level)(f - o) / sum w over present pairs of a key",
    variable,
    unit: (unit) => unit,
    parameters: { level: `${level}` },
    sums: (pair, weights) => once(quantileSums, pair, variable, weights, level),
  });
};

/**
 * Expectile score of a forecast of one expectile: sum w |1{o < f} - level| (f - o)^2 / sum w. In the square of the
 * variable's unit; 0 is best, up to infinity; at level 0.5 half of the mean squared error.
 *
 *     expectileScore("wind_speed", { level: 0.7 })
 *
 * Throws `Options`. Gneiting 2011, doi:10.1198/jasa.2011.r10138.
 */
export const expectileScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: LevelOptions & GroupOptions<V>,
): Metric<V> => {
  const common = scoreOptions("expectileScore", options, ["level"]);
  const level = between("expectileScore", "level", options.level, 0, 1);
  return scoreMetric<V>(common, {
    name: "expectileScore",
    term: "expectile score",
    definition: "sum w |1{o < f} - level| (f - o)^2 / sum w over present pairs of a key",
    variable,
    unit: squaredUnit,
    parameters: { level: `${level}` },
    sums: (pair, weights) => once(expectileSums, pair, variable, weights, level),
  });
};

export interface HuberOptions<Unit extends string> extends ScoreOptions {
  /** Error up to which the score is a square, and beyond which it grows in proportion. */
  readonly limit: Quantity<Unit>;
}

/**
 * Huber score: the mean of e^2 / 2 where |e| <= a and of a (|e| - a / 2) beyond, e = f - o, a the `limit`. In the square
 * of the variable's unit; 0 is best, up to infinity.
 *
 *     huberScore("surface_air_temperature", { limit: "4 K" })
 *
 * Throws `Options`, and `Unit` where the limit is not in the unit of the data. Huber 1964,
 * doi:10.1214/aoms/1177703732; Taggart 2022, doi:10.1214/21-EJS1957.
 */
export const huberScore = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: HuberOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const common = scoreOptions("huberScore", options, ["limit"]);
  const limit = quantityOf("huberScore", "limit", options.limit, 0);
  return scoreMetric<V>(common, {
    name: "huberScore",
    term: "Huber score",
    definition: "mean of e^2 / 2 where |e| <= limit, of limit (|e| - limit / 2) beyond; e = f - o",
    variable,
    unit: squaredUnit,
    parameters: { limit: limit.text },
    sums: (pair, weights) => {
      sameUnit("huberScore", variable, pair.forecast[variable]!, "limit", limit);
      return once(huberSums, pair, variable, weights, limit.value);
    },
  });
};

const sumsOf =
  (scores: ConsistentScores) => (pair: Pair, variable: string, weights: Weights, parameter: number) => {
    const f = pair.forecast[variable]!.values;
    const o = pair.target[variable]!.values;
    return addedScores(1, pair, weights, (start, stop, columns, out) =>
      scores(f, o, start, stop, columns, parameter, out),
    );
  };

const quantileSums = sumsOf(quantileScores);
const expectileSums = sumsOf(expectileScores);
const huberSums = sumsOf(huberScores);

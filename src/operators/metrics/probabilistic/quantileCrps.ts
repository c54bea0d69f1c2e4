import { rowsTotal, type ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";
import { parseQuantiles, type QuantileForecast, type QuantileVariables } from "./quantileForecast.ts";

export interface QuantilesOptions<Name extends string> extends PoolingOptions {
  /** The forecast variables that are quantiles of the variable, by level. */
  readonly quantiles: QuantileVariables<Name>;
}

/**
 * CRPS of quantiles: sum w (2 / K sum_k (1{o < q_k} - l_k) (q_k - o)) / sum w over K levels l_k, all counted alike. In the unit
 * of the variable; 0 is best. A place counts where all quantiles are present.
 *
 *     quantileContinuousRankedProbabilityScore("t", { quantiles: { 0.1: "t_q10", 0.5: "t_q50", 0.9: "t_q90" } })
 *
 * Throws `Options`. Gneiting and Ranjan 2011, doi:10.1198/jbes.2010.08110.
 */
export const quantileContinuousRankedProbabilityScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: QuantilesOptions<keyof V & string> & GroupOptions<V>,
): Metric<V> =>
  quantileScores<V>("quantileContinuousRankedProbabilityScore", variable, options, {
    term: "CRPS of quantiles",
    definition: "sum w (2 / K sum (1{o < q} - l) (q - o)) / sum w over present pairs of a key, of K levels l",
  });

/**
 * Weighted interval score: sum w ((|o - median| / 2 + sum_k a_k / 2 IS_k) / (K + 1/2)) / sum w over K central intervals of
 * coverage 1 - a_k, IS the interval score. In the unit of the variable; 0 is best. It is the CRPS of the same quantiles.
 *
 *     weightedIntervalScore("t", { quantiles: { 0.1: "t_q10", 0.5: "t_q50", 0.9: "t_q90" } })
 *
 * Throws `Options`, also where levels are not the median and pairs l, 1 - l. Bracher et al. 2021,
 * doi:10.1371/journal.pcbi.1008618.
 */
export const weightedIntervalScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: QuantilesOptions<keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "weightedIntervalScore";
  const { levels } = parseQuantiles(name, options.quantiles);
  const isSymmetric = levels.every((level, k) => Math.abs(level + levels.at(-1 - k)! - 1) < 1e-9);
  if (levels.length % 2 === 0 || !isSymmetric) {
    throw new EwbError(
      "Options",
      `${name}: levels are ${levels.join(", ")}; expected 0.5 and pairs like 0.1 and 0.9.`,
    );
  }
  return quantileScores<V>(name, variable, options, {
    term: "weighted interval score",
    definition:
      "sum w ((|o - median| / 2 + sum a / 2 IS) / (K + 1/2)) / sum w over present pairs of a key, of K intervals",
  });
};

/** Both are the same sum: the interval score of a pair of levels times a / 2 is the sum of their quantile scores. */
const quantileScores = <V extends Variables>(
  name: string,
  variable: keyof V & string,
  options: QuantilesOptions<string>,
  { term, definition }: Pick<Metric, "term" | "definition">,
): Metric<V> => {
  onlyOptions(name, options, ["quantiles", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const quantiles = parseQuantiles(name, options.quantiles);
  return sumsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: (unit) => unit,
    parameters: { quantiles: quantiles.text, ...parameters },
    needs: { variables: [...new Set([variable, ...quantiles.names])] },
    ...grouping,
    sums: (pair) => once(pinball, pair, variable, quantiles, weights),
    rows: ({ n, weight, sums }) => [
      { value: n === 0 ? Number.NaN : sums[0]! / weight / quantiles.levels.length, n },
    ],
  });
};

const pinball = (
  pair: Pair,
  variable: string,
  { levels, names }: QuantileForecast,
  weights: Weights,
): ScoreTotal => {
  const { values: observed } = pair.target[variable]!;
  const fields = names.map((name) => pair.forecast[name]!.values);
  return rowsTotal(1, weighedLeaves(pair.places, weights), (start, stop, [row]) => {
    row!.fill(0, 0, stop - start);
    fields.forEach((field, k) => void addQuantile(field, observed, levels[k]!, start, stop, row!));
  });
};

/** Adds 2 (1{o < q} - l) (q - o), written without a branch. */
const addQuantile = (
  quantile: Values,
  observed: Values,
  level: number,
  start: number,
  stop: number,
  scores: Float64Array,
): void => {
  const slope = 1 - 2 * level;
  for (let i = start; i < stop; i++) {
    const error = quantile[i]! - observed[i]!;
    scores[i - start]! += Math.abs(error) + slope * error;
  }
};

export const quantileCrpsDocs: readonly MetricDoc[] = [
  {
    name: "quantileContinuousRankedProbabilityScore",
    term: "CRPS of quantiles",
    formula: "2/K sum over K levels l of (1{o<q} - l) (q - o), w-mean",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Gneiting and Ranjan 2011, doi:10.1198/jbes.2010.08110",
  },
  {
    name: "weightedIntervalScore",
    term: "weighted interval score",
    short: ["wis"],
    formula: "(|o - median|/2 + sum a/2 IS) / (K + 1/2) over K central intervals of coverage 1 - a, w-mean",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618",
  },
];

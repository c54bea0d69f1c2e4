import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { squaredUnit } from "../squaredUnit.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { forecastMoments } from "./ensemble.ts";
import { groupsMetric, totalOf } from "./groupsMetric.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

/** Where members are counted: at `pairs` of a forecast and a target, or wherever there is a `forecast`. */
export type Points = "pairs" | "forecast";

export interface SpreadOptions extends PoolingOptions {
  /** What is averaged: the `variance`, rooted last (unless said), or the `standard deviation`. */
  readonly average?: "variance" | "standard deviation";
  /** `pairs` (unless said): only places that have a target. */
  readonly points?: Points;
}

/**
 * Ensemble spread: sqrt(sum w s^2 / sum w), s^2 the variance of the members with M - 1, at places that have two of them.
 * In the unit of the variable; best where it is the RMSE of the ensemble mean. The average of standard deviations, an
 * option, is less and no spread.
 *
 *     ensembleSpread("surface_air_temperature")
 *
 * Throws `Options`. Fortin et al. 2014, doi:10.1175/JHM-D-14-0008.1.
 */
export const ensembleSpread = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: SpreadOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "ensembleSpread";
  onlyOptions(name, options, ["average", "points", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const average = oneOf(name, "average", options.average ?? "variance", ["variance", "standard deviation"]);
  const points = pointsOf(name, options.points);
  const isVariance = average === "variance";
  return sumsMetric<V>({
    name,
    term: isVariance ? "ensemble spread" : "mean ensemble standard deviation",
    definition: isVariance
      ? "sqrt(sum w s^2 / sum w), s^2 the variance of the members with M - 1, the root last"
      : "sum w s / sum w, s the standard deviation of the members with M - 1",
    variable,
    unit: (unit) => unit,
    parameters: {
      ...(isVariance ? {} : { average }),
      ...(points === "pairs" ? {} : { points }),
      ...parameters,
    },
    needs: { variables: [variable], members: true, leastMembers: 2 },
    ...grouping,
    sums: (pair) => {
      const variance = once(variances, pair, variable, points);
      return scoreTotal(
        [isVariance ? variance : variance.map(Math.sqrt)],
        weighedLeaves(pair.places, weights),
      );
    },
    rows: ({ n, weight, sums }) => {
      const mean = n === 0 ? Number.NaN : sums[0]! / weight;
      return [{ value: isVariance ? Math.sqrt(mean) : mean, n }];
    },
  });
};

/**
 * RMSE of the ensemble mean: sqrt(sum w (m - o)^2 / sum w), m the mean of the members present. In the unit of the variable;
 * 0 is best.
 *
 *     ensembleMeanRootMeanSquaredError("surface_air_temperature")
 *
 * Throws `Options`. Fortin et al. 2014, doi:10.1175/JHM-D-14-0008.1.
 */
export const ensembleMeanRootMeanSquaredError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PoolingOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "ensembleMeanRootMeanSquaredError";
  onlyOptions(name, options, POOLING);
  return meanError<V>(name, variable, options, {
    term: "ensemble-mean RMSE",
    definition:
      "sqrt(sum w (m - o)^2 / sum w) over present pairs of a key, m the mean of the members present",
    isUnbiased: false,
    root: true,
  });
};

export interface UnbiasedOptions extends PoolingOptions {
  /** Whether the root is taken (unless said); false: the unbiased mean squared error, which may be negative. */
  readonly root?: boolean;
}

/**
 * RMSE of the ensemble mean as that of an infinite ensemble: sqrt(sum w ((m - o)^2 - s^2 / M) / sum w), at places that have
 * two members. In the unit of the variable; 0 is best; NaN where the mean is negative.
 *
 *     unbiasedEnsembleMeanRootMeanSquaredError("surface_air_temperature")
 *
 * Throws `Options`. Fortin et al. 2014, doi:10.1175/JHM-D-14-0008.1.
 */
export const unbiasedEnsembleMeanRootMeanSquaredError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: UnbiasedOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "unbiasedEnsembleMeanRootMeanSquaredError";
  onlyOptions(name, options, ["root", ...POOLING]);
  const { root = true } = options;
  return meanError<V>(name, variable, options, {
    term: root ? "unbiased ensemble-mean RMSE" : "unbiased ensemble-mean MSE",
    definition: root
      ? "sqrt(sum w ((m - o)^2 - s^2 / M) / sum w) over present pairs of a key; NaN where that is negative"
      : "sum w ((m - o)^2 - s^2 / M) / sum w over present pairs of a key",
    isUnbiased: true,
    root,
  });
};

export interface SpreadSkillOptions extends PoolingOptions {
  /**
   * `unbiased` (unless said): over the unbiased RMSE. `plain`: over the RMSE of the mean, below 1 for a perfect small
   * ensemble. `finite`: plain times sqrt((M + 1) / M).
   */
  readonly ratio?: "unbiased" | "plain" | "finite";
  /** Where the spread is taken; `pairs` (unless said): at the places of the error. */
  readonly points?: Points;
}

/**
 * Spread-skill ratio: ensemble spread / unbiased RMSE of the ensemble mean, both over the same places with two members.
 * Unit 1; 1 is best, less: too little spread.
 *
 *     spreadSkillRatio("surface_air_temperature", { ratio: "finite" })
 *
 * Throws `Options`. Fortin et al. 2014, doi:10.1175/JHM-D-14-0008.1.
 */
export const spreadSkillRatio = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: SpreadSkillOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "spreadSkillRatio";
  onlyOptions(name, options, ["ratio", "points", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const ratio = oneOf(name, "ratio", options.ratio ?? "unbiased", ["unbiased", "plain", "finite"]);
  const points = pointsOf(name, options.points);
  return groupsMetric<V>({
    name,
    term: "spread-skill ratio",
    definition:
      "sqrt(sum w s^2 / sum w) / sqrt(sum w ((m - o)^2 - s^2 / M) / sum w); plain: without s^2 / M; finite: s^2 (M + 1) / M",
    variable,
    unit: () => "1",
    parameters: { ratio, ...(points === "pairs" ? {} : { points }), ...parameters },
    needs: { variables: [variable], members: true, leastMembers: 2 },
    ...grouping,
    groups: (pair) => {
      const leaves = weighedLeaves(pair.places, weights);
      const variance = once(variances, pair, variable, points);
      const spread =
        ratio === "finite" ? inflated(variance, forecastMoments(pair, variable).counts) : variance;
      const error = once(squaredErrors, pair, variable, ratio === "unbiased", 2);
      return [spread, error].map((scores) => new Map([[0, scoreTotal([scores], leaves)]]));
    },
    rows: (tables) => {
      const [spread, error] = tables.map(totalOf);
      if (error!.n === 0) return [{ value: Number.NaN, n: 0 }];
      const value = Math.sqrt(spread!.sums[0]! / spread!.weight) / Math.sqrt(error!.sums[0]! / error!.weight);
      return [{ value, n: error!.n }];
    },
  });
};

const pointsOf = (metric: string, points: Points = "pairs"): Points =>
  oneOf(metric, "points", points, ["pairs", "forecast"]);

const meanError = <V extends Variables>(
  name: string,
  variable: keyof V & string,
  options: PoolingOptions,
  {
    term,
    definition,
    isUnbiased,
    root,
  }: {
    readonly term: string;
    readonly definition: string;
    readonly isUnbiased: boolean;
    readonly root: boolean;
  },
): Metric<V> => {
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  return sumsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: root ? (unit) => unit : squaredUnit,
    parameters: { ...(root ? {} : { root: "false" }), ...parameters },
    needs: { variables: [variable], members: true, ...(isUnbiased ? { leastMembers: 2 } : {}) },
    ...grouping,
    sums: (pair) => {
      const errors = once(squaredErrors, pair, variable, isUnbiased, isUnbiased ? 2 : 1);
      return scoreTotal([errors], weighedLeaves(pair.places, weights));
    },
    rows: ({ n, weight, sums }) => {
      const mean = n === 0 ? Number.NaN : sums[0]! / weight;
      return [{ value: root ? Math.sqrt(mean) : mean, n }];
    },
  });
};

/** Variance of the members, where there are two. */
const variances = (pair: Pair, variable: string, points: Points): Float64Array => {
  const { variance } = forecastMoments(pair, variable);
  if (points === "forecast") return variance;
  const { values } = pair.target[variable]!;
  return variance.map((value, i) => (Number.isNaN(values[i]!) ? Number.NaN : value));
};

const inflated = (variance: Float64Array, counts: Float64Array): Float64Array =>
  variance.map((value, i) => (value * (counts[i]! + 1)) / counts[i]!);

/** (m - o)^2, unbiased: - s^2 / M, where there are `least` members. */
const squaredErrors = (pair: Pair, variable: string, isUnbiased: boolean, least: number): Float64Array => {
  const { counts, mean, variance } = forecastMoments(pair, variable);
  const { values } = pair.target[variable]!;
  const errors = new Float64Array(values.length);
  for (let i = 0; i < errors.length; i++) {
    const error = mean[i]! - values[i]!;
    if (counts[i]! < least) errors[i] = Number.NaN;
    else errors[i] = error * error - (isUnbiased ? variance[i]! / counts[i]! : 0);
  }
  return errors;
};

const FORTIN = "Fortin et al. 2014, doi:10.1175/JHM-D-14-0008.1";

export const spreadSkillDocs: readonly MetricDoc[] = [
  {
    name: "ensembleSpread",
    term: "ensemble spread",
    short: ["spread"],
    formula: "sqrt(wmean s^2), s^2 the variance of the members with M - 1",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "none",
    perfect: null,
    reference: FORTIN,
  },
  {
    name: "ensembleMeanRootMeanSquaredError",
    term: "ensemble-mean RMSE",
    formula: "sqrt(wmean (m - o)^2), m the mean of the members",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: FORTIN,
  },
  {
    name: "unbiasedEnsembleMeanRootMeanSquaredError",
    term: "unbiased ensemble-mean RMSE",
    formula: "sqrt(wmean((m - o)^2 - s^2 / M)), NaN if negative",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: FORTIN,
  },
  {
    name: "spreadSkillRatio",
    term: "spread-skill ratio",
    short: ["ssr"],
    formula: "ensemble spread / unbiased ensemble-mean RMSE; ratio=plain, finite (times sqrt((M + 1) / M))",
    unit: "1",
    range: [0, Number.POSITIVE_INFINITY],
    better: "one",
    perfect: 1,
    reference: FORTIN,
  },
];

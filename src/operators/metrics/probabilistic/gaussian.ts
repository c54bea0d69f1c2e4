import { normalDensity, normalProbability } from "../../../kernels/ensembles/normal.ts";
import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import {
  NORMAL,
  type NormalForecast,
  type NormalOptions,
  normalFields,
  parseNormal,
} from "./normalForecast.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface GaussianOptions<Name extends string> extends PoolingOptions, NormalOptions<Name> {}

/**
 * CRPS of a normal distribution: sum w s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt pi) / sum w, z = (o - m) / s; |o - m|
 * where s is 0. In the unit of the variable; 0 is best. Of two forecast variables, or of mean and standard deviation
 * (with M - 1) of the members.
 *
 *     gaussianContinuousRankedProbabilityScore("t", { mean: "t_mean", standardDeviation: "t_deviation" })
 *
 * Throws `Options`; `InvalidValue` where a deviation is negative. Gneiting et al. 2005, doi:10.1175/MWR2904.1.
 */
export const gaussianContinuousRankedProbabilityScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: GaussianOptions<keyof V & string> & GroupOptions<V> = {},
): Metric<V> =>
  normalScore<V>(variable, options, crpsOfNormal, {
    name: "gaussianContinuousRankedProbabilityScore",
    term: "Gaussian CRPS",
    definition: "sum w s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt pi) / sum w, z = (o - m) / s",
    unit: (unit) => unit,
  });

/**
 * Dawid-Sebastiani score: sum w (ln s^2 + (o - m)^2 / s^2) / sum w with mean and variance (M - 1) of the members, or of two
 * forecast variables. Low is best, without a bound; the number depends on the unit of the variable. Where s is 0:
 * -Infinity on the mean, else Infinity.
 *
 *     dawidSebastianiScore("surface_air_temperature")
 *
 * Throws `Options`; `InvalidValue` where a deviation is negative. Dawid and Sebastiani 1999, doi:10.1214/aos/1018031101.
 */
export const dawidSebastianiScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: GaussianOptions<keyof V & string> & GroupOptions<V> = {},
): Metric<V> =>
  normalScore<V>(variable, options, dawidSebastiani, {
    name: "dawidSebastianiScore",
    term: "Dawid-Sebastiani score",
    definition: "sum w (ln s^2 + (o - m)^2 / s^2) / sum w over present pairs of a key",
    unit: () => "1",
  });

const normalScore = <V extends Variables>(
  variable: keyof V & string,
  options: GaussianOptions<string>,
  score: (observed: number, mean: number, deviation: number) => number,
  described: Pick<Metric, "name" | "term" | "definition" | "unit">,
): Metric<V> => {
  const { name } = described;
  onlyOptions(name, options, [...NORMAL, ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const forecast = parseNormal(name, variable, options);
  return sumsMetric<V>({
    ...described,
    variable,
    parameters: { ...forecast.parameters, ...parameters },
    needs: forecast.needs,
    ...grouping,
    sums: (pair) => scoreTotal([normalScores(pair, forecast, score)], weighedLeaves(pair.places, weights)),
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : sums[0]! / weight, n }],
  });
};

/** A score of a normal distribution place by place; NaN where anything is missing. */
export const normalScores = (
  pair: Pair,
  forecast: NormalForecast,
  score: (observed: number, mean: number, deviation: number) => number,
): Float64Array => {
  const { mean, deviation } = once(normalFields, pair, forecast);
  const { values } = pair.target[forecast.variable]!;
  const scores = new Float64Array(values.length);
  for (let i = 0; i < scores.length; i++) scores[i] = score(values[i]!, mean[i]!, deviation[i]!);
  return scores;
};

/** 1 / sqrt(pi) */
const CONSTANT = 0.5641895835477563;

const crpsOfNormal = (observed: number, mean: number, deviation: number): number => {
  if (deviation === 0) return Math.abs(observed - mean);
  const z = (observed - mean) / deviation;
  return deviation * (z * (2 * normalProbability(z) - 1) + 2 * normalDensity(z) - CONSTANT);
};

const dawidSebastiani = (observed: number, mean: number, deviation: number): number => {
  const error = observed - mean;
  if (deviation !== 0) return 2 * Math.log(deviation) + (error / deviation) * (error / deviation);
  return Number.isNaN(error) ? error : error === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

export const gaussianDocs: readonly MetricDoc[] = [
  {
    name: "gaussianContinuousRankedProbabilityScore",
    term: "Gaussian CRPS",
    formula: "s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt pi), z = (o - m) / s, w-mean",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Gneiting et al. 2005, doi:10.1175/MWR2904.1",
  },
  {
    name: "dawidSebastianiScore",
    term: "Dawid-Sebastiani score",
    short: ["dss"],
    formula: "ln s^2 + (o - m)^2 / s^2, w-mean",
    unit: "1",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: null,
    reference: "Dawid and Sebastiani 1999, doi:10.1214/aos/1018031101",
  },
];

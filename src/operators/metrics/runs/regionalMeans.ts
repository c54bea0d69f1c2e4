import { exactValue, mergeExact } from "../../../kernels/exactSum.ts";
import type { MeanTotal } from "../../../kernels/meanTotal.ts";
import type { ClimatologyField, Pair, Weights } from "../../../model/pair.ts";
import { meanSums } from "../values/errorSums.ts";
import { oneSample, type Series } from "./series.ts";

/**
 * Weighted sums of forecast, target and, where there is one, climatology over the places of a pair where all of
 * them are present: the regional means are over the same places on all sides.
 */
export interface RegionalSums extends MeanTotal {
  readonly leadHours: number;
  readonly validTime: number;
  /** Whether the data are float32: numbers are compared with them in that precision. */
  readonly single: readonly [forecast: boolean, target: boolean];
}

const regionalSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  climatology?: ClimatologyField,
): RegionalSums => {
  const { forecast, target, leadHours, validTime } = pair;
  const isSingle = (side: Pair["forecast"]) => side[variable]!.values instanceof Float32Array;
  const single = [isSingle(forecast), isSingle(target)] as const;
  return { leadHours, validTime, ...meanSums(pair, variable, weights, climatology), single };
};

export type RegionalSeries = Series<RegionalSums>;

/** The state of one pair; empty for a ref whose valid time the target lacks. */
export const regionalSeries = (
  pair: Pair,
  variable: string,
  weights: Weights,
  climatology?: ClimatologyField,
): RegionalSeries =>
  pair.matched
    ? oneSample(pair.initTime, pair.leadHours, regionalSums(pair, variable, weights, climatology))
    : [];

export const joinRegionalSums = (a: RegionalSums, b: RegionalSums): RegionalSums => ({
  ...a,
  n: a.n + b.n,
  weight: mergeExact(a.weight, b.weight),
  forecast: mergeExact(a.forecast, b.forecast),
  target: mergeExact(a.target, b.target),
  threshold: mergeExact(a.threshold, b.threshold),
  own: {
    n: a.own.n + b.own.n,
    weight: mergeExact(a.own.weight, b.own.weight),
    target: mergeExact(a.own.target, b.own.target),
  },
});

/** Regional means of one sample. */
export interface RegionalMeans {
  readonly leadHours: number;
  readonly validTime: number;
  readonly n: number;
  readonly forecast: number;
  readonly target: number;
  readonly threshold: number;
  readonly single: readonly [forecast: boolean, target: boolean];
}

/** Means of the samples that have any place, in their order. */
export const meansOf = (samples: readonly RegionalSums[]): RegionalMeans[] =>
  samples
    .filter(({ n }) => n > 0)
    .map(({ leadHours, validTime, n, weight, forecast, target, threshold, single }) => {
      const total = exactValue(weight);
      return {
        leadHours,
        validTime,
        n,
        forecast: exactValue(forecast) / total,
        target: exactValue(target) / total,
        threshold: exactValue(threshold) / total,
        single,
      };
    });

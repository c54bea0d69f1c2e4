import { addExact, type ExactSum, exactValue, mergeExact } from "../../kernels/exactSum.ts";
import { COUNT, FORECAST, leafSums, TARGET, THRESHOLD, WEIGHT } from "../../kernels/leafSums.ts";
import { meanLeaf } from "../../kernels/meanLeaf.ts";
import type { ClimatologyField, Pair, Weights } from "../../model/pair.ts";
import { once } from "./once.ts";
import { oneSample, type Series } from "./series.ts";

/**
 * Weighted sums of forecast, target and, where there is one, climatology over the places of a pair where all of
 * them are present: the regional means are over the same places on all sides.
 */
export interface RegionalSums {
  readonly leadHours: number;
  readonly validTime: number;
  readonly n: number;
  readonly weight: ExactSum;
  readonly forecast: ExactSum;
  readonly target: ExactSum;
  readonly threshold: ExactSum;
  /** The target alone, over all places it has. */
  readonly own: { readonly n: number; readonly weight: ExactSum; readonly target: ExactSum };
  /** Whether the data are float32: numbers are compared with them in that precision. */
  readonly single: readonly [forecast: boolean, target: boolean];
}

export const regionalSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  climatology?: ClimatologyField,
): RegionalSums => {
  const { places, leadHours, validTime } = pair;
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const c = climatology === undefined ? undefined : pair.climatology(climatology).values;
  const leafWeights = places.weights(weights);
  const columnWeights = weights === "area" ? places.columnWeights : undefined;
  const leaf = leafSums();
  const own = leafSums();
  let n = 0;
  const weight: number[] = [];
  const forecast: number[] = [];
  const target: number[] = [];
  const threshold: number[] = [];
  let ownN = 0;
  const ownWeight: number[] = [];
  const ownTarget: number[] = [];
  for (let i = 0; i + 1 < places.leaves.length; i++) {
    const start = places.leaves[i]!;
    const stop = places.leaves[i + 1]!;
    const w = leafWeights[i]!;
    meanLeaf(f, o, c, start, stop, columnWeights, leaf);
    const complete = leaf[COUNT] === stop - start;
    if (!complete) meanLeaf(o, o, undefined, start, stop, columnWeights, own);
    const all = complete ? leaf : own;
    if (all[COUNT] === 0) continue;
    ownN += all[COUNT]!;
    addExact(ownWeight, w * all[WEIGHT]!);
    addExact(ownTarget, w * all[TARGET]!);
    if (leaf[COUNT] === 0) continue;
    n += leaf[COUNT]!;
    addExact(weight, w * leaf[WEIGHT]!);
    addExact(forecast, w * leaf[FORECAST]!);
    addExact(target, w * leaf[TARGET]!);
    addExact(threshold, w * leaf[THRESHOLD]!);
  }
  const single = [f instanceof Float32Array, o instanceof Float32Array] as const;
  return {
    leadHours,
    validTime,
    n,
    weight,
    forecast,
    target,
    threshold,
    own: { n: ownN, weight: ownWeight, target: ownTarget },
    single,
  };
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
    ? oneSample(
        pair.initTime,
        pair.leadHours,
        once(regionalSums, pair, variable, weights, ...(climatology === undefined ? [] : [climatology])),
      )
    : new Map();

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

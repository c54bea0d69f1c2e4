import { type ExactSum, exactValue, mergeExact } from "../../../kernels/exactSum.ts";
import { centralMoment, type Moments, momentWork } from "../../../kernels/scores/momentTotal.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { type Key, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";
import { onceOfLeaves } from "../onceOfLeaves.ts";
import type { Score } from "../scoreMetric.ts";
import type { ParsedScoreOptions } from "../scoreOptions.ts";
import { weighedLeaves } from "./errorSums.ts";

/**
 * What is told of a metric of sums whose value is made of the exact sums themselves, before any of them is rounded:
 * variances and covariances, where rounded sums of squares of numbers near 1e6 would leave no digit.
 */
export interface MomentScore<V extends Variables> extends Omit<Score<V>, "rows"> {
  rows(total: ScoreTotal): readonly MetricRow[];
}

/** A metric of exact sums with the common options. */
export const momentMetric = <V extends Variables>(
  { keep, weights, parameters, asked }: ParsedScoreOptions,
  { variables, climatologies, sums, rows, ...score }: MomentScore<V>,
): Metric<V> => {
  const kept: Metric<V, Keyed<Key & ScoreTotal>> = {
    ...score,
    parameters: { ...parameters, ...score.parameters },
    needs: {
      variables: variables ?? [score.variable],
      ...(climatologies === undefined ? {} : { climatologies }),
    },
    zero: () => new Map(),
    observe: (pair: Pair) =>
      pair.matched ? oneEntry({ ...keyOf(keep, pair), ...sums(pair, weights) }) : new Map(),
    merge: (a, b) => mergeKeyed(a, b, joined),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, ...total }) =>
        rows(total).map((row) => ({ initTime, leadHours, validTime, ...row })),
      ),
  };
  return asked(kept);
};

const joined = (a: Key & ScoreTotal, b: Key & ScoreTotal): Key & ScoreTotal => ({
  ...a,
  n: a.n + b.n,
  weight: mergeExact(a.weight, b.weight),
  sums: a.sums.map((sum: ExactSum, k) => mergeExact(sum, b.sums[k]!)),
});

/** Moments of forecast and target of one variable. */
export const fieldMoments = (pair: Pair, variable: string, weights: Weights): Moments =>
  onceOfLeaves(momentsOf, pair, variable, weights);

const momentsOf = ({ forecast, target, places }: Pair, variable: string, weights: Weights) =>
  momentWork(forecast[variable]!.values, target[variable]!.values, weighedLeaves(places, weights));

/** Weighted means and central moments of forecast and target, each rounded once. */
export interface Central {
  readonly meanF: number;
  readonly meanO: number;
  /** Variances and covariance, divided by the sum of weights. */
  readonly varianceF: number;
  readonly varianceO: number;
  readonly covariance: number;
}

export const centralOf = ({ weight, sums }: ScoreTotal): Central => {
  const [f, o, ff, oo, fo] = sums as Moments["sums"];
  const total = exactValue(weight);
  return {
    meanF: exactValue(f) / total,
    meanO: exactValue(o) / total,
    varianceF: centralMoment(weight, ff, f, f) / total / total,
    varianceO: centralMoment(weight, oo, o, o) / total / total,
    covariance: centralMoment(weight, fo, f, o) / total / total,
  };
};

/** covariance / sqrt(variances), within -1 and 1; NaN where one of them is 0. */
export const correlationOf = (covariance: number, varianceF: number, varianceO: number): number =>
  varianceF === 0 || varianceO === 0
    ? Number.NaN
    : Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceF * varianceO)));

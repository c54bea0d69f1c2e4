import {
  type OrderStatistics,
  orderOfCounts,
  orderStatistics,
} from "../../../kernels/scores/orderStatistics.ts";
import { joinSamples, type Sample, sampleOf } from "../../../kernels/scores/sample.ts";
import { type BinCounts, binCounts, joinCounts } from "../../../kernels/tables/binCounts.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { type Grouping, grouped } from "../groups/grouped.ts";
import { type Key, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";

/**
 * A metric that needs the whole sample: for each key that is kept one or more lists of numbers (8 bytes each), or, with
 * a bin `width`, how many of them lie nearest to each of its multiples.
 */
export interface SampleMetric<V extends Variables>
  extends Omit<Metric<V>, "zero" | "observe" | "merge" | "finish">,
    Grouping {
  /** Bin width of the sketch; undefined: all numbers are kept. */
  readonly width: number | undefined;
  /** The numbers of a pair, one array a list, without missing ones; own arrays. */
  numbers(pair: Pair): readonly Float64Array[];
  rows(lists: readonly OrderStatistics[]): readonly MetricRow[];
}

type SampleEntry = Key & { readonly lists: readonly Sample[]; readonly counts: readonly BinCounts[] };

export const sampleMetric = <V extends Variables>(metric: SampleMetric<V>): Metric<V> => {
  const { keep, by, where, width, numbers, rows, ...described } = metric;
  const ofKeys: Metric<V, Keyed<SampleEntry>> = {
    ...described,
    zero: () => new Map(),
    observe: (pair: Pair) => {
      if (!pair.matched) return new Map();
      const arrays = numbers(pair);
      return oneEntry({
        ...keyOf(keep, pair),
        lists: width === undefined ? arrays.map(sampleOf) : [],
        counts: width === undefined ? [] : arrays.map((values) => binCounts(values, width)),
      });
    },
    merge: (a, b) => mergeKeyed(a, b, joinEntries),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, lists, counts }) =>
        rows(
          width === undefined ? lists.map(orderStatistics) : counts.map((bins) => orderOfCounts(bins, width)),
        ).map((row) => ({ initTime, leadHours, validTime, ...row })),
      ),
  };
  return grouped(ofKeys, { by, where });
};

const joinEntries = (a: SampleEntry, b: SampleEntry): SampleEntry => ({
  ...a,
  lists: a.lists.map((list, k) => joinSamples(list, b.lists[k]!)),
  counts: a.counts.map((bins, k) => joinCounts(bins, b.counts[k]!)),
});

/** Both sides at the places where both are present. */
export const presentPairs = (
  { forecast, target }: Pair,
  variable: string,
): [forecast: Float64Array, target: Float64Array] => {
  const f = forecast[variable]!.values;
  const o = target[variable]!.values;
  const [ofForecast, ofTarget] = [new Float64Array(o.length), new Float64Array(o.length)];
  let n = 0;
  for (let i = 0; i < o.length; i++) {
    if (Number.isNaN(f[i]!) || Number.isNaN(o[i]!)) continue;
    ofForecast[n] = f[i]!;
    ofTarget[n] = o[i]!;
    n += 1;
  }
  return [ofForecast.slice(0, n), ofTarget.slice(0, n)];
};

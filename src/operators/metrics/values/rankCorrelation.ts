import { rankCorrelation } from "../../../kernels/scores/rankCorrelation.ts";
import { concatenated, joinSamples, type Sample, sampleOf } from "../../../kernels/scores/sample.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, type Key, keepParameter, keptTimes, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions } from "../options.ts";
import { USUAL } from "../scoreOptions.ts";
import { presentPairs } from "./sampleMetric.ts";

export interface RankCorrelationOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
}

/**
 * Spearman correlation: Pearson correlation of the ranks of forecast and target over the places and times of a key, equal
 * values sharing the mean of their ranks. In unit 1; 1 is best, down to -1; NaN where a side is constant. All pairs are
 * kept (16 bytes each), every place counts alike.
 *
 *     spearmanCorrelation("accumulated_precipitation")
 *
 * Throws `Options`. Spearman 1904, doi:10.2307/1412159.
 */
export const spearmanCorrelation = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RankCorrelationOptions & GroupOptions<V> = {},
): Metric<V> => {
  onlyOptions("spearmanCorrelation", options, ["keep", ...GROUPS]);
  const keep = keptTimes("spearmanCorrelation", options.keep ?? USUAL);
  const metric: Metric<V, Keyed<Key & { readonly pairs: Sample }>> = {
    name: "spearmanCorrelation",
    term: "Spearman correlation",
    definition:
      "Pearson correlation of ranks over present pairs of a key, equal values sharing their mean rank",
    variable,
    unit: () => "1",
    parameters: keepParameter(keep, USUAL),
    needs: { variables: [variable] },
    zero: () => new Map(),
    observe: (pair) =>
      pair.matched
        ? oneEntry({ ...keyOf(keep, pair), pairs: sampleOf(alternating(pair, variable)) })
        : new Map(),
    merge: (a, b) => mergeKeyed(a, b, (x, y) => ({ ...x, pairs: joinSamples(x.pairs, y.pairs) })),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, pairs }) => {
        const all = concatenated(pairs);
        return { initTime, leadHours, validTime, value: rankCorrelation(all), n: all.length / 2 };
      }),
  };
  return grouped(metric, options);
};

const alternating = (pair: Pair, variable: string): Float64Array => {
  const [f, o] = presentPairs(pair, variable);
  const both = new Float64Array(2 * f.length);
  for (let i = 0; i < f.length; i++) {
    both[2 * i] = f[i]!;
    both[2 * i + 1] = o[i]!;
  }
  return both;
};

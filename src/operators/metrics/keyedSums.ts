import { type ExactSum, exactValue, mergeExact } from "../../kernels/exactSum.ts";
import type { ScoreTotal } from "../../kernels/scores/scoreTotal.ts";
import type { BreakdownKind, Metric, MetricRow, MetricTotal } from "../../model/metric.ts";
import type { Pair } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import { type Grouping, grouped } from "./groups/grouped.ts";
import { type Key, keyOf } from "./keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "./keyed.ts";

/**
 * The metric of most kinds: for each key that is kept a count, a sum of weights and some exact sums, from which
 * `rows` makes the value, or several, at the end. Sums of a key are pooled first, divided and rooted last.
 */
export interface SumsMetric<V extends Variables>
  extends Omit<Metric<V>, "zero" | "observe" | "merge" | "finish">,
    Grouping {
  /** What one pair adds; pure, and computed once a pair by whatever it calls through `once`. */
  sums(pair: Pair): ScoreTotal;
  /** The values of a key; times are added by the caller. Called with n 0 too: value NaN then. */
  rows(total: KeyTotal): readonly MetricRow[];
}

/** Everything of one key, rounded once. */
export interface KeyTotal {
  readonly n: number;
  readonly weight: number;
  readonly sums: readonly number[];
}

type SumsEntry = Key & ScoreTotal;

/** The four functions of a metric of sums. */
export const sumsMetric = <V extends Variables, B extends BreakdownKind = BreakdownKind>(
  metric: SumsMetric<V>,
): Metric<V, any, B> => {
  const { keep, by, where, sums, rows, ...described } = metric;
  const ofKeys: Metric<V, Keyed<SumsEntry>> = {
    ...described,
    apart: true,
    zero: () => new Map(),
    observe: (pair: Pair) => (pair.matched ? oneEntry({ ...keyOf(keep, pair), ...sums(pair) }) : new Map()),
    merge: (a, b) => mergeKeyed(a, b, joinEntries),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, n, weight, sums }) =>
        rows({ n, weight: exactValue(weight), sums: sums.map(exactValue) }).map((row) => ({
          initTime,
          leadHours,
          validTime,
          ...row,
        })),
      ),
    additive: {
      totals: (state) =>
        Array.from(state.values(), (entries) => Array.from(entries.values(), rounded)).flat(),
      rows: ({ initTime = null, leadHours = null, validTime = null, ...total }) =>
        rows(total).map((row): MetricRow => ({ initTime, leadHours, validTime, ...row })),
    },
  };
  return grouped(ofKeys, { by, where });
};

const rounded = ({ initTime, leadHours, validTime, n, weight, sums }: SumsEntry): MetricTotal => ({
  ...{ initTime, leadHours, validTime, n },
  weight: exactValue(weight),
  sums: sums.map(exactValue),
});

const joinEntries = (a: SumsEntry, b: SumsEntry): SumsEntry => ({
  ...a,
  n: a.n + b.n,
  weight: mergeExact(a.weight, b.weight),
  sums: a.sums.map((sum: ExactSum, k) => mergeExact(sum, b.sums[k]!)),
});

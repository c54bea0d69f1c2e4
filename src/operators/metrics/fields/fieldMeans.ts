import { addExact, type ExactSum, exactValue, mergeExact } from "../../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import { type Keep, type Key, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";

/** What one field says: numbers of which each is averaged over the fields where it is not NaN. */
export interface FieldValues {
  /** Samples behind them: cells present on both sides. */
  readonly n: number;
  readonly values: readonly number[];
  /** Where a value is the sum of several: how many. */
  readonly counts?: readonly number[];
  /** Of each value, where it is not the metric's. */
  readonly units?: readonly string[];
  /** Columns of a row that is this field alone. */
  readonly own?: Readonly<Record<string, number>>;
}

/** A metric whose rows are means (or maxima) over fields of numbers that each field has as a whole. */
export interface FieldRules {
  readonly keep: Keep;
  /** Of each value; a row each. */
  readonly terms: readonly string[];
  /** `mean` unless said. */
  readonly pool?: "mean" | "maximum";
  /** The added column that says how many are in the mean; `n_times` unless said. */
  readonly counted?: string;
  measure(pair: Pair): FieldValues;
}

type FieldEntry = Key & {
  readonly n: number;
  readonly fields: number;
  readonly own: Readonly<Record<string, number>> | undefined;
  readonly counts: readonly number[];
  readonly sums: readonly ExactSum[];
  readonly largest: readonly number[];
  readonly units: readonly string[] | undefined;
};

/** The four functions of such a metric. */
export const fieldMeans = ({
  keep,
  terms,
  pool = "mean",
  counted = "n_times",
  measure,
}: FieldRules): Pick<Metric, "zero" | "observe" | "merge" | "finish"> => ({
  zero: () => new Map(),
  observe: (pair: Pair): Keyed<FieldEntry> => {
    if (!pair.matched) return new Map();
    const { n, values, counts, units, own } = measure(pair);
    const known = values.map((value) => !Number.isNaN(value));
    return oneEntry({
      ...keyOf(keep, pair),
      n,
      fields: n === 0 ? 0 : 1,
      own,
      units,
      counts: known.map((isKnown, k) => (isKnown ? (counts?.[k] ?? 1) : 0)),
      sums: values.map((value, k) => {
        const sum: number[] = [];
        if (known[k]) addExact(sum, value);
        return sum;
      }),
      largest: values.map((value, k) => (known[k] ? value : Number.NEGATIVE_INFINITY)),
    });
  },
  merge: (a: Keyed<FieldEntry>, b: Keyed<FieldEntry>) => mergeKeyed(a, b, joinEntries),
  finish: (state: Keyed<FieldEntry>): MetricRow[] =>
    keyedRows(state, (entry) =>
      terms.map((term, k): MetricRow => {
        const count = entry.counts[k]!;
        const mean = exactValue(entry.sums[k]!) / count;
        return {
          initTime: entry.initTime,
          leadHours: entry.leadHours,
          validTime: entry.validTime,
          ...(terms.length === 1 ? {} : { term }),
          ...(entry.units === undefined ? {} : { unit: entry.units[k]! }),
          value: count === 0 ? Number.NaN : pool === "mean" ? mean : entry.largest[k]!,
          n: entry.n,
          extra: { [counted]: count, ...(entry.fields === 1 ? entry.own : undefined) },
        };
      }),
    ),
});

/** Fields without a sample leave no trace. */
const joinEntries = (a: FieldEntry, b: FieldEntry): FieldEntry => ({
  ...a,
  n: a.n + b.n,
  fields: a.fields + b.fields,
  own: a.fields > 0 ? a.own : b.own,
  counts: a.counts.map((count, k) => count + b.counts[k]!),
  sums: a.sums.map((sum, k) => mergeExact(sum, b.sums[k]!)),
  largest: a.largest.map((value, k) => Math.max(value, b.largest[k]!)),
});

import { exactSum, exactValue } from "../../../kernels/exactSum.ts";
import type { Metric, MetricRow, MetricTotal } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { byKey, type Keep, keyOf } from "../keep.ts";
import { rowKey } from "../uncertainty/rowKey.ts";

/**
 * The plain mean over runs of a row that every run has: one root or coefficient a run, then their mean. Runs without a
 * value take no part. What is kept of a row is the sum of its values and how many there are, which adds up: a run that
 * is drawn twice counts twice. `n` is the number of samples of all runs (`all`), or of those that have a value, where any
 * has (`defined`).
 */
export interface MeanOfRuns {
  /** From the rows of each run, what is left of them without the runs. */
  totals(rows: readonly MetricRow[]): MetricTotal[];
  rows(total: MetricTotal): MetricRow[];
  /** The means of these rows. */
  means(rows: readonly MetricRow[]): MetricRow[];
}

/** `keep` is what is left, without the runs. */
export const runMeans = (keep: Keep, counted: "defined" | "all"): MeanOfRuns => {
  const totals = (rows: readonly MetricRow[]): MetricTotal[] => {
    const groups = new Map<string, { readonly first: MetricRow; readonly all: MetricRow[] }>();
    for (const row of rows) {
      const { initTime = null, leadHours = null, validTime = null } = row;
      const times = { initTime: initTime!, leadHours: leadHours!, validTime: validTime! };
      const first = { ...row, ...keyOf(keep, times) };
      const key = rowKey(first);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { first, all: [row] });
      else group.all.push(row);
    }
    return Array.from(groups.values(), ({ first, all }) => {
      const present = all.filter(({ value }) => !Number.isNaN(value));
      const { value: _, n: __, ...named } = first;
      return {
        ...named,
        n: all.reduce((sum, { n }) => sum + n, 0),
        weight: present.length,
        sums: [
          exactValue(exactSum(present.map(({ value }) => value))),
          present.reduce((sum, { n }) => sum + n, 0),
        ],
      };
    });
  };
  const rows = ({ n, weight, sums, group: _, ...named }: MetricTotal): MetricRow[] => [
    {
      ...named,
      value: weight === 0 ? Number.NaN : sums[0]! / weight,
      n: counted === "all" || weight === 0 ? n : sums[1]!,
    },
  ];
  return { totals, rows, means: (each) => totals(each).flatMap(rows).sort(byKey) };
};

/** A metric that keeps every run, made one whose value is the mean over the runs. */
export const meanOfRuns = <V extends Variables>(
  ofRuns: Metric<V>,
  keep: Keep,
  counted: "defined" | "all" = "defined",
): Metric<V> => {
  const { totals, rows, means } = runMeans(keep, counted);
  return {
    ...ofRuns,
    finish: (state) => means(ofRuns.finish(state)),
    additive: { totals: (state) => totals(ofRuns.finish(state)), rows },
  };
};

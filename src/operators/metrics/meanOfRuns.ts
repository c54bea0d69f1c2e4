import { exactSum, exactValue } from "../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";
import { byKey, type Keep } from "./keep.ts";

/**
 * A metric that keeps every run, made one whose value is the plain mean over the runs: one root or coefficient a run,
 * then their mean. Runs without a value take no part; `n` is the number of samples of those that do. `keep` is what is
 * left, without `init_time`.
 */
export const meanOfRuns = <V extends Variables>(ofRuns: Metric<V>, keep: Keep): Metric<V> => ({
  ...ofRuns,
  definition: `${ofRuns.definition}; one value a run, then their mean`,
  finish: (state) => {
    const groups = new Map<string, MetricRow[]>();
    for (const row of ofRuns.finish(state)) {
      const { value: _, n: __, ...rest } = withoutRun(row, keep);
      const key = JSON.stringify(rest);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
    return Array.from(groups.values(), (rows) => {
      const present = rows.filter(({ value }) => !Number.isNaN(value));
      const sum = exactValue(exactSum(present.map(({ value }) => value)));
      const n = present.reduce((total, row) => total + row.n, 0);
      const all = rows.reduce((total, row) => total + row.n, 0);
      return {
        ...withoutRun(rows[0]!, keep),
        value: present.length === 0 ? Number.NaN : sum / present.length,
        n: present.length === 0 ? all : n,
      };
    }).sort(byKey);
  },
});

const withoutRun = (row: MetricRow, keep: Keep): MetricRow => ({
  ...row,
  initTime: null,
  leadHours: keep.includes("lead_time") ? (row.leadHours ?? null) : null,
  validTime: keep.includes("valid_time") ? (row.validTime ?? null) : null,
});

import type { MetricRow } from "../../model/metric.ts";
import { byKey, type Keep, keyOf, keyText } from "./keep.ts";
import type { Series } from "./runs/series.ts";

/** One row for each key that is kept, of the fields (one of each run and lead) that have it, by run and lead. */
export const fieldRows = <Sample extends { readonly leadHours: number; readonly validTime: number }>(
  keep: Keep,
  series: Series<Sample>,
  row: (fields: readonly Sample[]) => MetricRow,
): MetricRow[] => {
  const groups = new Map<string, { readonly key: ReturnType<typeof keyOf>; readonly fields: Sample[] }>();
  for (const [initTime, samples] of [...series].sort(([a], [b]) => a - b)) {
    for (const [, sample] of [...samples].sort(([a], [b]) => a - b)) {
      const key = keyOf(keep, { initTime, leadHours: sample.leadHours, validTime: sample.validTime });
      const text = keyText(key);
      const group = groups.get(text);
      if (group === undefined) groups.set(text, { key, fields: [sample] });
      else group.fields.push(sample);
    }
  }
  return Array.from(groups.values(), ({ key, fields }) => ({ ...key, ...row(fields) })).sort(byKey);
};

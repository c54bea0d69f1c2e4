import type { Metric, MetricTotal } from "../../model/metric.ts";
import { byKey, type Keep, keyId, keyOf } from "./keep.ts";
import type { Series } from "./runs/series.ts";

/** The sum of what some fields say, each number rounded once; their mean is the row. */
export interface FieldTotal {
  /** Samples behind it. */
  readonly n: number;
  /** Fields that say anything. */
  readonly weight: number;
  readonly sum: number;
}

/**
 * The end of a metric whose rows are means over the fields (one of each run and lead) of each key that is kept. Totals
 * add up, so that a run that is drawn twice counts twice.
 */
export const fieldRows = <Sample extends { readonly leadHours: number; readonly validTime: number }>(
  keep: Keep,
  totalOf: (fields: readonly Sample[]) => FieldTotal,
): Required<Pick<Metric<any, Series<Sample>>, "finish" | "additive">> => {
  const totals = (series: Series<Sample>): MetricTotal[] => {
    const groups = new Map<
      string | number,
      { readonly key: ReturnType<typeof keyOf>; readonly fields: Sample[] }
    >();
    for (const { initTime, samples } of series) {
      for (const sample of samples) {
        const key = keyOf(keep, { initTime, leadHours: sample.leadHours, validTime: sample.validTime });
        const id = keyId(key);
        const group = groups.get(id);
        if (group === undefined) groups.set(id, { key, fields: [sample] });
        else group.fields.push(sample);
      }
    }
    return Array.from(groups.values(), ({ key, fields }) => {
      const { sum, ...total } = totalOf(fields);
      return { ...key, ...total, sums: [sum] };
    });
  };
  const rows = ({ weight, sums, ...named }: MetricTotal) => [
    { ...named, value: weight === 0 ? Number.NaN : sums[0]! / weight },
  ];
  return { finish: (series) => totals(series).flatMap(rows).sort(byKey), additive: { totals, rows } };
};

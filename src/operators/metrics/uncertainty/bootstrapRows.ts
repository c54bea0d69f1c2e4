import {
  type BootstrapOptions,
  bootstrapConfidenceInterval,
} from "../../../kernels/statistics/bootstrapConfidenceInterval.ts";
import { pairwiseSum } from "../../../kernels/statistics/pairwiseSum.ts";
import { keyColumns, type Row } from "../../../model/row.ts";

/** The mean of a value over cases, with an interval. */
export interface OverCases
  extends Pick<
    Row,
    "forecast" | "target" | "metric" | "variable" | "unit" | "level" | "by" | "parameters" | "lead_hours"
  > {
  readonly event_type: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
  readonly standard_error: number;
  readonly n_cases: number;
  readonly n: number;
}

/**
 * Means over cases of a result table, with an interval by drawing whole cases again: one for each forecast, target,
 * metric, options, lead and event type. Cases without a value take no part; where one case has several rows (runs,
 * valid times) their mean is its value. All rows of the same cases are drawn alike, so that two forecasts can be
 * compared.
 *
 *     bootstrapRows(rows, { resamples: 1000, confidence: 0.95, seed: 1 })
 *
 * Throws `Options`.
 */
export const bootstrapRows = (rows: readonly Row[], options: BootstrapOptions = {}): OverCases[] => {
  const groups = new Map<string, { readonly first: Row; readonly cases: Map<number, number[]>; n: number }>();
  for (const row of rows) {
    if (Number.isNaN(row.value)) continue;
    const key = JSON.stringify([row.event_type, ...KEY.map((column) => row[column])]);
    const group = groups.get(key) ?? { first: row, cases: new Map(), n: 0 };
    groups.set(key, group);
    group.cases.set(row.case_id, [...(group.cases.get(row.case_id) ?? []), row.value]);
    group.n += row.n;
  }
  return Array.from(groups.values(), ({ first, cases, n }) => {
    const values = Array.from(cases)
      .sort(([a], [b]) => a - b)
      .map(([, several]) => several.reduce((sum, value) => sum + value, 0) / several.length);
    const mean = (draw: ArrayLike<number>): number =>
      pairwiseSum(Float64Array.from(draw, (i) => values[i]!)) / draw.length;
    const found = bootstrapConfidenceInterval(values.length, mean, options);
    const { forecast, target, metric, variable, unit, level, by, parameters, lead_hours, event_type } = first;
    return {
      ...{ event_type, forecast, target, metric, variable, unit, level, by, parameters, lead_hours },
      value: found.value,
      lower: found.lower,
      upper: found.upper,
      confidence: options.confidence ?? 0.95,
      standard_error: found.standardError,
      n_cases: values.length,
      n,
    };
  });
};

const KEY = keyColumns.filter((column) => !["case_id", "init_time", "valid_time"].includes(column));

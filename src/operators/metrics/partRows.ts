import type { MetricRow } from "../../model/metric.ts";

/** A score made of a part where the forecast is too high and one where it is too low: its row, and those of the parts. */
export const partRows = (
  term: string,
  over: number,
  under: number,
  weight: number,
  n: number,
  parts: boolean,
): MetricRow[] => {
  const row = (sum: number): MetricRow => ({ value: n === 0 ? Number.NaN : sum / weight, n });
  if (!parts) return [row(over + under)];
  return [
    row(over + under),
    { ...row(over), term: `${term}, overforecast` },
    { ...row(under), term: `${term}, underforecast` },
  ];
};

import type { MetricRow } from "../../../model/metric.ts";

/** What tells a row of a metric from its other rows. */
export const rowKey = ({ initTime, leadHours, validTime, by, term, unit, parameters }: MetricRow): string =>
  JSON.stringify([
    initTime ?? null,
    leadHours ?? null,
    validTime ?? null,
    by ?? null,
    term ?? null,
    unit ?? null,
    parameters ?? null,
  ]);

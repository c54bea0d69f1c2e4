/** From what a metric says to rows of the result table. */
import { hashText } from "../../kernels/hash.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Row } from "../../model/row.ts";
import type { SetPlan, TargetPlan } from "./setPlan.ts";

/** Everything a row needs beside the metric. */
export interface RowContext {
  readonly plan: SetPlan;
  readonly target: TargetPlan;
  readonly label: string | undefined;
  readonly status: Row["status"];
  readonly version: string;
  readonly forecastVersion: string;
  readonly targetVersion: string;
}

/** Hash of what defines the number: factory, definition and every option. */
export const metricId = ({ name, definition, parameters }: Metric): string =>
  hashText(JSON.stringify([name, definition, Object.entries(parameters).sort()]));

/** What the metadata of the result file say of a metric. */
export const describeMetric = ({ name, term, definition, parameters }: Metric): string =>
  JSON.stringify({ name, term, definition, parameters });

export const rowsOf = (metric: Metric, found: readonly MetricRow[], context: RowContext): Row[] => {
  const { plan, target, label } = context;
  const { event, forecast, matching, units } = plan.set;
  const options = { ...metric.parameters, ...matching.parameters, ...(label === undefined ? {} : { label }) };
  const parameters = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const shared = {
    case_id: event.id,
    case_title: event.title,
    event_type: event.type,
    forecast: forecast.name,
    target: target.source.name,
    metric: metric.term,
    variable: metric.variable,
    unit: metric.unit(units[metric.variable] ?? ""),
    level: plan.forecast.level(metric.variable),
    parameters: parameters.length > 0 ? parameters.join(";") : null,
    lower: null,
    upper: null,
    confidence: null,
    share_better: null,
    reference: null,
    status: context.status,
    metric_id: metricId(metric),
    forecast_version: context.forecastVersion,
    target_version: context.targetVersion,
    ewb_version: context.version,
  };
  return found.map(({ by = null, initTime = null, validTime = null, leadHours = null, value, n, extra }) => ({
    ...shared,
    by,
    init_time: initTime,
    valid_time: validTime,
    lead_hours: leadHours,
    value,
    n,
    ...(extra === undefined ? {} : { extra }),
  }));
};

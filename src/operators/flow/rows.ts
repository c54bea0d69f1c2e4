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
  readonly status: (row: MetricRow) => Row["status"];
  readonly version: string;
  readonly forecastVersion: string;
  readonly targetVersion: string;
}

/** Hash of what defines the number: factory, definition, every option, and which of several numbers it is. */
export const metricId = (
  { name, definition, parameters }: Pick<Metric, "name" | "definition" | "parameters">,
  part?: string,
): string =>
  hashText(
    JSON.stringify([
      name,
      definition,
      Object.entries(parameters).sort(),
      ...(part === undefined ? [] : [part]),
    ]),
  );

/** What the metadata of the result file say of a metric. */
export const describeMetric = ({ name, term, definition, parameters }: Metric): string =>
  JSON.stringify({ name, term, definition, parameters });

export const rowsOf = (metric: Metric, found: readonly MetricRow[], context: RowContext): Row[] => {
  const { plan, target, label } = context;
  const { event, forecast, matching, units } = plan.set;
  const more = { ...matching.parameters, ...(label === undefined ? {} : { label }) };
  const ownUnit = metric.unit(units[metric.variable] ?? "");
  const shared = {
    case_id: event.id,
    case_title: event.title,
    event_type: event.type,
    forecast: forecast.name,
    target: target.source.name,
    variable: metric.variable,
    level: plan.forecast.level(metric.variable),
    forecast_version: context.forecastVersion,
    target_version: context.targetVersion,
    ewb_version: context.version,
  };
  const ids = new Map<string | undefined, string>();
  const idOf = (part: string | undefined): string => {
    if (!ids.has(part)) ids.set(part, metricId(metric, part));
    return ids.get(part)!;
  };
  return found.map((row) => ({
    ...shared,
    metric: row.term ?? metric.term,
    unit: row.unit ?? ownUnit,
    by: row.by ?? null,
    parameters: parameterText({ ...metric.parameters, ...row.parameters, ...more }),
    metric_id: idOf(row.term),
    init_time: row.initTime ?? null,
    valid_time: row.validTime ?? null,
    lead_hours: row.leadHours ?? null,
    value: row.value,
    lower: row.lower ?? null,
    upper: row.upper ?? null,
    confidence: row.confidence ?? null,
    share_better: row.shareBetter ?? null,
    reference: row.reference ?? null,
    n: row.n,
    status: context.status(row),
    ...(row.extra === undefined ? {} : { extra: row.extra }),
  }));
};

/** `weights=area;match=bilinear`; null: there are none. */
const parameterText = (options: Readonly<Record<string, string>>): string | null => {
  const texts = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return texts.length > 0 ? texts.join(";") : null;
};

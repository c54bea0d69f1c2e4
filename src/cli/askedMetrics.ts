import type { Metric } from "../model/metric.ts";
import type { Row } from "../model/row.ts";
import { metricId } from "../operators/flow/rows.ts";
import { metricNamed, metricNames, type Named } from "./metricNames.ts";

/** What the metadata of a result file say of one of its metrics: all that its id is made of. */
type Described = Pick<Metric, "name" | "term" | "definition" | "parameters">;

/**
 * Which rows of a result file are of the metrics that are named: by factory, term or short name, those of the file's
 * own metrics among them. A metric that gives several numbers is asked for by its own name, or one of them by its term.
 *
 * @throws `Options` for a name that neither the program nor the file knows
 */
export const askedMetrics = (
  texts: readonly string[],
  rows: readonly Row[],
  metadata: Readonly<Record<string, string>>,
): ((row: Row) => boolean) => {
  const described = Object.entries(metadata).flatMap(([key, text]): Described[] =>
    key.startsWith("ewb.metrics.") ? [JSON.parse(text)] : [],
  );
  const known: Named[] = [
    ...metricNames,
    ...described.map(({ name, term }) => ({ name, term })),
    ...[...new Set(rows.map(({ metric }) => metric))].map((name) => ({ name })),
  ];
  const names = texts.map((text) => metricNamed(`--metric ${text}`, text, known));
  const terms = new Set(names.map(({ name, term }) => term ?? name));
  const ofNames = described.filter((one) => names.some(({ name }) => name === one.name));
  // A row with a term of its own has an id of its own, made of its metric's and that term.
  const isOf = new Map<string, boolean>();
  return ({ metric, metric_id }) => {
    if (terms.has(metric)) return true;
    const found = isOf.get(metric_id) ?? ofNames.some((one) => metricId(one, metric) === metric_id);
    isOf.set(metric_id, found);
    return found;
  };
};

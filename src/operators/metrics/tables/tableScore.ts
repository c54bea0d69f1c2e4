import { type CellCounts, mergeCounts } from "../../../kernels/tables/cellCounts.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS } from "../groups/grouped.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions, weightsOf } from "../options.ts";
import { checkEventUnits, type Events, eventOptions, parseEvents } from "./events.ts";
import { eventTables, type Missing, type Table, tableOf } from "./eventTables.ts";
import { isOwnQuantile } from "./ownQuantile.ts";
import { type PoolOptions, pooledMetric } from "./pooled.ts";
import { checkSampleOptions, joinSamples, samplesOf, sampleTables } from "./sampleTables.ts";

/**
 * Options of a score of two-by-two tables. An event is a value that meets the threshold; a place counts where both
 * sides are present and, where thresholds are a climatology's, that has a value.
 */
export type TableOptions<Unit extends string> = Events<Unit> &
  PoolOptions & {
    /** What is added up: 1 a place (unless said), exact cell area, cosine of latitude, or density of points. */
    readonly weights?: Weights;
    /** A missing value is no sample (unless said), or one that is no event. */
    readonly missing?: Missing;
  };

/** A number made of a table. */
export interface TableScore {
  readonly doc: MetricDoc;
  value(table: Table): number;
}

const known = [...eventOptions, "keep", "runs", "weights", "missing", ...GROUPS];

/** How the metric of some scores calls itself, where it is not called by its only score. */
export interface TableMetric {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  readonly scores: readonly TableScore[];
  /** Whether own quantiles are told too. */
  readonly tellsThresholds?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The metric of one score of tables; `own`: its own options in canonical text, undefined where they are not given. */
export const tableScore = <V extends Variables>(
  score: TableScore,
  variable: keyof V & string,
  options: TableOptions<string>,
  own: Readonly<Record<string, string | undefined>> = {},
): Metric<V> => {
  const { name, term, formula: definition } = score.doc;
  const given = Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const parameters = Object.fromEntries(given);
  return tableMetric(
    { name, term, definition, scores: [score], parameters },
    variable,
    options,
    Object.keys(own),
  );
};

/** The metric of some scores of the same tables; all metrics of the same events share them. */
export const tableMetric = <V extends Variables>(
  metric: TableMetric,
  variable: keyof V & string,
  options: TableOptions<string>,
  more: readonly string[] = [],
): Metric<V> => {
  const { name, term, definition, scores } = metric;
  onlyOptions(name, options, [...known, ...more]);
  const { events, parameters, rows, climatologies } = parseEvents(name, variable, options);
  const weights = weightsOf(name, options.weights ?? "none");
  const missing = oneOf(name, "missing", options.missing ?? "absent", ["absent", "nonEvent"]);
  const described = {
    name,
    term,
    definition,
    variable,
    unit: () => "1",
    options,
    parameters: {
      ...parameters,
      ...metric.parameters,
      weights,
      ...(missing === "absent" ? {} : { missing }),
    },
    needs: { variables: [variable], ...(climatologies.length === 0 ? {} : { climatologies }) },
  };
  const rowsOf = (table: Table, k: number): MetricRow[] =>
    scores.map((score) => ({
      ...(metric.scores.length === 1 && metric.term === score.doc.term ? {} : { term: score.doc.term }),
      ...(rows[k] === undefined ? {} : { parameters: rows[k] }),
      value: table.n === 0 ? Number.NaN : score.value(table),
      n: table.n,
    }));
  if (events.forecast.some(isOwnQuantile)) {
    checkSampleOptions(name, weights, missing);
    return pooledMetric<V, ReturnType<typeof samplesOf>>({
      ...described,
      observe: (pair) => samplesOf(pair, variable),
      join: joinSamples,
      rows: (samples) =>
        sampleTables(samples, events).flatMap(({ table, thresholds }, k) => [
          ...rowsOf(table, k),
          ...(metric.tellsThresholds
            ? thresholds.map((value, side) => ({
                term: side === 0 ? "forecast threshold" : "target threshold",
                unit: samples.unit,
                ...(rows[k] === undefined ? {} : { parameters: rows[k] }),
                value,
                n: table.n,
              }))
            : []),
        ]),
    });
  }
  return pooledMetric<V, CellCounts>({
    ...described,
    observe: (pair: Pair) => {
      checkEventUnits(name, variable, pair, events);
      return once(eventTables, pair, variable, events, weights, missing);
    },
    join: mergeCounts,
    rows: (counts) => rows.flatMap((_, k) => rowsOf(tableOf(counts, k), k)),
  });
};

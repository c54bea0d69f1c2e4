import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type BinOptions, binName, binNumbers, edgesOf } from "./bins.ts";
import { EVENT, type EventOptions, parseEvents } from "./event.ts";
import { type GroupsMetric, groupsMetric, type Table, totalOf } from "./groupsMetric.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";
import { binGroups } from "./probabilityGroups.ts";

export interface DiagramOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    EventOptions<Unit, Name>,
    BinOptions {}

/**
 * Reliability diagram: for each bin of probabilities the observed frequency of the event sum w o / sum w, the mean
 * probability sum w p / sum w, and how many samples it has; three rows a bin, `by` `bin=0.1..0.2`. Unit 1. Reliable
 * where frequency and mean probability agree; an empty bin has none (NaN, n 0).
 *
 *     reliabilityDiagram("surface_air_temperature", { above: "303.15 K", bins: 5 })
 *
 * Throws as `brierScore`. Bröcker and Smith 2007, doi:10.1175/WAF993.1.
 */
export const reliabilityDiagram = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: DiagramOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> =>
  diagram<V>(variable, options, {
    name: "reliabilityDiagram",
    term: "observed frequency",
    definition: "events / samples of a bin of probabilities, and the mean probability of the bin, weighted",
    rows: (table, bin) => {
      const total = totalOf(table);
      const { n, weight, sums } = table.find(({ name }) => name === bin) ?? { n: 0, weight: 0, sums: [0, 0] };
      return [
        { term: "observed frequency", value: sums[0]! / weight, n },
        { term: "mean probability", value: sums[1]! / weight, n },
        { term: "samples", value: total.n === 0 ? Number.NaN : n, n: total.n },
      ];
    },
  });

/**
 * Discrimination diagram: how the probabilities are distributed where the event happened and where not; two rows a bin,
 * each the share of the bin among the events (non-events), `by` `bin=0.1..0.2`. Unit 1. The farther apart the better.
 *
 *     discriminationDiagram("surface_air_temperature", { above: "303.15 K", bins: 5 })
 *
 * Throws as `brierScore`. Murphy and Winkler 1987, doi:10.1175/1520-0493(1987)115<1330:AGFFFV>2.0.CO;2.
 */
export const discriminationDiagram = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: DiagramOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> =>
  diagram<V>(variable, options, {
    name: "discriminationDiagram",
    term: "share given the event",
    definition: "share of a bin of probabilities among events, and among non-events, weighted",
    rows: (table, bin) => {
      const total = totalOf(table);
      const { weight, sums } = table.find(({ name }) => name === bin) ?? { weight: 0, sums: [0] };
      const events = total.sums[0] ?? 0;
      return [
        { term: "share given the event", value: sums[0]! / events, n: total.n },
        {
          term: "share given no event",
          value: (weight - sums[0]!) / (total.weight - events),
          n: total.n,
        },
      ];
    },
  });

interface Diagram extends Pick<GroupsMetric<any>, "name" | "term" | "definition"> {
  rows(table: Table, bin: number): readonly MetricRow[];
}

const diagram = <V extends Variables>(
  variable: keyof V & string,
  options: DiagramOptions<string, string>,
  { name, term, definition, rows }: Diagram,
): Metric<V> => {
  onlyOptions(name, options, [...EVENT, "bins", "closed", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const { events, needs, parameters: ofEvents, rowParameters } = parseEvents(name, variable, options);
  const edges = edgesOf(name, options.bins);
  const closed = oneOf(name, "closed", options.closed ?? "left", ["left", "right"]);
  return groupsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: () => "1",
    parameters: {
      ...ofEvents,
      bins: edges.join(","),
      ...(closed === "right" ? { closed } : {}),
      ...parameters,
    },
    needs,
    ...grouping,
    groups: (pair) => events.map((event) => binGroups(pair, event, edges, closed, weights)),
    rows: (tables) =>
      tables.flatMap((table, k) =>
        binNumbers(edges).flatMap((bin) =>
          rows(table, bin).map((row) => ({ ...rowParameters(k), ...row, by: binName(edges, bin) })),
        ),
      ),
  });
};

export const reliabilityDocs: readonly MetricDoc[] = [
  {
    name: "reliabilityDiagram",
    term: "reliability diagram",
    formula:
      "observed frequency (events / samples), mean probability and samples of each bin [a, b), last closed",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: "Bröcker and Smith 2007, doi:10.1175/WAF993.1",
  },
  {
    name: "discriminationDiagram",
    term: "discrimination diagram",
    formula: "share of each bin [a, b), last closed, among events and among non-events",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: "Murphy and Winkler 1987, doi:10.1175/1520-0493(1987)115<1330:AGFFFV>2.0.CO;2",
  },
];

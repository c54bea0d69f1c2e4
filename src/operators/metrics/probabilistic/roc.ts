import { EwbError } from "../../../model/errors.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions } from "../options.ts";
import { EVENT, type EventOptions, parseEvents } from "./event.ts";
import { groupsMetric, type Table, totalOf } from "./groupsMetric.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";
import { distinctGroups, thresholdGroups } from "./probabilityGroups.ts";
import { areaUnder, rocPoints } from "./rocPoints.ts";

export interface RocOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    EventOptions<Unit, Name> {
  /**
   * Probabilities at which the event is forecast. Unless said, every one there is: exact, but the state has an entry for
   * each, so give some where a forecast is a continuous probability on many places.
   */
  readonly thresholds?: readonly number[];
  /** Whether the probability must be above the threshold, not only reach it. */
  readonly aboveThreshold?: boolean;
}

/**
 * ROC curve: probability of detection (hits / events) and of false detection (false alarms / non-events) where the event
 * is forecast at probabilities p >= t; two rows a threshold, ended by the threshold infinity: (0, 0). Unit 1; (0, 1) of
 * false detection and detection is best.
 *
 *     rocCurve("surface_air_temperature", { above: "303.15 K", thresholds: [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1] })
 *
 * Throws as `brierScore`. Mason and Graham 2002, doi:10.1256/003590002320603584.
 */
export const rocCurve = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: RocOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  onlyOptions("rocCurve", options, OPTIONS);
  return roc<V>(variable, options, {
    name: "rocCurve",
    term: "ROC curve",
    definition:
      "hits / events and false alarms / non-events where the event is forecast at probability p >= t, weighted",
    rows: (table, thresholds) => {
      const { n } = totalOf(table);
      return rocPoints(table, thresholds).flatMap(({ threshold, detection, falseDetection }) => {
        const parameters = { probabilities: `${threshold}` };
        return [
          { term: "probability of detection", parameters, value: detection, n },
          { term: "probability of false detection", parameters, value: falseDetection, n },
        ];
      });
    },
  });
};

/**
 * Area under the ROC curve: the chance that an event had the higher probability than a non-event, ties half. By
 * trapezoids between all probabilities there are, or between `thresholds` and (0, 0). Unit 1; 1 is best, 0.5 that of no
 * discrimination; NaN without events or without non-events.
 *
 *     rocArea("surface_air_temperature", { above: "303.15 K" })
 *
 * Throws as `brierScore`. Mason and Graham 2002, doi:10.1256/003590002320603584.
 */
export const rocArea = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: RocOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  onlyOptions("rocArea", options, OPTIONS);
  return roc<V>(variable, options, {
    name: "rocArea",
    term: "ROC area",
    definition:
      "P(p of an event > p of a non-event) + P(equal) / 2, weighted; of thresholds: trapezoids between them",
    rows: (table, thresholds) => [{ value: areaUnder(rocPoints(table, thresholds)), n: totalOf(table).n }],
  });
};

export interface RocSkillOptions<Unit extends string, Name extends string> extends RocOptions<Unit, Name> {
  /** Area of the reference; 0.5 (no discrimination) unless said. */
  readonly reference?: number;
}

/**
 * ROC skill score: (area - r) / (1 - r), r the area of the reference. Unit 1; 1 is best, 0 as good as the reference.
 *
 *     rocSkillScore("surface_air_temperature", { above: "303.15 K" })
 *
 * Throws as `brierScore`. Mason and Graham 2002, doi:10.1256/003590002320603584.
 */
export const rocSkillScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RocSkillOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  onlyOptions("rocSkillScore", options, [...OPTIONS, "reference"]);
  const { reference = 0.5, ...others } = options;
  if (!(reference >= 0 && reference < 1)) {
    throw new EwbError(
      "Options",
      `rocSkillScore: reference is ${reference}; expected an area from 0 to less than 1.`,
    );
  }
  const metric = roc<V>(variable, others, {
    name: "rocSkillScore",
    term: "ROC skill score",
    definition: "(ROC area - r) / (1 - r), r the area of the reference",
    rows: (table, thresholds) => [
      {
        value: (areaUnder(rocPoints(table, thresholds)) - reference) / (1 - reference),
        n: totalOf(table).n,
      },
    ],
  });
  return { ...metric, parameters: { ...metric.parameters, reference: `${reference}` } };
};

const OPTIONS: readonly string[] = [...EVENT, "thresholds", "aboveThreshold", ...POOLING];

interface RocKind {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  rows(table: Table, thresholds: readonly number[] | undefined): readonly MetricRow[];
}

const roc = <V extends Variables>(
  variable: keyof V & string,
  options: RocOptions<string, string>,
  { name, term, definition, rows }: RocKind,
): Metric<V> => {
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const { events, needs, parameters: ofEvents, rowParameters } = parseEvents(name, variable, options);
  const thresholds = options.thresholds && ascending(name, options.thresholds);
  const { aboveThreshold = false } = options;
  return groupsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: () => "1",
    parameters: {
      ...ofEvents,
      ...(thresholds === undefined ? {} : { probabilities: thresholds.join(",") }),
      ...(aboveThreshold ? { forecast: ">" } : {}),
      ...parameters,
    },
    needs,
    ...grouping,
    groups: (pair) =>
      events.map((event) =>
        thresholds === undefined
          ? distinctGroups(pair, event, weights)
          : thresholdGroups(pair, event, thresholds, aboveThreshold, weights),
      ),
    rows: (tables) =>
      tables.flatMap((table, k) => {
        const shared = rowParameters(k).parameters;
        return rows(table, thresholds).map((row) =>
          shared === undefined ? row : { ...row, parameters: { ...shared, ...row.parameters } },
        );
      }),
  });
};

/** Different numbers in ascending order. Throws `Options` where there is none, or one that is no number. */
export const ascending = (metric: string, thresholds: readonly number[]): readonly number[] => {
  if (
    thresholds.length > 0 &&
    !thresholds.some((value) => typeof value !== "number" || Number.isNaN(value))
  ) {
    return [...new Set(thresholds)].sort((a, b) => a - b);
  }
  throw new EwbError(
    "Options",
    `${metric}: thresholds is [${thresholds.join(", ")}]; expected numbers like [0.1, 0.5].`,
  );
};

export const rocDocs: readonly MetricDoc[] = [
  {
    name: "rocCurve",
    term: "ROC curve",
    short: ["roc"],
    formula: "probability of detection a/(a+c) and of false detection b/(b+d) where p >= t, for each t",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: "Mason and Graham 2002, doi:10.1256/003590002320603584",
  },
  {
    name: "rocArea",
    term: "ROC area",
    short: ["auc"],
    formula: "P(p of an event > p of a non-event) + P(equal) / 2",
    unit: "1",
    range: [0, 1],
    better: "high",
    perfect: 1,
    reference: "Mason and Graham 2002, doi:10.1256/003590002320603584",
  },
  {
    name: "rocSkillScore",
    term: "ROC skill score",
    short: ["rocss"],
    formula: "(ROC area - r) / (1 - r), r = 0.5 unless said",
    unit: "1",
    range: [-1, 1],
    better: "high",
    perfect: 1,
    reference: "Mason and Graham 2002, doi:10.1256/003590002320603584",
  },
];

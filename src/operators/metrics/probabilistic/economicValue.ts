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
import { thresholdGroups } from "./probabilityGroups.ts";
import { ascending } from "./roc.ts";
import { rocPoints } from "./rocPoints.ts";

export interface EconomicValueOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    EventOptions<Unit, Name> {
  /** Cost of acting over the loss it avoids, each between 0 and 1. */
  readonly costLossRatios: readonly number[];
  /** Probabilities at which one acts; 0, 0.1, … 1 unless said. 0 acts always, Infinity never. */
  readonly thresholds?: readonly number[];
  /** Whether the probability must be above the threshold, not only reach it. */
  readonly aboveThreshold?: boolean;
}

/**
 * Relative economic value of acting where the probability reaches t, for a user whose cost/loss ratio is a:
 * (min(a, c) - F a (1 - c) + H c (1 - a) - c) / (min(a, c) - c a), c the base rate, H and F probability of detection and
 * of false detection; a row for each t and a, and for each a the largest over all t. Unit 1; 1 is best, 0 as good as the
 * climatology, negative worse.
 *
 *     relativeEconomicValue("surface_air_temperature", { above: "303.15 K", costLossRatios: [0.1, 0.5] })
 *
 * Throws as `brierScore`. Richardson 2000, doi:10.1002/qj.49712656313.
 */
export const relativeEconomicValue = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: EconomicValueOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "relativeEconomicValue";
  onlyOptions(name, options, [...EVENT, "costLossRatios", "thresholds", "aboveThreshold", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const { events, needs, parameters: ofEvents, rowParameters } = parseEvents(name, variable, options);
  const { costLossRatios: ratios, aboveThreshold = false } = options;
  if (!Array.isArray(ratios) || ratios.length === 0 || !ratios.every((a) => a >= 0 && a <= 1)) {
    throw new EwbError(
      "Options",
      `${name}: costLossRatios is ${JSON.stringify(ratios)}; expected numbers from 0 to 1.`,
    );
  }
  const thresholds = ascending(name, options.thresholds ?? Array.from({ length: 11 }, (_, k) => k / 10));
  return groupsMetric<V>({
    name,
    term: "relative economic value",
    definition:
      "(min(a, c) - F a (1 - c) + H c (1 - a) - c) / (min(a, c) - c a), a cost/loss, c base rate, action where p >= t",
    variable,
    unit: () => "1",
    parameters: {
      ...ofEvents,
      cost_loss: ratios.join(","),
      probabilities: thresholds.join(","),
      ...(aboveThreshold ? { action: ">" } : {}),
      ...parameters,
    },
    needs,
    ...grouping,
    groups: (pair) =>
      events.map((event) => thresholdGroups(pair, event, thresholds, aboveThreshold, weights)),
    rows: (tables) =>
      tables.flatMap((table, k) =>
        valueRows(table, thresholds, ratios).map((row) => ({
          ...row,
          parameters: { ...rowParameters(k).parameters, ...row.parameters },
        })),
      ),
  });
};

const valueRows = (table: Table, thresholds: readonly number[], ratios: readonly number[]): MetricRow[] => {
  const { n, weight, sums } = totalOf(table);
  const base = (sums[0] ?? 0) / weight;
  const points = rocPoints(table, thresholds).slice(0, -1);
  return ratios.flatMap((ratio) => {
    const climate = Math.min(ratio, base);
    const values = points.map(
      ({ detection, falseDetection }) =>
        (climate - falseDetection * ratio * (1 - base) + detection * base * (1 - ratio) - base) /
        (climate - base * ratio),
    );
    const cost = { cost_loss: `${ratio}` };
    return [
      ...values.map((value, k) => ({
        parameters: { ...cost, probabilities: `${thresholds[k]}` },
        value,
        n,
      })),
      { term: "largest relative economic value", parameters: cost, value: Math.max(...values), n },
    ];
  });
};

export const economicValueDocs: readonly MetricDoc[] = [
  {
    name: "relativeEconomicValue",
    term: "relative economic value",
    short: ["rev"],
    formula: "(min(a, p) - F a (1 - p) + H p (1 - a) - p) / (min(a, p) - p a), a cost/loss, p base rate",
    unit: "1",
    range: [Number.NEGATIVE_INFINITY, 1],
    better: "high",
    perfect: 1,
    reference: "Richardson 2000, doi:10.1002/qj.49712656313",
  },
];

import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { EVENT, type EventOptions, eventForecast, type ForecastEvent, parseEvents } from "./event.ts";
import { normalScores } from "./gaussian.ts";
import { groupsMetric, totalOf } from "./groupsMetric.ts";
import { NORMAL, type NormalForecast, type NormalOptions, parseNormal } from "./normalForecast.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface LogarithmicOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    EventOptions<Unit, Name>,
    NormalOptions<Name> {
  /** `nat` (unless said) or `bit`, the unit of the row. */
  readonly unit?: "nat" | "bit";
}

/**
 * Logarithmic score (ignorance). With a threshold or a probability, of an event: sum w -(o ln p + (1 - o) ln(1 - p)) / sum w,
 * infinite where what was certain did not come; 0 is best. Else of a normal distribution, of two forecast variables or of
 * the members: sum w (ln s + ln(2 pi) / 2 + z^2 / 2) / sum w, z = (o - m) / s, without a bound. In nat, or in bit.
 *
 *     logarithmicScore("surface_air_temperature", { above: "303.15 K", unit: "bit" })
 *     logarithmicScore("t", { mean: "t_mean", standardDeviation: "t_deviation" })
 *
 * Throws as `brierScore` and `gaussianContinuousRankedProbabilityScore`. Good 1952,
 * doi:10.1111/j.2517-6161.1952.tb00104.x; Roulston and Smith 2002, doi:10.1175/1520-0493(2002)130<1653:EPFUIT>2.0.CO;2.
 */
export const logarithmicScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: LogarithmicOptions<V[N], keyof V & string> & GroupOptions<V> = {},
): Metric<V> => {
  const name = "logarithmicScore";
  onlyOptions(name, options, [...EVENT, ...NORMAL, "unit", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const unit = oneOf(name, "unit", options.unit ?? "nat", ["nat", "bit"]);
  const { above, below, probability, mean, standardDeviation } = options;
  const isEvent = above !== undefined || below !== undefined || probability !== undefined;
  if (isEvent && (mean !== undefined || standardDeviation !== undefined)) {
    throw new EwbError(
      "Options",
      `${name}: give an event (above, below, probability) or a distribution (mean), not both.`,
    );
  }
  const events = isEvent ? parseEvents(name, variable, options) : undefined;
  const normal = isEvent ? undefined : parseNormal(name, variable, options);
  return groupsMetric<V>({
    name,
    term: "logarithmic score",
    definition: isEvent
      ? "sum w -(o ln p + (1 - o) ln(1 - p)) / sum w over present pairs of a key"
      : "sum w (ln s + ln(2 pi) / 2 + z^2 / 2) / sum w over present pairs of a key, z = (o - m) / s",
    variable,
    unit: () => unit,
    parameters: { ...(events ?? normal)!.parameters, ...(unit === "bit" ? { unit } : {}), ...parameters },
    needs: (events ?? normal)!.needs,
    ...grouping,
    groups: (pair) => {
      const leaves = weighedLeaves(pair.places, weights);
      const scores =
        events === undefined
          ? [once(ofNormal, pair, normal!)]
          : events.events.map((event) => once(ofEvent, pair, event));
      return scores.map((score) => new Map([[0, scoreTotal([score], leaves)]]));
    },
    rows: (tables) =>
      tables.map((table, k) => {
        const { n, weight, sums } = totalOf(table);
        const value = n === 0 ? Number.NaN : sums[0]! / weight / (unit === "bit" ? Math.LN2 : 1);
        return { ...events?.rowParameters(k), value, n };
      }),
  });
};

const ofEvent = (pair: Pair, forecastEvent: ForecastEvent): Float64Array => {
  const { probability, event } = eventForecast(pair, forecastEvent);
  const scores = new Float64Array(probability.length);
  // One of the two logarithms only: 0 ln 0 is 0.
  for (let i = 0; i < scores.length; i++) {
    const p = probability[i]!;
    scores[i] = event[i] === 1 ? 0 - Math.log(p) : 0 - Math.log1p(-p);
  }
  return scores;
};

const ofNormal = (pair: Pair, forecast: NormalForecast): Float64Array =>
  normalScores(pair, forecast, ignorance);

/** ln(2 pi) / 2 */
const CONSTANT = 0.9189385332046728;

const ignorance = (observed: number, mean: number, deviation: number): number => {
  const error = observed - mean;
  if (deviation === 0) {
    return Number.isNaN(error) ? error : error === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const z = error / deviation;
  return Math.log(deviation) + CONSTANT + (z * z) / 2;
};

export const logarithmicScoreDocs: readonly MetricDoc[] = [
  {
    name: "logarithmicScore",
    term: "logarithmic score",
    short: ["ignorance"],
    formula:
      "-(o ln p + (1 - o) ln(1 - p)) of an event; ln s + ln(2 pi) / 2 + z^2 / 2 of a normal distribution; w-mean",
    unit: "nat",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: null,
    reference: "Good 1952, doi:10.1111/j.2517-6161.1952.tb00104.x",
  },
];

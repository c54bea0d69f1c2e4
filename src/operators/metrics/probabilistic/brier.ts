import { type ScoreTotal, scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import {
  EVENT,
  type EventForecast,
  type EventOptions,
  eventForecast,
  type ForecastEvent,
  parseEvents,
} from "./event.ts";
import { groupsMetric, totalOf } from "./groupsMetric.ts";
import { type Estimator, POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface BrierOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    EventOptions<Unit, Name> {
  /**
   * Of an ensemble: `fair` (unless said) does not depend on the number of members and needs two of them, `ecdf` scores
   * the share of just these, `fair or ecdf` is ecdf where there is one member.
   */
  readonly estimator?: Estimator | "fair or ecdf";
}

/**
 * Brier score: sum w (p - o)^2 / sum w, p the probability of an event and o 1 where it happened, 0 where not. Of an
 * ensemble p = k / M, fair: less k (M - k) / (M^2 (M - 1)). Unit 1; 0 is best, 1 worst; several thresholds give a row
 * each. The skill against the climatology of the sample is a row of `brierDecomposition`.
 *
 *     brierScore("surface_air_temperature", { above: ["298.15 K", "303.15 K"] })
 *     brierScore("precipitation", { above: "1 mm", probability: "precipitation_probability" })
 *
 * Throws `Options`; `Unit` where a threshold or a probability has another unit; `InvalidValue` where a probability is
 * none. Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; fair: Ferro 2014, doi:10.1002/qj.2270.
 */
export const brierScore = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: BrierOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "brierScore";
  onlyOptions(name, options, [...EVENT, "estimator", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const {
    events,
    isEnsemble,
    needs,
    parameters: ofEvents,
    rowParameters,
  } = parseEvents(name, variable, options);
  if (!isEnsemble && options.estimator !== undefined) {
    throw new EwbError("Options", `${name}: estimator is of an ensemble; leave it out with \`probability\`.`);
  }
  const estimator = oneOf(name, "estimator", options.estimator ?? "fair", ["fair", "ecdf", "fair or ecdf"]);
  return groupsMetric<V>({
    name,
    term: "Brier score",
    definition:
      "sum w (p - o)^2 / sum w over present pairs of a key; of an ensemble p = k / M, fair: - k (M - k) / (M^2 (M - 1))",
    variable,
    unit: () => "1",
    parameters: { ...ofEvents, ...(isEnsemble ? { estimator } : {}), ...parameters },
    needs: { ...needs, ...(isEnsemble && estimator === "fair" ? { leastMembers: 2 } : {}) },
    ...grouping,
    groups: (pair) => events.map((event) => new Map([[0, once(brierSums, pair, event, estimator, weights)]])),
    rows: (tables) =>
      tables.map((table, k) => {
        const { n, weight, sums } = totalOf(table);
        return { ...rowParameters(k), value: n === 0 ? Number.NaN : sums[0]! / weight, n };
      }),
  });
};

const brierSums = (
  pair: Pair,
  event: ForecastEvent,
  estimator: NonNullable<BrierOptions<string, string>["estimator"]>,
  weights: Weights,
): ScoreTotal => {
  const scores = brierScores(eventForecast(pair, event), estimator);
  return scoreTotal([scores], weighedLeaves(pair.places, weights));
};

/** The score place by place; NaN where a fair one needs a second member. */
export const brierScores = (
  { probability, event, members }: EventForecast,
  estimator: Estimator | "fair or ecdf",
): Float64Array => {
  const scores = new Float64Array(probability.length);
  for (let i = 0; i < scores.length; i++) {
    const p = probability[i]!;
    const error = p - event[i]!;
    scores[i] = error * error;
    if (members === undefined || estimator === "ecdf") continue;
    if (members[i]! > 1) scores[i]! -= (p * (1 - p)) / (members[i]! - 1);
    else if (estimator === "fair") scores[i] = Number.NaN;
  }
  return scores;
};

export const brierDocs: readonly MetricDoc[] = [
  {
    name: "brierScore",
    term: "Brier score",
    short: ["brier", "bs"],
    formula: "mean (p - o)^2, w-mean; of an ensemble p = k/M, fair: - k (M - k) / (M^2 (M - 1))",
    unit: "1",
    range: [0, 1],
    better: "low",
    perfect: 0,
    reference: "Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2",
  },
];

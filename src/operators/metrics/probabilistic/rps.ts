import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import type { Threshold } from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { brierScores } from "./brier.ts";
import { eventForecast, type ForecastEvent, parseEvents } from "./event.ts";
import { type Estimator, estimatorOf, POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface RankedProbabilityOptions<Unit extends string, Name extends string> extends PoolingOptions {
  /** Of an ensemble: the borders of the categories, each a number with a unit or a field of a climatology. */
  readonly edges?: readonly Threshold<Unit>[];
  /** Whether a value on an edge lies below it: categories (a, b] instead of [a, b). */
  readonly strictly?: boolean;
  /** `fair` (unless said) or `ecdf`, of an ensemble. */
  readonly estimator?: Estimator;
  /** Instead of edges: the variables that are the probabilities of the categories; the target is 0, 1, … */
  readonly categories?: readonly Name[];
  /** Whether it is divided by the number of edges, so that 1 is worst. */
  readonly normalised?: boolean;
}

/**
 * Ranked probability score: sum over the edges between categories of (F - O)^2, the probability and the truth of lying
 * below an edge; the sum of the Brier scores at the edges, fair ones too. Unit 1; 0 is best, the number of edges worst.
 *
 *     rankedProbabilityScore("surface_air_temperature", { edges: ["283.15 K", "293.15 K", "303.15 K"] })
 *     rankedProbabilityScore("tercile", { categories: ["below_normal", "normal", "above_normal"] })
 *
 * Throws `Options`; `Unit`; `InvalidValue` where a target is no category. Epstein 1969,
 * doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2; fair: Ferro 2014, doi:10.1002/qj.2270.
 */
export const rankedProbabilityScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RankedProbabilityOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "rankedProbabilityScore";
  onlyOptions(name, options, ["edges", "strictly", "estimator", "categories", "normalised", ...POOLING]);
  const { edges, categories, normalised = false, strictly = false } = options;
  const given = edges ?? categories;
  if ((edges === undefined) === (categories === undefined) || !Array.isArray(given)) {
    throw new EwbError(
      "Options",
      `${name}: give either \`edges\`, like ["280 K", "290 K"], or \`categories\`.`,
    );
  }
  const borders = edges?.length ?? categories!.length - 1;
  if (borders < 1) throw new EwbError("Options", `${name}: expected an edge, or two categories, at least.`);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const estimator = estimatorOf(name, options.estimator);
  const parsed =
    edges && parseEvents(name, variable, { above: edges as readonly `${number} ${string}`[], strictly });
  return sumsMetric<V>({
    name,
    term: "ranked probability score",
    definition:
      "sum w s / sum w over present pairs of a key, s = sum over the edges of (F - O)^2, fair: - F (1 - F) / (M - 1)",
    variable,
    unit: () => "1",
    parameters: {
      ...(parsed === undefined
        ? { categories: categories!.join(",") }
        : { edges: parsed.parameters.threshold!, ...(strictly ? { closed: "right" } : {}), estimator }),
      ...(normalised ? { normalised: "true" } : {}),
      ...parameters,
    },
    needs: parsed
      ? { ...parsed.needs, ...(estimator === "fair" ? { leastMembers: 2 } : {}) }
      : { variables: [...new Set([variable, ...categories!])] },
    ...grouping,
    sums: (pair) => {
      const scores =
        parsed === undefined
          ? once(categoryScores, pair, variable, categories!)
          : once(edgeScores, pair, parsed.events, estimator);
      return scoreTotal([scores], weighedLeaves(pair.places, weights));
    },
    rows: ({ n, weight, sums }) => [
      { value: n === 0 ? Number.NaN : sums[0]! / weight / (normalised ? borders : 1), n },
    ],
  });
};

/** The sum of the Brier scores at the edges. */
const edgeScores = (pair: Pair, events: readonly ForecastEvent[], estimator: Estimator): Float64Array => {
  const [first, ...others] = events.map((event) => brierScores(eventForecast(pair, event), estimator));
  for (const scores of others) for (let i = 0; i < scores.length; i++) first![i]! += scores[i]!;
  return first!;
};

const categoryScores = (pair: Pair, variable: string, categories: readonly string[]): Float64Array => {
  const { values: observed } = pair.target[variable]!;
  const fields = categories.map((category) => pair.forecast[category]!.values);
  const last = categories.length - 1;
  const scores = new Float64Array(observed.length);
  for (let i = 0; i < scores.length; i++) {
    const category = observed[i]!;
    if (category < 0 || category > last || (!Number.isNaN(category) && !Number.isInteger(category))) {
      throw new EwbError(
        "InvalidValue",
        `the target ${variable} is ${category} at a place; expected a category, 0 to ${last}.`,
        { variable },
      );
    }
    let below = 0;
    let score = 0;
    for (let k = 0; k < last; k++) {
      below += fields[k]![i]!;
      const error = below - (category <= k ? 1 : 0);
      score += error * error;
    }
    scores[i] = score + 0 * (category + fields[last]![i]!); // missing where any of them is
  }
  return scores;
};

export const rpsDocs: readonly MetricDoc[] = [
  {
    name: "rankedProbabilityScore",
    term: "ranked probability score",
    short: ["rps"],
    formula: "sum over edges (F - O)^2, w-mean; of an ensemble fair: - F (1 - F) / (M - 1) at each edge",
    unit: "1",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Epstein 1969, doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2",
  },
];

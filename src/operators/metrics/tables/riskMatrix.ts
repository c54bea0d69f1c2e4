import { addedTotal, type ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { riskMatrix, riskMatrixScores } from "../../../kernels/tables/riskMatrixScores.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions, weightsOf } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";

export interface RiskMatrixOptions {
  /** Rising probabilities inside 0 to 1, one a row of the matrix. */
  readonly probabilityThresholds: readonly number[];
  /** Weight of each probability threshold (rows) and severity (columns, one a variable); none negative. */
  readonly matrix: readonly (readonly number[])[];
  /** A probability on a threshold is above it (unless said) or below it. */
  readonly onThreshold?: "above" | "below";
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
}

export const riskMatrixDoc: MetricDoc = {
  name: "riskMatrixScore",
  term: "risk matrix score",
  formula:
    "mean over samples of the sum over severities and probability thresholds t of m (t 1{no event, above} + (1 - t) 1{event, not above})",
  unit: "1",
  range: [0, Number.POSITIVE_INFINITY],
  better: "low",
  perfect: 0,
  reference: "Taggart and Wilke 2025, doi:10.5194/nhess-25-2657-2025",
};

const USUAL: Keep = ["lead_time"];

/**
 * Risk matrix score: how far a forecast's warning level is from the right one. Each variable is one severity: of the
 * forecast the probability that it is reached (0 to 1), of the target whether it was (1 or 0). A sample counts where
 * all severities are present on both sides; its score is the sum over severities and probability thresholds t of
 * m (t where no event was above, 1 - t where an event was not above). Unit 1; 0 to infinity. 0 is best. Throws
 * `Options` for thresholds that do not rise inside 0 to 1 or a matrix of another shape.
 *
 *     riskMatrixScore(["moderate", "severe"], { probabilityThresholds: [0.1, 0.4], matrix: [[1, 2], [2, 3]] })
 *
 * Taggart and Wilke 2025, doi:10.5194/nhess-25-2657-2025.
 */
export const riskMatrixScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variables: readonly N[],
  options: RiskMatrixOptions & GroupOptions<V>,
): Metric<V> => {
  const { name, term, formula: definition } = riskMatrixDoc;
  onlyOptions(name, options, [
    "probabilityThresholds",
    "matrix",
    "onThreshold",
    "keep",
    "weights",
    ...GROUPS,
  ]);
  const { probabilityThresholds: thresholds, matrix } = options;
  const keep = keptTimes(name, options.keep ?? USUAL);
  const weights = weightsOf(name, options.weights ?? "area");
  const onThreshold = oneOf(name, "onThreshold", options.onThreshold ?? "above", ["above", "below"]);
  const [first] = variables;
  const rising = thresholds.every((t, k) => t > (k === 0 ? 0 : thresholds[k - 1]!) && t < 1);
  const shaped =
    matrix.length === thresholds.length &&
    matrix.every((row) => row.length === variables.length && row.every((m) => m >= 0 && Number.isFinite(m)));
  if (first === undefined || thresholds.length === 0 || !rising || !shaped) {
    throw new EwbError(
      "Options",
      `${name}: ${variables.length} severities, thresholds ${JSON.stringify(thresholds)}, matrix ${JSON.stringify(matrix)}; expected rising thresholds inside 0 to 1 and a row of weights, none negative, for each, with one a severity.`,
    );
  }
  return sumsMetric<V>({
    name,
    term,
    definition,
    variable: first,
    unit: () => "1",
    parameters: {
      severities: variables.join(", "),
      probabilityThresholds: thresholds.join(", "),
      matrix: matrix.map((row) => row.join(", ")).join("; "),
      onThreshold,
      weights,
      ...keepParameter(keep, USUAL),
    },
    needs: { variables },
    keep,
    by: options.by,
    where: options.where,
    sums: (pair) => once(riskMatrixSums, pair, variables, thresholds, matrix, onThreshold, weights),
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : sums[0]! / weight, n }],
  });
};

/** Sum of the scores of one pair. */
const riskMatrixSums = (
  { forecast, target, places }: Pair,
  variables: readonly string[],
  thresholds: readonly number[],
  matrix: readonly (readonly number[])[],
  onThreshold: "above" | "below",
  weights: Weights,
): ScoreTotal => {
  const chances = variables.map((name) => forecast[name]!.values);
  const events = variables.map((name) => target[name]!.values);
  const costs = riskMatrix(chances, thresholds, matrix, onThreshold === "above");
  return addedTotal(1, weighedLeaves(places, weights), (start, stop, columns, out) =>
    riskMatrixScores(chances, events, start, stop, columns, costs, out),
  );
};

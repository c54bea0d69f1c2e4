import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "../scores/scoreTotal.ts";
import { justAbove } from "./justAbove.ts";

/** What each severity costs, severity by severity and threshold by threshold. */
export interface RiskMatrix {
  /** A probability >= this is above. */
  readonly edges: Float64Array;
  /** Four an edge: no event and not above, no event and above, event and not above, event and above. */
  readonly costs: Float64Array;
}

/** The matrix for probabilities of some precisions: one of float32 is compared with the nearest float32. */
export const riskMatrix = (
  probabilities: readonly Values[],
  thresholds: readonly number[],
  matrix: readonly (readonly number[])[],
  onThresholdIsAbove: boolean,
): RiskMatrix => ({
  edges: Float64Array.from(
    probabilities.flatMap((p) => {
      const single = p instanceof Float32Array;
      return thresholds.map((t) => {
        const edge = single ? Math.fround(t) : t;
        return onThresholdIsAbove ? edge : justAbove(edge, single);
      });
    }),
  ),
  costs: Float64Array.from(
    probabilities.flatMap((_, s) =>
      thresholds.flatMap((t, k) => [0, matrix[k]![s]! * t, matrix[k]![s]! * (1 - t), 0]),
    ),
  ),
});

/**
 * Adds up risk matrix scores of a leaf (`AddLeaf`), each over severities s and probability thresholds t the sum of
 * matrix[t][s] (t where no event was above, 1 - t where an event was not above); a place where a severity is missing has
 * none.
 */
export const riskMatrixScores = (
  probabilities: readonly Values[],
  events: readonly Values[],
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  { edges, costs }: RiskMatrix,
  out: Float64Array,
): void => {
  const severities = probabilities.length;
  const many = edges.length / severities;
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    let score = 0;
    for (let s = 0; s < severities; s++) {
      const chance = probabilities[s]![i]!;
      const seen = events[s]![i]!;
      if (Number.isNaN(chance) || Number.isNaN(seen)) {
        score = Number.NaN;
        break;
      }
      const row = 2 * Number(seen >= 0.5);
      for (let k = s * many; k < (s + 1) * many; k++) {
        score += costs[4 * k + row + Number(chance >= edges[k]!)]!;
      }
    }
    if (Number.isNaN(score)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    sum += c * score;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

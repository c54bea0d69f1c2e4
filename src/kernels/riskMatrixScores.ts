import type { Values } from "../model/field.ts";

/**
 * The risk matrix score of each place, NaN where a severity is missing: over severities s and probability thresholds t
 * the sum of matrix[t][s] (t where no event was above, 1 - t where an event was not above). A probability of float32
 * is compared with the nearest float32.
 */
export const riskMatrixScores = (
  probabilities: readonly Values[],
  events: readonly Values[],
  thresholds: readonly number[],
  matrix: readonly (readonly number[])[],
  onThresholdIsAbove: boolean,
): Float64Array => {
  const scores = new Float64Array(probabilities[0]!.length);
  for (let s = 0; s < probabilities.length; s++) {
    const p = probabilities[s]!;
    const event = events[s]!;
    const single = p instanceof Float32Array;
    for (let k = 0; k < thresholds.length; k++) {
      const t = thresholds[k]!;
      const edge = single ? Math.fround(t) : t;
      const [alarm, miss] = [matrix[k]![s]! * t, matrix[k]![s]! * (1 - t)];
      for (let i = 0; i < scores.length; i++) {
        const chance = p[i]!;
        const seen = event[i]!;
        const above = onThresholdIsAbove ? chance >= edge : chance > edge;
        if (Number.isNaN(chance) || Number.isNaN(seen)) scores[i] = Number.NaN;
        else if (seen >= 0.5) scores[i]! += above ? 0 : miss;
        else scores[i]! += above ? alarm : 0;
      }
    }
  }
  return scores;
};

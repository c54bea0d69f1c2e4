import type { Values } from "../model/field.ts";

/**
 * Scores of one place each that are consistent for a functional of the distribution (quantile, expectile, Huber
 * mean): no other forecast than the functional has a lower expected score (Gneiting 2011,
 * doi:10.1198/jasa.2011.r10138). NaN where a side is missing.
 */

/** (1{o < f} - level)(f - o). */
export const quantileScores = (f: Values, o: Values, level: number): Float64Array => {
  const scores = new Float64Array(o.length);
  const over = 1 - level;
  for (let i = 0; i < scores.length; i++) {
    const e = f[i]! - o[i]!;
    scores[i] = e > 0 ? over * e : -level * e;
  }
  return scores;
};

/** |1{o < f} - level| (f - o)^2. */
export const expectileScores = (f: Values, o: Values, level: number): Float64Array => {
  const scores = new Float64Array(o.length);
  const over = 1 - level;
  for (let i = 0; i < scores.length; i++) {
    const e = f[i]! - o[i]!;
    scores[i] = (e > 0 ? over : level) * (e * e);
  }
  return scores;
};

/** e^2 / 2 up to |e| = limit, limit (|e| - limit / 2) beyond it; e = f - o. */
export const huberScores = (f: Values, o: Values, limit: number): Float64Array => {
  const scores = new Float64Array(o.length);
  for (let i = 0; i < scores.length; i++) {
    const e = Math.abs(f[i]! - o[i]!);
    scores[i] = e <= limit ? 0.5 * (e * e) : limit * (e - 0.5 * limit);
  }
  return scores;
};

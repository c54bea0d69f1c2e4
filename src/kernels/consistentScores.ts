import type { Values } from "../model/field.ts";

/**
 * Scores of one place each that are consistent for a functional of the distribution (quantile, expectile, Huber
 * mean): no other forecast than the functional has a lower expected score (Gneiting 2011,
 * doi:10.1198/jasa.2011.r10138). Of the places [start, stop), to the beginning of `out`; NaN where a side is missing.
 */
export type ConsistentScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  parameter: number,
  out: Float64Array,
) => void;

/** (1{o < f} - level)(f - o). */
export const quantileScores: ConsistentScores = (f, o, start, stop, level, out) => {
  // Which side is looked up, so that nothing is foretold wrongly where errors have any sign.
  const factors = Float64Array.of(-level, 1 - level);
  for (let i = start; i < stop; i++) {
    const e = f[i]! - o[i]!;
    out[i - start] = factors[Number(e > 0)]! * e;
  }
};

/** |1{o < f} - level| (f - o)^2. */
export const expectileScores: ConsistentScores = (f, o, start, stop, level, out) => {
  const factors = Float64Array.of(level, 1 - level);
  for (let i = start; i < stop; i++) {
    const e = f[i]! - o[i]!;
    out[i - start] = factors[Number(e > 0)]! * (e * e);
  }
};

/** e^2 / 2 up to |e| = limit, limit (|e| - limit / 2) beyond it; e = f - o. */
export const huberScores: ConsistentScores = (f, o, start, stop, limit, out) => {
  const half = 0.5 * limit;
  for (let i = start; i < stop; i++) {
    const e = Math.abs(f[i]! - o[i]!);
    out[i - start] = e <= limit ? 0.5 * (e * e) : limit * (e - half);
  }
};

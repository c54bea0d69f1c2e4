import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/**
 * Scores that are consistent for a functional of the distribution (quantile, expectile, Huber mean): no other forecast
 * than the functional has a lower expected score (Gneiting 2011, doi:10.1198/jasa.2011.r10138). Adds up those of a leaf
 * (`AddLeaf`); a place where a side is missing has none.
 */
export type ConsistentScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  parameter: number,
  out: Float64Array,
) => void;

/** (1{o < f} - level)(f - o). */
export const quantileScores: ConsistentScores = (f, o, start, stop, columns, level, out) => {
  // Looked up, so that nothing is foretold wrongly where errors have any sign.
  const factors = Float64Array.of(-level, 1 - level);
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const e = f[i]! - o[i]!;
    const s = factors[Number(e > 0)]! * e;
    if (Number.isNaN(s)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    sum += c * s;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

/** |1{o < f} - level| (f - o)^2. */
export const expectileScores: ConsistentScores = (f, o, start, stop, columns, level, out) => {
  const factors = Float64Array.of(level, 1 - level);
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const e = f[i]! - o[i]!;
    const s = factors[Number(e > 0)]! * (e * e);
    if (Number.isNaN(s)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    sum += c * s;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

/** e^2 / 2 up to |e| = limit, limit (|e| - limit / 2) beyond it; e = f - o. */
export const huberScores: ConsistentScores = (f, o, start, stop, columns, limit, out) => {
  const half = 0.5 * limit;
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const e = Math.abs(f[i]! - o[i]!);
    const s = e <= limit ? 0.5 * (e * e) : limit * (e - half);
    if (Number.isNaN(s)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    sum += c * s;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";
import { chained, divergence, isPlain, plainDivergence, type ThresholdWeight } from "./thresholdWeight.ts";

/**
 * Adds up threshold-weighted scores of a leaf (`AddLeaf`); a place where a side is missing has none. G = `chained`, D =
 * `divergence`; `parameter` is a level or a limit, where the score has one. Without slopes G is a clipped value.
 */
export type WeightedScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  weight: ThresholdWeight,
  parameter: number,
  out: Float64Array,
) => void;

/** |G(f) - G(o)|. */
export const weightedAbsolute: WeightedScores = (f, o, start, stop, columns, weight, _, out) =>
  quantiles(f, o, start, stop, columns, weight, -1, 1, out);

/** (1{o < f} - level)(G(f) - G(o)). */
export const weightedQuantile: WeightedScores = (f, o, start, stop, columns, weight, level, out) =>
  quantiles(f, o, start, stop, columns, weight, -level, 1 - level, out);

/** 2 D(f, o): the squared error where the weight is 1. */
export const weightedSquared: WeightedScores = (f, o, start, stop, columns, weight, _, out) =>
  expectiles(f, o, start, stop, columns, weight, 2, 2, out);

/** 2 |1{o < f} - level| D(f, o): the expectile score where the weight is 1. */
export const weightedExpectile: WeightedScores = (f, o, start, stop, columns, weight, level, out) =>
  expectiles(f, o, start, stop, columns, weight, 2 * level, 2 * (1 - level), out);

/** D(p, o) + (p - o)(G(f) - G(p)), p between o and f at most `limit` away from o: the Huber score where the weight is 1. */
export const weightedHuber: WeightedScores = (f, o, start, stop, columns, bounds, limit, out) => {
  const { full, ends } = bounds;
  const plain = isPlain(bounds);
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const e = x - y;
    const within = Math.abs(e) <= limit;
    const away = clipped(e, -limit, limit);
    const p = within ? x : y + away;
    let s: number;
    if (!plain) {
      s = divergence(bounds, p, y) + away * (chained(bounds, x) - chained(bounds, p));
    } else if (within) {
      s = plainDivergence(y, clipped(x, full, ends), clipped(y, full, ends));
    } else {
      const atP = clipped(p, full, ends);
      s = plainDivergence(y, atP, clipped(y, full, ends)) + away * (clipped(x, full, ends) - atP);
    }
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

/** G(f) - G(o) times a factor where it is above 0, and another where it is not. */
const quantiles: WithFactors = (f, o, start, stop, columns, bounds, under, over, out) => {
  const { full, ends } = bounds;
  const plain = isPlain(bounds);
  const factors = Float64Array.of(under, over);
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const e = plain
      ? clipped(x, full, ends) - clipped(y, full, ends)
      : chained(bounds, x) - chained(bounds, y);
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

/** D(f, o) times a factor where f is above o, and another where it is not. */
const expectiles: WithFactors = (f, o, start, stop, columns, bounds, under, over, out) => {
  const { full, ends } = bounds;
  const plain = isPlain(bounds);
  const factors = Float64Array.of(under, over);
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const d = plain
      ? plainDivergence(y, clipped(x, full, ends), clipped(y, full, ends))
      : divergence(bounds, x, y);
    const s = factors[Number(x > y)]! * d;
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

type WithFactors = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  bounds: ThresholdWeight,
  under: number,
  over: number,
  out: Float64Array,
) => void;

/** Between two bounds; NaN stays. The ways of `Math.min` and `Math.max` cost more. */
const clipped = (x: number, low: number, high: number): number => {
  if (x < low) return low;
  if (x > high) return high;
  return x;
};

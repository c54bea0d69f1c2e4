import type { Values } from "../../model/field.ts";
import type { Leaves } from "../leafTotal.ts";
import { rowsTotal, type ScoreTotal } from "../scores/scoreTotal.ts";

/**
 * Sums of the CRPS of distribution functions: the integral of (F - 1{x >= o})^2 for F given at ascending thresholds, a field
 * each, and linear between them; beyond them F keeps its first and last value as far as the observation. Two sums: of three
 * times the integral of F^2 below the observation, and of (1 - F)^2 above it. A leaf is computed threshold by threshold:
 * over a piece [a, b] with the ends f and g that of F^2 is (b - a) (f f + f g + g g).
 *
 *     cdfTotal([0, 1], [[0], [1]], [0.5], leaves) // both 3 / 24
 */
export const cdfTotal = (
  thresholds: readonly number[],
  cdf: readonly Values[],
  observed: Values,
  leaves: Leaves,
): ScoreTotal => {
  const last = thresholds.length - 1;
  return rowsTotal(2, leaves, (start, stop, [under, over]) => {
    for (let k = 0; k < last; k++) {
      const [a, b, f, g] = [thresholds[k]!, thresholds[k + 1]!, cdf[k]!, cdf[k + 1]!];
      addPiece(a, b, f, g, k === 0, k === last - 1, observed, start, stop, under!, over!);
    }
  });
};

/** The piece between two thresholds, cut where the observation lies in it; the first begins the rows. */
const addPiece = (
  a: number,
  b: number,
  lower: Values,
  upper: Values,
  isFirst: boolean,
  isLast: boolean,
  observed: Values,
  start: number,
  stop: number,
  under: Float64Array,
  over: Float64Array,
): void => {
  for (let i = start; i < stop; i++) {
    const o = observed[i]!;
    const f = lower[i]!;
    const g = upper[i]!;
    const cut = Math.min(Math.max(o, a), b);
    const m = o < b ? f + ((cut - a) / (b - a)) * (g - f) : g;
    let below = (cut - a) * (f * f + f * m + m * m);
    let above = (b - cut) * ((1 - m) * (1 - m) + (1 - m) * (1 - g) + (1 - g) * (1 - g));
    if (isFirst && o < a) above += 3 * (a - o) * (1 - f) * (1 - f);
    if (isLast && o > b) below += 3 * (o - b) * g * g;
    under[i - start] = isFirst ? below : under[i - start]! + below;
    over[i - start] = isFirst ? above : over[i - start]! + above;
  }
};

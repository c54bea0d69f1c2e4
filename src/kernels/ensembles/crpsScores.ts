import type { Values } from "../../model/field.ts";
import type { SortedMembers } from "./sortedMembers.ts";

/** The parts of the CRPS at each place, NaN where it is no pair: CRPS = under + over - spread. */
export interface CrpsScores {
  /** Mean of (o - x_i)+ over the members present. */
  readonly under: Float64Array;
  /** Mean of (x_i - o)+. */
  readonly over: Float64Array;
  /** sum_ij |x_i - x_j| over 2 M (M - 1) (fair) or 2 M^2 (ecdf). */
  readonly spread: Float64Array;
}

/** Members and target are clipped to [lowest, highest]: numbers, or one a place. */
export interface Clip {
  readonly lowest?: number | Values | undefined;
  readonly highest?: number | Values | undefined;
}

/**
 * The CRPS of an ensemble, place by place, from its sorted members: the spread as a sum over the gaps between
 * neighbours, gap k counted k (M - k) times, which neither cancels nor needs pairs. A place has to have `least` members.
 */
export const crpsScores = (
  sorted: SortedMembers,
  target: Values,
  borders: Uint32Array,
  estimator: "fair" | "ecdf",
  { lowest, highest }: Clip = {},
): CrpsScores => {
  const size = target.length;
  const under = new Float64Array(size).fill(Number.NaN);
  const over = new Float64Array(size).fill(Number.NaN);
  const spread = new Float64Array(size).fill(Number.NaN);
  const least = estimator === "fair" ? 2 : 1;
  const isClipped = lowest !== undefined || highest !== undefined;
  const { stride } = sorted;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    const { values, counts } = sorted.leaf(leaf);
    for (let i = start; i < stop; i++) {
      let o = target[i]!;
      const m = counts[i - start]!;
      if (m < least || Number.isNaN(o)) continue;
      let a = Number.NEGATIVE_INFINITY;
      let b = Number.POSITIVE_INFINITY;
      if (isClipped) {
        a = at(lowest, i, a);
        b = at(highest, i, b);
        if (Number.isNaN(a) || Number.isNaN(b)) continue;
        o = Math.min(Math.max(o, a), b);
      }
      const first = (i - start) * stride;
      let below = 0;
      let above = 0;
      let gaps = 0;
      let last = 0;
      for (let k = 0; k < m; k++) {
        let x = values[first + k]!;
        if (isClipped) x = Math.min(Math.max(x, a), b);
        if (x < o) below += o - x;
        else above += x - o;
        if (k > 0 && x !== last) gaps += k * (m - k) * (x - last);
        last = x;
      }
      under[i] = below / m;
      over[i] = above / m;
      spread[i] = gaps / (m * (estimator === "fair" ? m - 1 : m));
    }
  }
  return { under, over, spread };
};

const at = (limit: number | Values | undefined, i: number, none: number): number =>
  limit === undefined ? none : typeof limit === "number" ? limit : limit[i]!;

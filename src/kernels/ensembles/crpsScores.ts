import type { Values } from "../../model/field.ts";
import { type EnsemblesModule, ensemblesModule } from "./ensemblesModule.ts";
import { memberTiles } from "./memberTiles.ts";
import { sortedMembers } from "./sortedMembers.ts";

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
 * neighbours, gap k counted k (M - k) times, which neither cancels nor needs pairs. A fair one needs two members.
 */
export const crpsScores = (
  members: readonly Values[],
  target: Values,
  borders: Uint32Array,
  estimator: "fair" | "ecdf",
  clip: Clip = {},
): CrpsScores =>
  ensemblesModule === undefined
    ? scalarCrpsScores(members, target, borders, estimator, clip)
    : simdCrpsScores(ensemblesModule, members, target, estimator, clip);

export const simdCrpsScores = (
  module: EnsemblesModule,
  members: readonly Values[],
  target: Values,
  estimator: "fair" | "ecdf",
  { lowest, highest }: Clip,
): CrpsScores => {
  const isClipped = lowest !== undefined || highest !== undefined;
  const limits = isClipped ? [lowest ?? Number.NEGATIVE_INFINITY, highest ?? Number.POSITIVE_INFINITY] : [];
  const scores = blank(target.length);
  memberTiles(
    module,
    members,
    [target, ...limits],
    [scores.under, scores.over, scores.spread],
    (run, places, observed, ...arrays) => {
      const [a, b] = isClipped ? arrays : [0, 0];
      const [under, over, spread] = arrays.slice(limits.length);
      run.crps(...places, observed!, a!, b!, estimator === "fair" ? 2 : 1, under!, over!, spread!);
    },
  );
  return scores;
};

export const scalarCrpsScores = (
  members: readonly Values[],
  target: Values,
  borders: Uint32Array,
  estimator: "fair" | "ecdf",
  { lowest, highest }: Clip,
): CrpsScores => {
  const { under, over, spread } = blank(target.length);
  const least = estimator === "fair" ? 2 : 1;
  const sorted = sortedMembers(members, borders);
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const { values, counts } = sorted.leaf(leaf);
    for (let i = start; i < borders[leaf + 1]!; i++) {
      const m = counts[i - start]!;
      const a = at(lowest, i, Number.NEGATIVE_INFINITY);
      const b = at(highest, i, Number.POSITIVE_INFINITY);
      if (m < least || Number.isNaN(target[i]!) || Number.isNaN(a) || Number.isNaN(b)) continue;
      const o = Math.min(Math.max(target[i]!, a), b);
      const first = (i - start) * sorted.stride;
      let below = 0;
      let above = 0;
      let gaps = 0;
      let last = 0;
      for (let k = 0; k < m; k++) {
        const x = Math.min(Math.max(values[first + k]!, a), b);
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

const blank = (size: number): CrpsScores => ({
  under: new Float64Array(size).fill(Number.NaN),
  over: new Float64Array(size).fill(Number.NaN),
  spread: new Float64Array(size).fill(Number.NaN),
});

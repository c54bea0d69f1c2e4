import type { Values } from "../model/field.ts";
import { addExact, type ExactSum, exactValue } from "./exactSum.ts";
import type { Leaves } from "./leafTotal.ts";
import { eachTile, type WriteTile } from "./scoreTiles.ts";
import type { ScoreTotal } from "./scoreTotal.ts";
import { addProduct, exactProduct, productLow } from "./twoProduct.ts";

/**
 * First and second moments that are the same for any order and cut and survive a large offset.
 *
 * A leaf is added up in one pass as deviations from its first place that is present, so values near 1e6 that vary by
 * 1e-3 lose nothing. What it adds to the sums about zero, w n a b + a sum(v) + b sum(u) + sum(u v) for u = x - a and
 * v = y - b, is added without rounding (two-term products into exact sums). The central moment W sum(xy) - sum(x)
 * sum(y) is then a difference of exact numbers, rounded once: the offset cancels exactly, and a constant series has
 * variance 0 and nothing else.
 */
export interface Moments extends ScoreTotal {
  /** Weighted sums of x, y, x x, y y and x y, exact. */
  readonly sums: readonly [x: ExactSum, y: ExactSum, xx: ExactSum, yy: ExactSum, xy: ExactSum];
}

/** Moments of two arrays over all places where both are present. */
export const momentTotal = (x: Values, y: Values, leaves: Leaves): Moments => {
  const { borders } = leaves;
  const total = momentsOf(leaves);
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    total.add(leaf, x, y, borders[leaf]!, borders[leaf + 1]!);
  }
  return total.sum();
};

/** The same of two arrays that are written a few leaves at a time. */
export const writtenMoments = (leaves: Leaves, write: WriteTile): Moments => {
  const total = momentsOf(leaves);
  eachTile(2, leaves, write, (leaf, arrays, start, stop) =>
    total.add(leaf, arrays[0]!, arrays[1]!, start, stop),
  );
  return total.sum();
};

const momentsOf = ({ weights, columns }: Leaves) => {
  const weight: number[] = [];
  const sums = [[], [], [], [], []] as [number[], number[], number[], number[], number[]];
  const ofLeaf = new Float64Array(7);
  let n = 0;
  return {
    add: (leaf: number, x: Values, y: Values, start: number, stop: number): void => {
      const first = firstPresent(x, y, start, stop);
      const a = first < stop ? x[first]! : 0;
      const b = first < stop ? y[first]! : 0;
      if (columns === undefined) addAlike(x, y, start, stop, a, b, ofLeaf);
      else addWeighed(x, y, start, stop, a, b, columns, ofLeaf);
      const [count, total, su, sv, suu, svv, suv] = ofLeaf as unknown as Seven;
      if (count === 0) return;
      const w = weights[leaf]!;
      const W = w * total;
      n += count;
      addExact(weight, W);
      addProduct(sums[0], W, a);
      addExact(sums[0], w * su);
      addProduct(sums[1], W, b);
      addExact(sums[1], w * sv);
      addSecond(sums[2], W, a, a, w * su, w * su, w * suu);
      addSecond(sums[3], W, b, b, w * sv, w * sv, w * svv);
      addSecond(sums[4], W, a, b, w * su, w * sv, w * suv);
    },
    sum: (): Moments => ({ n, weight, sums }),
  };
};

type Seven = readonly [number, number, number, number, number, number, number];

const addAlike = (
  x: Values,
  y: Values,
  start: number,
  stop: number,
  a: number,
  b: number,
  out: Float64Array,
): void => {
  let count = 0;
  let su = 0;
  let sv = 0;
  let suu = 0;
  let svv = 0;
  let suv = 0;
  for (let i = start; i < stop; i++) {
    const u = x[i]! - a;
    const v = y[i]! - b;
    if (Number.isNaN(u + v)) continue;
    count += 1;
    su += u;
    sv += v;
    suu += u * u;
    svv += v * v;
    suv += u * v;
  }
  out.set([count, count, su, sv, suu, svv, suv]);
};

const addWeighed = (
  x: Values,
  y: Values,
  start: number,
  stop: number,
  a: number,
  b: number,
  columns: Float64Array,
  out: Float64Array,
): void => {
  let count = 0;
  let total = 0;
  let su = 0;
  let sv = 0;
  let suu = 0;
  let svv = 0;
  let suv = 0;
  for (let i = start; i < stop; i++) {
    const u = x[i]! - a;
    const v = y[i]! - b;
    if (Number.isNaN(u + v)) continue;
    const c = columns[i - start]!;
    count += 1;
    total += c;
    su += c * u;
    sv += c * v;
    suu += c * (u * u);
    svv += c * (v * v);
    suv += c * (u * v);
  }
  out.set([count, total, su, sv, suu, svv, suv]);
};

/** The first place where both are present and finite; `stop`: none. */
export const firstPresent = (x: Values, y: Values, start: number, stop: number): number => {
  for (let i = start; i < stop; i++) if (Number.isFinite(x[i]!) && Number.isFinite(y[i]!)) return i;
  return stop;
};

/** Adds W a b + a v + b u + uv, without rounding. */
export const addSecond = (
  sum: number[],
  W: number,
  a: number,
  b: number,
  u: number,
  v: number,
  uv: number,
): void => {
  const high = W * a;
  addProduct(sum, high, b);
  if (high !== 0) addProduct(sum, productLow(W, a, high), b);
  addProduct(sum, a, v);
  addProduct(sum, b, u);
  addExact(sum, uv);
};

/** W sum(ab) - sum(a) sum(b), rounded once: the central moment times W squared. */
export const centralMoment = (weight: ExactSum, ab: ExactSum, a: ExactSum, b: ExactSum): number => {
  const difference = exactProduct(weight, ab);
  for (const part of exactProduct(a, b)) addExact(difference, -part);
  return exactValue(difference);
};

import type { Values } from "../../model/field.ts";
import { addExact, type ExactSum, exactValue } from "../exactSum.ts";
import type { Leaves } from "../leafTotal.ts";
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

/** Moments of two arrays over all places where both are present; with a `normal` those of x - normal and y - normal. */
export const momentTotal = (
  x: Values,
  y: Values,
  { borders, weights, columns }: Leaves,
  normal?: Values,
): Moments => {
  const weight: number[] = [];
  const sums = [[], [], [], [], []] as [number[], number[], number[], number[], number[]];
  const ofLeaf = new Float64Array(7);
  let n = 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    const first = firstOf(x, y, normal, start, stop);
    const base = first < stop ? (normal?.[first] ?? 0) : 0;
    const a = first < stop ? x[first]! - base : 0;
    const b = first < stop ? y[first]! - base : 0;
    if (normal === undefined) {
      const isComplete = columns === undefined && addComplete(x, y, start, stop, a, b, ofLeaf);
      if (!isComplete) addDeviations(x, y, start, stop, a, b, columns, ofLeaf);
    } else addAnomalies(x, y, normal, start, stop, a, b, columns, ofLeaf);
    const count = ofLeaf[0]!;
    if (count === 0) continue;
    const w = weights[leaf]!;
    const W = w * ofLeaf[1]!;
    const su = w * ofLeaf[2]!;
    const sv = w * ofLeaf[3]!;
    n += count;
    addExact(weight, W);
    addProduct(sums[0], W, a);
    addExact(sums[0], su);
    addProduct(sums[1], W, b);
    addExact(sums[1], sv);
    addSecond(sums[2], W, a, a, su, su, w * ofLeaf[4]!);
    addSecond(sums[3], W, b, b, sv, sv, w * ofLeaf[5]!);
    addSecond(sums[4], W, a, b, su, sv, w * ofLeaf[6]!);
  }
  return { n, weight, sums };
};

/** Places after which it is asked whether one was missing: there are more then, most likely. */
const TRIAL = 64;

/** What `addDeviations` does without asking at each place; false where one was missing. */
const addComplete = (
  x: Values,
  y: Values,
  start: number,
  stop: number,
  a: number,
  b: number,
  out: Float64Array,
): boolean => {
  let su = 0;
  let sv = 0;
  let suu = 0;
  let svv = 0;
  let suv = 0;
  let i = start;
  for (let end = Math.min(stop, start + TRIAL); i < stop; end = stop) {
    for (; i < end; i++) {
      const u = x[i]! - a;
      const v = y[i]! - b;
      su += u;
      sv += v;
      suu += u * u;
      svv += v * v;
      suv += u * v;
    }
    if (Number.isNaN(suv)) return false;
  }
  out[0] = stop - start;
  out[1] = stop - start;
  out[2] = su;
  out[3] = sv;
  out[4] = suu;
  out[5] = svv;
  out[6] = suv;
  return true;
};

const addDeviations = (
  x: Values,
  y: Values,
  start: number,
  stop: number,
  a: number,
  b: number,
  columns: Float64Array | undefined,
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
    if (Number.isNaN(u) || Number.isNaN(v)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    total += c;
    su += c * u;
    sv += c * v;
    suu += c * (u * u);
    svv += c * (v * v);
    suv += c * (u * v);
  }
  out[0] = count;
  out[1] = total;
  out[2] = su;
  out[3] = sv;
  out[4] = suu;
  out[5] = svv;
  out[6] = suv;
};

const addAnomalies = (
  x: Values,
  y: Values,
  normal: Values,
  start: number,
  stop: number,
  a: number,
  b: number,
  columns: Float64Array | undefined,
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
    const usual = normal[i]!;
    const u = x[i]! - usual - a;
    const v = y[i]! - usual - b;
    if (Number.isNaN(u) || Number.isNaN(v)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    total += c;
    su += c * u;
    sv += c * v;
    suu += c * (u * u);
    svv += c * (v * v);
    suv += c * (u * v);
  }
  out[0] = count;
  out[1] = total;
  out[2] = su;
  out[3] = sv;
  out[4] = suu;
  out[5] = svv;
  out[6] = suv;
};

/** The first place where both, and what is usual there, are present and finite; `stop`: none. */
const firstOf = (x: Values, y: Values, normal: Values | undefined, start: number, stop: number): number => {
  if (normal === undefined) return firstPresent(x, y, start, stop);
  for (let i = start; i < stop; i++) {
    if (Number.isFinite(x[i]! - normal[i]!) && Number.isFinite(y[i]! - normal[i]!)) return i;
  }
  return stop;
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

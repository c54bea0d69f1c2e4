import type { Values } from "../../model/field.ts";
import { addExact, type ExactSum, exactValue } from "../exactSum.ts";
import { laneSums } from "../leafSums.ts";
import { type LeafWork, type Leaves, leafTotal, withColumns } from "../leafTotal.ts";
import type { ScoreTotal } from "./scoreTotal.ts";
import { addProduct, exactProduct, productLow } from "./twoProduct.ts";

/**
 * First and second moments that are the same for any order and cut and survive a large offset.
 *
 * A leaf is added up in its lanes (`leafSums`) as deviations from its first place that is present, so values near 1e6 that vary by
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
export const momentTotal = (x: Values, y: Values, leaves: Leaves, normal?: Values): Moments =>
  leafTotal(momentWork(x, y, leaves, normal));

export const momentWork = (x: Values, y: Values, leaves: Leaves, normal?: Values): LeafWork<Moments> => {
  const arrays = normal === undefined ? [x, y] : [x, y, normal];
  const [xw, yw, cw = 0] = arrays.map((values) => values.BYTES_PER_ELEMENT);
  return {
    arrays,
    leaves: xw === 4 && yw === 4 && cw === 0 ? leaves : withColumns(leaves),
    sums: 6,
    add: (run, [a, b, c = 0], { columns, leaves }) =>
      run.moments(a!, b!, c, xw!, yw!, cw, columns, ...leaves),
    total: ({ counts, sums: [weight, ...sums] }) => ({
      ...{ n: counts[0], weight: weight! },
      sums: sums as unknown as Moments["sums"],
    }),
    scalar: () => scalarMomentTotal(x, y, leaves, normal),
  };
};

export const scalarMomentTotal = (
  x: Values,
  y: Values,
  { borders, weights, columns }: Leaves,
  normal?: Values,
): Moments => {
  const weight: number[] = [];
  const sums = [[], [], [], [], []] as [number[], number[], number[], number[], number[]];
  let n = 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    const first = firstOf(x, y, normal, start, stop);
    const base = first < stop ? (normal?.[first] ?? 0) : 0;
    const a = first < stop ? x[first]! - base : 0;
    const b = first < stop ? y[first]! - base : 0;
    const found = laneSums(7, start, stop, (i, out) => {
      const usual = normal?.[i] ?? 0;
      const u = x[i]! - usual - a;
      const v = y[i]! - usual - b;
      if (Number.isNaN(u) || Number.isNaN(v)) return;
      const c = columns === undefined ? 1 : columns[i - start]!;
      const parts = [1, c, c * u, c * v, c * (u * u), c * (v * v), c * (u * v)];
      for (let k = 0; k < parts.length; k++) out[k]! += parts[k]!;
    });
    const [count, total, u, v, uu, vv, uv] = found as unknown as Seven;
    if (count === 0) continue;
    const w = weights[leaf]!;
    const [W, su, sv] = [w * total, w * u, w * v];
    n += count;
    addExact(weight, W);
    addProduct(sums[0], W, a);
    addExact(sums[0], su);
    addProduct(sums[1], W, b);
    addExact(sums[1], sv);
    addSecond(sums[2], W, a, a, su, su, w * uu);
    addSecond(sums[3], W, b, b, sv, sv, w * vv);
    addSecond(sums[4], W, a, b, su, sv, w * uv);
  }
  return { n, weight, sums };
};

type Seven = readonly [number, number, number, number, number, number, number];

/** The first place where both, and what is usual there, are present and finite; `stop`: none. */
const firstOf = (x: Values, y: Values, normal: Values | undefined, start: number, stop: number): number => {
  for (let i = start; i < stop; i++) {
    const usual = normal?.[i] ?? 0;
    if (Number.isFinite(x[i]! - usual) && Number.isFinite(y[i]! - usual)) return i;
  }
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

import type { Values } from "../model/field.ts";
import { addExact } from "./exactSum.ts";
import type { Leaves } from "./leafTotal.ts";
import { addSecond, firstPresent } from "./momentTotal.ts";
import type { ScoreTotal } from "./scoreTotal.ts";
import { addProduct } from "./twoProduct.ts";

/**
 * Weighted sums of e = f - o and e e over all places where both are present, as `momentTotal` adds them: deviations
 * from the first error of a leaf, the rest without rounding.
 */
export const errorVariance = (f: Values, o: Values, { borders, weights, columns }: Leaves): ScoreTotal => {
  const weight: number[] = [];
  const sum: number[] = [];
  const squares: number[] = [];
  const ofLeaf = new Float64Array(4);
  let n = 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    const first = firstPresent(f, o, start, stop);
    const a = first < stop ? f[first]! - o[first]! : 0;
    if (columns === undefined) addAlike(f, o, start, stop, a, ofLeaf);
    else addWeighed(f, o, start, stop, a, columns, ofLeaf);
    const [count, total, su, suu] = ofLeaf as unknown as readonly [number, number, number, number];
    if (count === 0) continue;
    const w = weights[leaf]!;
    n += count;
    addExact(weight, w * total);
    addProduct(sum, w * total, a);
    addExact(sum, w * su);
    addSecond(squares, w * total, a, a, w * su, w * su, w * suu);
  }
  return { n, weight, sums: [sum, squares] };
};

const addAlike = (f: Values, o: Values, start: number, stop: number, a: number, out: Float64Array): void => {
  let count = 0;
  let su = 0;
  let suu = 0;
  for (let i = start; i < stop; i++) {
    const u = f[i]! - o[i]! - a;
    if (Number.isNaN(u)) continue;
    count += 1;
    su += u;
    suu += u * u;
  }
  out.set([count, count, su, suu]);
};

const addWeighed = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  a: number,
  columns: Float64Array,
  out: Float64Array,
): void => {
  let count = 0;
  let total = 0;
  let su = 0;
  let suu = 0;
  for (let i = start; i < stop; i++) {
    const u = f[i]! - o[i]! - a;
    if (Number.isNaN(u)) continue;
    const c = columns[i - start]!;
    count += 1;
    total += c;
    su += c * u;
    suu += c * (u * u);
  }
  out.set([count, total, su, suu]);
};

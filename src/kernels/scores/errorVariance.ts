import type { Values } from "../../model/field.ts";
import { addExact } from "../exactSum.ts";
import type { Leaves } from "../leafTotal.ts";
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
    const isComplete = columns === undefined && addComplete(f, o, start, stop, a, ofLeaf);
    if (!isComplete) addDeviations(f, o, start, stop, a, columns, ofLeaf);
    const count = ofLeaf[0]!;
    if (count === 0) continue;
    const w = weights[leaf]!;
    n += count;
    addExact(weight, w * ofLeaf[1]!);
    addProduct(sum, w * ofLeaf[1]!, a);
    addExact(sum, w * ofLeaf[2]!);
    addSecond(squares, w * ofLeaf[1]!, a, a, w * ofLeaf[2]!, w * ofLeaf[2]!, w * ofLeaf[3]!);
  }
  return { n, weight, sums: [sum, squares] };
};

/** Places after which it is asked whether one was missing: there are more then, most likely. */
const TRIAL = 64;

/** What `addDeviations` does without asking at each place; false where one was missing. */
const addComplete = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  a: number,
  out: Float64Array,
): boolean => {
  let su = 0;
  let suu = 0;
  let i = start;
  for (let end = Math.min(stop, start + TRIAL); i < stop; end = stop) {
    for (; i < end; i++) {
      const u = f[i]! - o[i]! - a;
      su += u;
      suu += u * u;
    }
    if (Number.isNaN(suu)) return false;
  }
  out[0] = stop - start;
  out[1] = stop - start;
  out[2] = su;
  out[3] = suu;
  return true;
};

const addDeviations = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  a: number,
  columns: Float64Array | undefined,
  out: Float64Array,
): void => {
  let count = 0;
  let total = 0;
  let su = 0;
  let suu = 0;
  for (let i = start; i < stop; i++) {
    const u = f[i]! - o[i]! - a;
    if (Number.isNaN(u)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    total += c;
    su += c * u;
    suu += c * (u * u);
  }
  out[0] = count;
  out[1] = total;
  out[2] = su;
  out[3] = suu;
};

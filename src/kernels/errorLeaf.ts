import type { Values } from "../model/field.ts";
import { ABSOLUTE, COUNT, ERROR, joined, type LeafSums, SQUARED, WEIGHT } from "./leafSums.ts";

/** Sums of the errors at places of [start, stop) where both sides are present. */
export const errorLeaf = (
  forecast: Values,
  target: Values,
  start: number,
  stop: number,
  columnWeights: Float64Array | undefined,
  out: LeafSums,
): void => {
  if (columnWeights !== undefined) {
    weightedErrorLeaf(forecast, target, start, stop, columnWeights, out);
    return;
  }
  const whole = start + ((stop - start) & ~3);
  let e0 = 0,
    e1 = 0,
    e2 = 0,
    e3 = 0;
  let a0 = 0,
    a1 = 0,
    a2 = 0,
    a3 = 0;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  let i = start;
  for (; i < whole; i += 4) {
    const d0 = forecast[i]! - target[i]!;
    const d1 = forecast[i + 1]! - target[i + 1]!;
    const d2 = forecast[i + 2]! - target[i + 2]!;
    const d3 = forecast[i + 3]! - target[i + 3]!;
    e0 += d0;
    e1 += d1;
    e2 += d2;
    e3 += d3;
    a0 += Math.abs(d0);
    a1 += Math.abs(d1);
    a2 += Math.abs(d2);
    a3 += Math.abs(d3);
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  if (i < stop) {
    const d = forecast[i]! - target[i]!;
    e0 += d;
    a0 += Math.abs(d);
    s0 += d * d;
  }
  if (i + 1 < stop) {
    const d = forecast[i + 1]! - target[i + 1]!;
    e1 += d;
    a1 += Math.abs(d);
    s1 += d * d;
  }
  if (i + 2 < stop) {
    const d = forecast[i + 2]! - target[i + 2]!;
    e2 += d;
    a2 += Math.abs(d);
    s2 += d * d;
  }
  const squared = s0 + s2 + (s1 + s3);
  if (Number.isNaN(squared)) {
    gappyErrorLeaf(forecast, target, start, stop, out);
    return;
  }
  out[COUNT] = stop - start;
  out[WEIGHT] = stop - start;
  out[ERROR] = e0 + e2 + (e1 + e3);
  out[ABSOLUTE] = a0 + a2 + (a1 + a3);
  out[SQUARED] = squared;
};

/** The same lane after lane, with missing places left out. */
const gappyErrorLeaf = (f: Values, o: Values, start: number, stop: number, out: LeafSums): void => {
  const e = [0, 0, 0, 0];
  const a = [0, 0, 0, 0];
  const s = [0, 0, 0, 0];
  let n = 0;
  for (let lane = 0; lane < 4; lane++) {
    let error = 0;
    let absolute = 0;
    let squared = 0;
    for (let i = start + lane; i < stop; i += 4) {
      const d = f[i]! - o[i]!;
      const present = !Number.isNaN(d);
      const x = present ? d : 0;
      n += present ? 1 : 0;
      error += x;
      absolute += Math.abs(x);
      squared += x * x;
    }
    e[lane] = error;
    a[lane] = absolute;
    s[lane] = squared;
  }
  out[COUNT] = n;
  out[WEIGHT] = n;
  out[ERROR] = joined(e);
  out[ABSOLUTE] = joined(a);
  out[SQUARED] = joined(s);
};

const weightedErrorLeaf = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columnWeights: Float64Array,
  out: LeafSums,
): void => {
  const w = [0, 0, 0, 0];
  const e = [0, 0, 0, 0];
  const a = [0, 0, 0, 0];
  const s = [0, 0, 0, 0];
  let n = 0;
  for (let lane = 0; lane < 4; lane++) {
    let total = 0;
    let error = 0;
    let absolute = 0;
    let squared = 0;
    for (let i = start + lane; i < stop; i += 4) {
      const d = f[i]! - o[i]!;
      const present = !Number.isNaN(d);
      const x = present ? d : 0;
      const weight = present ? columnWeights[i - start]! : 0;
      n += present ? 1 : 0;
      total += weight;
      error += weight * x;
      absolute += weight * Math.abs(x);
      squared += weight * (x * x);
    }
    w[lane] = total;
    e[lane] = error;
    a[lane] = absolute;
    s[lane] = squared;
  }
  out[COUNT] = n;
  out[WEIGHT] = joined(w);
  out[ERROR] = joined(e);
  out[ABSOLUTE] = joined(a);
  out[SQUARED] = joined(s);
};

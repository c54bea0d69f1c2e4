import type { Values } from "../model/field.ts";
import { chained, divergence, type ThresholdWeight } from "./thresholdWeight.ts";

/** Threshold-weighted scores of one place each; NaN where a side is missing. G = `chained`, D = `divergence`. */

/** |G(f) - G(o)|. */
export const weightedAbsolute = (f: Values, o: Values, weight: ThresholdWeight): Float64Array => {
  const scores = new Float64Array(o.length);
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.abs(chained(weight, f[i]!) - chained(weight, o[i]!));
  }
  return scores;
};

/** (1{o < f} - level)(G(f) - G(o)). */
export const weightedQuantile = (
  f: Values,
  o: Values,
  weight: ThresholdWeight,
  level: number,
): Float64Array => {
  const scores = new Float64Array(o.length);
  const over = 1 - level;
  for (let i = 0; i < scores.length; i++) {
    const e = chained(weight, f[i]!) - chained(weight, o[i]!);
    scores[i] = e > 0 ? over * e : -level * e;
  }
  return scores;
};

/** 2 D(f, o): the squared error where the weight is 1. */
export const weightedSquared = (f: Values, o: Values, weight: ThresholdWeight): Float64Array => {
  const scores = new Float64Array(o.length);
  for (let i = 0; i < scores.length; i++) scores[i] = 2 * divergence(weight, f[i]!, o[i]!);
  return scores;
};

/** 2 |1{o < f} - level| D(f, o): the expectile score where the weight is 1. */
export const weightedExpectile = (
  f: Values,
  o: Values,
  weight: ThresholdWeight,
  level: number,
): Float64Array => {
  const scores = new Float64Array(o.length);
  for (let i = 0; i < scores.length; i++) {
    const side = f[i]! > o[i]! ? 1 - level : level;
    scores[i] = 2 * side * divergence(weight, f[i]!, o[i]!);
  }
  return scores;
};

/** D(p, o) + (p - o)(G(f) - G(p)), p between o and f at most `limit` away from o: the Huber score where the weight is 1. */
export const weightedHuber = (f: Values, o: Values, weight: ThresholdWeight, limit: number): Float64Array => {
  const scores = new Float64Array(o.length);
  for (let i = 0; i < scores.length; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const away = Math.min(Math.max(x - y, -limit), limit);
    const p = Math.abs(x - y) <= limit ? x : y + away;
    scores[i] = divergence(weight, p, y) + away * (chained(weight, x) - chained(weight, p));
  }
  return scores;
};

import type { Values } from "../model/field.ts";
import { chained, divergence, isPlain, plainDivergence, type ThresholdWeight } from "./thresholdWeight.ts";

/**
 * Threshold-weighted scores of the places [start, stop), to the beginning of `out`; NaN where a side is missing.
 * G = `chained`, D = `divergence`; `parameter` is a level or a limit, where the score has one.
 */
export type WeightedScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  weight: ThresholdWeight,
  parameter: number,
  out: Float64Array,
) => void;

/** |G(f) - G(o)|. */
export const weightedAbsolute: WeightedScores = (f, o, start, stop, weight, _, out) => {
  chainedErrors(f, o, start, stop, weight, out);
  for (let i = 0; i < stop - start; i++) out[i] = Math.abs(out[i]!);
};

/** (1{o < f} - level)(G(f) - G(o)). */
export const weightedQuantile: WeightedScores = (f, o, start, stop, weight, level, out) => {
  chainedErrors(f, o, start, stop, weight, out);
  const factors = Float64Array.of(-level, 1 - level);
  for (let i = 0; i < stop - start; i++) out[i] = factors[Number(out[i]! > 0)]! * out[i]!;
};

/** 2 D(f, o): the squared error where the weight is 1. */
export const weightedSquared: WeightedScores = (f, o, start, stop, weight, _, out) => {
  divergences(f, o, start, stop, weight, out);
  for (let i = 0; i < stop - start; i++) out[i] = 2 * out[i]!;
};

/** 2 |1{o < f} - level| D(f, o): the expectile score where the weight is 1. */
export const weightedExpectile: WeightedScores = (f, o, start, stop, weight, level, out) => {
  divergences(f, o, start, stop, weight, out);
  const factors = Float64Array.of(2 * level, 2 * (1 - level));
  for (let i = start; i < stop; i++) {
    out[i - start] = factors[Number(f[i]! > o[i]!)]! * out[i - start]!;
  }
};

/** D(p, o) + (p - o)(G(f) - G(p)), p between o and f at most `limit` away from o: the Huber score where the weight is 1. */
export const weightedHuber: WeightedScores = (f, o, start, stop, weight, limit, out) => {
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const e = x - y;
    const within = Math.abs(e) <= limit;
    const away = within ? e : e > limit ? limit : e < -limit ? -limit : e;
    const p = within ? x : y + away;
    out[i - start] = divergence(weight, p, y) + away * (chained(weight, x) - chained(weight, p));
  }
};

/** G(f) - G(o). */
const chainedErrors: WithoutParameter = (f, o, start, stop, weight, out) => {
  if (!isPlain(weight)) {
    for (let i = start; i < stop; i++) out[i - start] = chained(weight, f[i]!) - chained(weight, o[i]!);
    return;
  }
  const { full, ends } = weight;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    out[i - start] = (x < full ? full : x > ends ? ends : x) - (y < full ? full : y > ends ? ends : y);
  }
};

/** D(f, o). */
const divergences: WithoutParameter = (f, o, start, stop, weight, out) => {
  if (!isPlain(weight)) {
    for (let i = start; i < stop; i++) out[i - start] = divergence(weight, f[i]!, o[i]!);
    return;
  }
  const { full, ends } = weight;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const atF = x < full ? full : x > ends ? ends : x;
    const atO = y < full ? full : y > ends ? ends : y;
    out[i - start] = plainDivergence(y, atF, atO);
  }
};

type WithoutParameter = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  weight: ThresholdWeight,
  out: Float64Array,
) => void;

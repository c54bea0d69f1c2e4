import type { Weights } from "../model/pair.ts";

const RADIANS = Math.PI / 180;

/**
 * Weight of every row of a grid from its whole latitude axis (degrees): cut a window out afterwards, so that a
 * row weighs the same in every window.
 *
 * `area`: exact share of the sphere, sin(upper bound) - sin(lower bound); bounds lie half-way between latitudes,
 * the outer ones as far outside as the inner ones are inside, cut at the poles. A single latitude weighs 1.
 * `cosine`: cos(latitude). `none`: 1.
 *
 *     rowWeights(Float64Array.of(-45, 45), "area") // [1, 1]
 */
export const rowWeights = (latitude: Float64Array, kind: Weights): Float64Array => {
  const n = latitude.length;
  if (kind === "none" || n === 1) return new Float64Array(n).fill(1);
  if (kind === "cosine") return latitude.map((degrees) => Math.cos(degrees * RADIANS));
  const bound = (i: number): number => {
    const degrees =
      i === 0
        ? latitude[0]! - (latitude[1]! - latitude[0]!) / 2
        : i === n
          ? latitude[n - 1]! + (latitude[n - 1]! - latitude[n - 2]!) / 2
          : (latitude[i - 1]! + latitude[i]!) / 2;
    return Math.sin(Math.min(90, Math.max(-90, degrees)) * RADIANS);
  };
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) weights[i] = Math.abs(bound(i + 1) - bound(i));
  return weights;
};

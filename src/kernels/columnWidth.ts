import { samePlace } from "./axis.ts";
import { unroll } from "./circle.ts";

/**
 * Width of every column of a grid, from its whole longitude axis, where columns are not evenly spaced: bounds lie
 * half-way, the outer ones mirrored or, on a grid round the globe, shared. The mean width is 1. Undefined where
 * all columns are alike (within the rounding of float32 degrees, or 1e-5 of a spacing).
 */
export const columnWidths = (longitude: Float64Array): Float64Array | undefined => {
  const { order, offset, closed } = unroll(longitude);
  const n = order.length;
  if (n < 2) return undefined;
  const gap = (i: number): number =>
    i >= 0 && i < n - 1
      ? offset[i + 1]! - offset[i]!
      : closed
        ? 360 - offset[n - 1]!
        : i < 0
          ? offset[1]! - offset[0]!
          : offset[n - 1]! - offset[n - 2]!;
  const mean = (closed ? 360 : offset[n - 1]!) / (closed ? n : n - 1);
  const widths = new Float64Array(longitude.length);
  let even = true;
  for (let i = 0; i < n; i++) {
    if (Math.abs(gap(i) - mean) > 2 * samePlace(mean) * mean) even = false;
    widths[order[i]!] = (gap(i - 1) + gap(i)) / 2 / mean;
  }
  return even ? undefined : widths;
};

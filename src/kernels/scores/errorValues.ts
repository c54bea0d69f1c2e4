import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/**
 * f - o at the places [start, stop), to the beginning of `out`; NaN where either is missing. With a `period` (360 for
 * directions in degrees) the shorter way around the circle, above -period/2 up to period/2.
 */
export const errorValues = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  period: number | undefined,
  out: Float64Array,
): void => {
  if (period === undefined) {
    for (let i = start; i < stop; i++) out[i - start] = f[i]! - o[i]!;
    return;
  }
  for (let i = start; i < stop; i++) out[i - start] = shorterWay(f[i]! - o[i]!, period);
};

/** A difference on a circle: in (-period/2, period/2]. */
const shorterWay = (difference: number, period: number): number => {
  // The remainder of a division is exact, and slow: of most differences it is the difference itself.
  const rest = Math.abs(difference) < period ? difference : difference % period;
  const half = period / 2;
  return rest > half ? rest - period : rest <= -half ? rest + period : rest;
};

/** Adds up e, |e| and e e of a leaf (`AddLeaf`) on a circle, where both sides are present. */
export const errorParts = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  period: number,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let error = 0;
  let absolute = 0;
  let squared = 0;
  for (let i = start; i < stop; i++) {
    const difference = f[i]! - o[i]!;
    if (Number.isNaN(difference)) continue;
    const e = shorterWay(difference, period);
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    error += c * e;
    absolute += c * Math.abs(e);
    squared += c * (e * e);
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = error;
  out[SCORES + 1] = absolute;
  out[SCORES + 2] = squared;
};

/** Adds up 1{|e| >= edge} of each edge of a leaf (`AddLeaf`); a place where a side is missing has none. */
export const errorsBeyond = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  period: number | undefined,
  edges: Float64Array,
  out: Float64Array,
): void => {
  const many = edges.length;
  let count = 0;
  let weight = 0;
  for (let i = start; i < stop; i++) {
    const difference = f[i]! - o[i]!;
    if (Number.isNaN(difference)) continue;
    const size = Math.abs(period === undefined ? difference : shorterWay(difference, period));
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    for (let k = 0; k < many; k++) if (size >= edges[k]!) out[SCORES + k]! += c;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
};

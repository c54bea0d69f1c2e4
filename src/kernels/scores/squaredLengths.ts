import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/** Adds up (uf - uo)^2 + (vf - vo)^2 of a leaf (`AddLeaf`); a place where one of them is missing has none. */
export const squaredLengths = (
  [uf, vf]: readonly [Values, Values],
  [uo, vo]: readonly [Values, Values],
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const u = uf[i]! - uo[i]!;
    const v = vf[i]! - vo[i]!;
    const s = u * u + v * v;
    if (Number.isNaN(s)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    sum += c * s;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

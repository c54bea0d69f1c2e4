import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/**
 * Adds up |f - o| / (|o| + share |f|) of a leaf (`AddLeaf`); a place where a side is missing or both are 0 has none.
 */
export const relativeErrors = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  share: 0 | 1,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const s = share === 0 ? Math.abs((x - y) / y) : Math.abs(x - y) / (Math.abs(x) + Math.abs(y));
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

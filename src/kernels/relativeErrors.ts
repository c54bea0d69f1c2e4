import type { Values } from "../model/field.ts";

/**
 * |f - o| / (|o| + share |f|) at the places [start, stop), to the beginning of `out`; NaN where a side is missing or both
 * are 0.
 */
export const relativeErrors = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  share: 0 | 1,
  out: Float64Array,
): void => {
  if (share === 0) {
    for (let i = start; i < stop; i++) out[i - start] = Math.abs((f[i]! - o[i]!) / o[i]!);
    return;
  }
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    out[i - start] = Math.abs(x - y) / (Math.abs(x) + Math.abs(y));
  }
};

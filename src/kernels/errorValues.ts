import type { Values } from "../model/field.ts";

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
  const half = period / 2;
  for (let i = start; i < stop; i++) {
    const e = f[i]! - o[i]!;
    // The remainder of a division is exact, and slow: of most errors it is the error itself.
    const rest = Math.abs(e) < period ? e : e % period;
    out[i - start] = rest > half ? rest - period : rest <= -half ? rest + period : rest;
  }
};

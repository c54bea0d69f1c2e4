import type { Values } from "../model/field.ts";

/**
 * f - o place by place, NaN where either is missing. With a `period` (360 for directions in degrees) the shorter way
 * around the circle, above -period/2 up to period/2.
 */
export const errorValues = (f: Values, o: Values, period: number | undefined): Float64Array => {
  const errors = new Float64Array(o.length);
  if (period === undefined) {
    for (let i = 0; i < errors.length; i++) errors[i] = f[i]! - o[i]!;
    return errors;
  }
  for (let i = 0; i < errors.length; i++) errors[i] = shorterWay(f[i]! - o[i]!, period);
  return errors;
};

/** A difference on a circle: in (-period/2, period/2]. The remainder of a division is exact. */
export const shorterWay = (difference: number, period: number): number => {
  const rest = difference % period;
  const half = period / 2;
  return rest > half ? rest - period : rest <= -half ? rest + period : rest;
};

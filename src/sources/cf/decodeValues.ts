import type { Values } from "../../model/field.ts";
import type { Decoding } from "./decoding.ts";

const endless = (values: Values): boolean => {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return true;
  }
  return false;
};

/**
 * Turns stored numbers into values, in place: missing ones become NaN, the others are unpacked and converted in
 * float64 (`values` is Float64Array unless `decoding.plain`). Returns whether any that is not missing is infinite.
 */
export const decodeValues = (values: Values, decoding: Decoding): boolean => {
  const { markers, low, high, scale, offset, conversion } = decoding;
  const { multiply, divide, add } = conversion;
  const bounded = low > Number.NEGATIVE_INFINITY || high < Number.POSITIVE_INFINITY;
  const count = markers.length;
  const first = count > 0 ? markers[0]! : Number.NaN;
  const packed = scale !== 1 || offset !== 0;
  const converted = multiply !== divide || add !== 0;
  if (!bounded && count === 0 && !packed && !converted) return endless(values);
  let infinite = false;
  for (let i = 0; i < values.length; i++) {
    let value = values[i]!;
    if (value === first || (bounded && !(value >= low && value <= high))) {
      values[i] = Number.NaN;
      continue;
    }
    if (count > 1) {
      let missing = false;
      for (let m = 1; m < count; m++) if (value === markers[m]!) missing = true;
      if (missing) {
        values[i] = Number.NaN;
        continue;
      }
    }
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) infinite = true;
    if (packed) value = value * scale + offset;
    if (converted) value = (value * multiply) / divide + add;
    values[i] = value;
  }
  return infinite;
};

/** How many stored numbers are infinite and not missing. */
export const countInfinite = (stored: Float64Array, { markers, low, high }: Decoding): number => {
  let count = 0;
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!;
    if (Math.abs(value) === Number.POSITIVE_INFINITY && !markers.includes(value)) {
      if (value >= low && value <= high) count += 1;
    }
  }
  return count;
};

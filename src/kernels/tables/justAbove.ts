/** 2^-149. */
const SMALLEST_SINGLE = 1.401298464324817e-45;

/**
 * The smallest number above `value` of float64, or of float32 where `single`: `x > value` is `x >= justAbove(value)`
 * for numbers of that precision. NaN, which no number reaches, above Infinity.
 */
export const justAbove = (value: number, single: boolean): number => {
  if (value === Number.POSITIVE_INFINITY || Number.isNaN(value)) return Number.NaN;
  if (value === 0) return single ? SMALLEST_SINGLE : Number.MIN_VALUE;
  if (single) {
    const floats = Float32Array.of(value);
    const bits = new Int32Array(floats.buffer);
    bits[0]! += value > 0 ? 1 : -1;
    return floats[0]!;
  }
  const floats = Float64Array.of(value);
  const bits = new BigInt64Array(floats.buffer);
  bits[0]! += value > 0 ? 1n : -1n;
  return floats[0]!;
};

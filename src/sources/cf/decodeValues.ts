import { type ValuesModule, valuesModule } from "../../kernels/valuesModule.ts";
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
export const decodeValues = (values: Values, decoding: Decoding): boolean =>
  valuesModule === undefined || (values instanceof Float32Array && !isExact(decoding))
    ? scalarDecodeValues(values, decoding)
    : simdDecodeValues(valuesModule, values, decoding);

/** Whether markers and bounds are float32 and nothing is computed, so that float32 is compared as float32. */
const isExact = ({ markers, low, high, plain }: Decoding): boolean =>
  plain && [...markers, low, high].every((number) => Math.fround(number) === number);

/** Values in a tile: they stay in a cache of the processor. */
const TILE = 8_192;
/** What `decode32` and `decode64` say. */
const INFINITE = 1;
const MISSING = 2;

/** The same by SIMD, a tile after another; float32 only where `isExact`. */
export const simdDecodeValues = (module: ValuesModule, values: Values, decoding: Decoding): boolean => {
  const { markers, low, high, scale, offset, conversion } = decoding;
  const { multiply, divide, add } = conversion;
  const packed = scale !== 1 || offset !== 0;
  const converted = multiply !== divide || add !== 0;
  const bounded = low > Number.NEGATIVE_INFINITY || high < Number.POSITIVE_INFINITY;
  const asStored = !bounded && markers.length === 0 && !packed && !converted;
  const { u8, f32, f64, base, run } = module.room(TILE * 8 + markers.length * 8, values);
  const single = values instanceof Float32Array;
  const memory = single ? f32 : f64;
  const first = base / values.BYTES_PER_ELEMENT;
  const markersAt = base + TILE * 8;
  const marked = [markersAt, markers.length, low, high] as const;
  f64.set(markers, markersAt >> 3);
  const decode = (address: number, count: number): number =>
    asStored
      ? (single ? run.endless32 : run.endless64)(address, count)
      : single
        ? run.decode32(address, count, ...marked)
        : run.decode64(address, count, ...marked, packed, scale, offset, converted, multiply, divide, add);
  // Fours of values where they lie, if the module can reach them; the others a tile after another in its scratch.
  const inPlace = values.buffer === u8.buffer ? values.length & ~3 : 0;
  let infinite = inPlace > 0 && (decode(values.byteOffset, inPlace) & INFINITE) !== 0;
  for (let at = inPlace; at < values.length; at += TILE) {
    const part = values.subarray(at, at + TILE);
    const count = part.length;
    memory.set(part, first);
    const met = decode(base, count);
    if ((met & INFINITE) !== 0) infinite = true;
    if (packed || converted || (met & MISSING) !== 0) part.set(memory.subarray(first, first + count));
  }
  return infinite;
};

/** The same where there is no SIMD. */
export const scalarDecodeValues = (values: Values, decoding: Decoding): boolean => {
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

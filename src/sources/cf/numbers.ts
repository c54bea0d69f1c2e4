import type { StoredValues } from "../storedArray.ts";

/** Eight bytes of a float64, little-endian, as base64: how xarray writes `_FillValue` of floats in Zarr v3. */
const encoded = (text: string): number | undefined => {
  if (!/^[A-Za-z0-9+/]{11}=$/.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new DataView(bytes.buffer).getFloat64(0, true);
};

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  "+infinity": Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** A number as JSON holds it: plain, a big integer, or one of the words for what JSON has no number for. */
export const plainNumber = (value: unknown): number | undefined => {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return words[value.trim().toLowerCase()];
  return undefined;
};

/** A marker of missing values, in any of the ways attributes hold them. */
export const markerNumber = (value: unknown): number | undefined => {
  const plain = plainNumber(value);
  if (plain !== undefined || typeof value !== "string") return plain;
  const text = value.trim();
  return encoded(text) ?? (text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined);
};

/** Values as float64; 64-bit integers beyond 2^53 lose their last digits. */
export const toFloat64 = (values: StoredValues): Float64Array => {
  if (values instanceof Float64Array) return values;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const out = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) out[i] = Number(values[i]!);
    return out;
  }
  return Float64Array.from(values);
};

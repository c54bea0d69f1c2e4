import type { StoredArray } from "../storedArray.ts";
import type { Conversion } from "./convertUnit.ts";
import { isIdentity } from "./convertUnit.ts";
import { markerNumber, plainNumber } from "./numbers.ts";
import { packingOf, refuseAttribute, single } from "./packing.ts";
import { markerOfSign } from "./signedness.ts";

/** How stored numbers become values: what is missing (before unpacking), the packing, and the unit. */
export interface Decoding {
  /** Stored numbers that mean "missing"; NaN always does. */
  readonly markers: readonly number[];
  /** Stored numbers outside are missing. */
  readonly low: number;
  readonly high: number;
  /** Value = stored * scale + offset. */
  readonly scale: number;
  readonly offset: number;
  readonly conversion: Conversion;
  /** Whether float32 may stay float32: neither packed nor converted. */
  readonly plain: boolean;
}

/** Whether stored numbers are values as they are. */
export const isAsStored = ({ plain, markers, low, high }: Decoding): boolean =>
  plain && markers.length === 0 && low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;

interface Options {
  /** For messages. */
  readonly address: string;
  readonly conversion: Conversion;
  /** Whether chunks that are absent hold the fill value as data. */
  readonly absentIsFill: boolean;
}

/**
 * Reads the CF attributes of a data variable: `scale_factor`, `add_offset` (section 8.1), `_FillValue`,
 * `missing_value`, `valid_min`, `valid_max`, `valid_range` (section 2.5.1). A format's own fill value marks missing
 * values in Zarr v2 (as xarray reads it), in v3 it does not. Where absent chunks hold the fill value as data
 * (`absent: "fill"`), the fill of an unpacked array is a value everywhere; in a packed one it stays a marker.
 *
 * Throws `MetadataInvalid` for attributes that are no numbers: packed integers are never taken for values.
 */
export const decodingOf = (array: StoredArray, { address, conversion, absentIsFill }: Options): Decoding => {
  const { attributes, dataType, fill } = array;
  const refuse = (key: string, value: unknown, wanted: string): never =>
    refuseAttribute(address, array, key, value, wanted);
  const marked = (marker: number) => markerOfSign(marker, dataType, attributes);
  const bound = (key: string, otherwise: number): number => {
    const value = single(attributes[key]);
    if (value === undefined || value === null) return otherwise;
    const found = plainNumber(value);
    if (found === undefined) return refuse(key, value, "a number");
    return Number.isNaN(found) ? otherwise : found;
  };
  const { scale, offset } = packingOf(address, array);
  const packed = scale !== 1 || offset !== 0;
  const stored = dataType === "float32" ? Math.fround : (value: number) => value;

  const markers = new Set<number>();
  for (const key of ["_FillValue", "missing_value"]) {
    for (const value of [attributes[key]].flat()) {
      if (value === undefined || value === null) continue;
      const marker = markerNumber(value);
      if (marker === undefined) refuse(key, value, "a number or a list of numbers");
      else markers.add(stored(marked(marker)));
    }
  }
  // writers of version 2 state the names of dimensions in this attribute, those of version 3 do not
  const masked = array.fillIsMissing ?? "_ARRAY_DIMENSIONS" in attributes;
  if (fill !== null && masked && (packed || !absentIsFill)) markers.add(stored(marked(Number(fill))));
  markers.delete(Number.NaN);

  const range = attributes.valid_range;
  if (range !== undefined && range !== null && !(Array.isArray(range) && range.length === 2)) {
    refuse("valid_range", range, "a list of two numbers");
  }
  const [least, most] = Array.isArray(range) ? range : [undefined, undefined];
  for (const end of [least, most]) {
    if (end !== undefined && end !== null && plainNumber(end) === undefined) {
      refuse("valid_range", range, "a list of two numbers");
    }
  }
  const stated = (end: unknown, otherwise: number): number => {
    const found = plainNumber(end) ?? Number.NaN;
    return Number.isNaN(found) ? otherwise : found;
  };
  let low = marked(bound("valid_min", stated(least, Number.NEGATIVE_INFINITY)));
  let high = marked(bound("valid_max", stated(most, Number.POSITIVE_INFINITY)));
  const whole = (value: number) => Number.isInteger(value) || !Number.isFinite(value);
  if (packed && /int/.test(dataType) && !(whole(low) && whole(high))) {
    // bounds of packed integers that are no integers are bounds of the unpacked values (NetCDF users' guide, A.1)
    const ends = [(low - offset) / scale, (high - offset) / scale];
    low = Math.ceil(Math.min(...ends) - 1e-6);
    high = Math.floor(Math.max(...ends) + 1e-6);
  }
  if (low > high) {
    refuse(range === undefined ? "valid_min" : "valid_range", range ?? low, `a bound not above ${high}`);
  }
  return {
    markers: [...markers],
    low: stored(low),
    high: stored(high),
    scale,
    offset,
    conversion,
    plain: !packed && isIdentity(conversion) && (dataType === "float32" || dataType === "float16"),
  };
};

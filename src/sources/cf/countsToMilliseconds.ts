import { EwbError } from "../../model/errors.ts";
import type { StoredValues } from "../storedArray.ts";
import type { AxisValues } from "./axisValues.ts";
import { coordinateNumbers } from "./coordinateNumbers.ts";
import { markerNumber } from "./numbers.ts";
import { packingOf } from "./packing.ts";
import { markerOfSign } from "./signedness.ts";
import type { Span } from "./timeUnit.ts";

/** Half the distance of float32 numbers, relative: 2^-24. */
const halfStep = 1 / 16_777_216;
const notATime = -9_223_372_036_854_775_808n;

/** Numbers that mean "missing" on a time axis. A fill value of 0 is what writers state by default: 0 stays a time. */
const markers = ({ attributes, dataType, fill }: AxisValues): readonly number[] => {
  const stated = [attributes._FillValue, attributes.missing_value].flat();
  return [...stated.map(markerNumber), fill === null ? undefined : Number(fill)]
    .filter((marker): marker is number => marker !== undefined && marker !== 0)
    .map((marker) => markerOfSign(marker, dataType, attributes));
};

/** Packed counts unpacked; plain ones as they are stored, 64-bit integers with all their digits. */
const countsOf = (axis: AxisValues): StoredValues => {
  const { scale, offset } = packingOf(axis.source, { name: axis.variable, attributes: axis.attributes });
  return scale === 1 && offset === 0 ? axis.values : coordinateNumbers(axis);
};

const refuse = (axis: AxisValues, index: number, found: string): never => {
  throw new EwbError(
    "MetadataInvalid",
    `${axis.source}: ${axis.variable} has ${found} at index ${index}; every entry of a time axis must be a time. ` +
      "Write the axis without gaps, or leave out that part of the store",
    { source: axis.source, variable: axis.variable },
  );
};

const integers = (values: BigInt64Array | BigUint64Array, [multiply, divide]: Span): Float64Array => {
  const out = new Float64Array(values.length);
  const safe = BigInt(Math.floor(Number.MAX_SAFE_INTEGER / multiply));
  const whole = BigInt(divide);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value <= safe && value >= -safe) out[i] = (Number(value) * multiply) / divide;
    else out[i] = Number(value / whole) * multiply + (Number(value % whole) * multiply) / divide;
  }
  return out;
};

const numbers = (
  values: Exclude<StoredValues, BigInt64Array | BigUint64Array>,
  [multiply, divide]: Span,
): Float64Array => {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = (values[i]! * multiply) / divide;
  return out;
};

/**
 * float32 holds 30.5 h in days to 3 ms only: where half a step of it is more than that of a millisecond, the whole
 * second (for large counts the whole minute or hour) that the number stands for is meant.
 */
const roundSingle = (time: number, count: number, [multiply, divide]: Span): number => {
  const step = (Math.abs(count) * halfStep * multiply) / divide;
  for (const [whole, from] of [
    [3_600_000, 30_000],
    [60_000, 500],
    [1000, 0.5],
  ] as const) {
    if (step < from) continue;
    const rounded = Math.round(time / whole) * whole;
    if (Math.abs(rounded - time) <= step) return rounded;
  }
  return time;
};

/**
 * Counts of a unit as milliseconds from a reference, rounded to the millisecond; 64-bit integers keep all their
 * digits. Throws `MetadataInvalid`, naming the index, for a missing entry or one outside `low` to `high`.
 */
export const countsToMilliseconds = (
  axis: AxisValues,
  span: Span,
  reference: number,
  [low, high, range]: readonly [low: number, high: number, range: string],
): Float64Array => {
  const { values } = axis;
  const counts = countsOf(axis);
  const big = counts instanceof BigInt64Array || counts instanceof BigUint64Array;
  const missing = markers(axis);
  const out = big ? integers(counts, span) : numbers(counts, span);
  const whole = Math.floor(reference);
  const rest = reference - whole;
  for (let i = 0; i < out.length; i++) {
    const value = values[i]!;
    if (value === notATime) refuse(axis, i, "no time (NaT)");
    if (Number.isNaN(value as number)) refuse(axis, i, "a missing value (NaN)");
    if (missing.length > 0 && missing.includes(Number(value))) {
      refuse(axis, i, `a missing value (${value})`);
    }
    let time = Math.round(out[i]! + rest) + whole;
    if (counts instanceof Float32Array) time = roundSingle(time, counts[i]!, span);
    if (!(time >= low && time <= high)) refuse(axis, i, `${value}, which is outside ${range},`);
    out[i] = time;
  }
  return out;
};

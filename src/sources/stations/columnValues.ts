import type { DecodedArray } from "hyparquet";
import { EwbError } from "../../model/errors.ts";
import { parseReference, spanOf } from "../cf/timeUnit.ts";

/** A column and where it is, for messages; `firstRow` of the file. */
export interface ColumnPlace {
  readonly address: string;
  readonly column: string;
  readonly firstRow: number;
}

const refuse = (
  { address, column, firstRow }: ColumnPlace,
  i: number,
  value: unknown,
  wanted: string,
): never => {
  const shown = typeof value === "bigint" ? `${value}` : JSON.stringify(value);
  throw new EwbError(
    "InvalidValue",
    `${address}: ${column} is ${shown} in row ${firstRow + i}; ${wanted} was expected`,
    {
      source: address,
      variable: column,
      line: firstRow + i,
    },
  );
};

/** Numbers of a column, NaN where it has none; numbers written as text are numbers. float32 stays float32. */
export const numbersOf = (values: DecodedArray, place: ColumnPlace): Float32Array | Float64Array => {
  if (values instanceof Float32Array || values instanceof Float64Array) return values;
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value === "number") out[i] = value;
    else if (value === null || value === undefined) out[i] = Number.NaN;
    else if (typeof value === "bigint") out[i] = Number(value);
    else if (typeof value === "boolean") out[i] = value ? 1 : 0;
    else if (typeof value === "string") {
      const text = value.trim();
      const number = text === "" || /^(nan|na|null)$/i.test(text) ? Number.NaN : Number(text);
      if (Number.isNaN(number) && text !== "" && !/^(nan|na|null)$/i.test(text))
        refuse(place, i, value, "a number");
      out[i] = number;
    } else refuse(place, i, String(value), "a number");
  }
  return out;
};

/** Milliseconds a count of the column's unit stands for, by the size of the largest: seconds since 1970 or finer. */
const guessedSpan = (largest: number): readonly [name: string, milliseconds: number] => {
  if (largest < 1e11) return ["seconds", 1000];
  if (largest < 1e14) return ["milliseconds", 1];
  return largest < 1e17 ? ["microseconds", 1e-3] : ["nanoseconds", 1e-6];
};

export interface TimeReader {
  (values: DecodedArray, place: ColumnPlace): Float64Array;
  readonly warnings: readonly string[];
}

/**
 * Times of a column in milliseconds UTC, NaN where it has none: timestamps (`isTimestamp`: they come as
 * milliseconds), texts (UTC without a zone; no 30 February) or numbers in `unit` ("seconds since 1970-01-01"). Numbers
 * without a unit are counts since 1970 in the unit their size implies, and a warning says so.
 */
export const timeReader = (isTimestamp: boolean, unit: string | undefined): TimeReader => {
  const warnings: string[] = [];
  let scale: { readonly multiply: number; readonly divide: number; readonly from: number } | undefined;
  const scaleOf = (place: ColumnPlace, numbers: Float32Array | Float64Array) => {
    if (isTimestamp) return { multiply: 1, divide: 1, from: 0 };
    if (unit !== undefined) {
      const match = /^\s*(\S+?)(?:\s+since\s+(.+))?$/i.exec(unit);
      const span = match && spanOf(match[1]!);
      const from = match?.[2] === undefined ? 0 : parseReference(match[2], "proleptic_gregorian");
      if (span && from !== undefined) return { multiply: span[0], divide: span[1], from };
      throw new EwbError(
        "Unit",
        `${place.address}: "${unit}" is no unit of time for ${place.column}; e.g. "seconds since 1970-01-01" was expected`,
        { source: place.address, variable: place.column },
      );
    }
    let largest = 0;
    for (const value of numbers) if (Math.abs(value) > largest) largest = Math.abs(value);
    const [name, milliseconds] = guessedSpan(largest);
    warnings.push(
      `${place.address}: ${place.column} holds numbers without a unit; taken as ${name} since 1970-01-01`,
    );
    return milliseconds >= 1
      ? { multiply: milliseconds, divide: 1, from: 0 }
      : { multiply: 1, divide: Math.round(1 / milliseconds), from: 0 };
  };
  const read = (values: DecodedArray, place: ColumnPlace): Float64Array => {
    const out = new Float64Array(values.length);
    if (Array.prototype.some.call(values, (value) => typeof value === "string")) {
      for (let i = 0; i < values.length; i++) {
        const text: unknown = values[i];
        const empty = text === null || text === undefined || text === "";
        const time = empty ? Number.NaN : parseReference(String(text), "proleptic_gregorian");
        out[i] =
          time === undefined
            ? refuse(place, i, text, "a time such as 2019-03-01 00:00:00")
            : Math.round(time);
      }
      return out;
    }
    const numbers = numbersOf(values, place);
    if (numbers.length === 0) return out;
    scale ??= scaleOf(place, numbers);
    const { multiply, divide, from } = scale;
    for (let i = 0; i < out.length; i++) out[i] = Math.round((numbers[i]! * multiply) / divide + from);
    return out;
  };
  return Object.assign(read, { warnings });
};

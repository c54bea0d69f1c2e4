import { CodecError } from "./codecError.ts";

export type ElementName =
  | "bool"
  | `int${8 | 16 | 32 | 64}`
  | `uint${8 | 16 | 32 | 64}`
  | `float${16 | 32 | 64}`
  | "datetime64"
  | "timedelta64";

/**
 * One element of an array as stored. `unit` is numpy's text, of datetime64 and timedelta64 only: `ns`, `h`, `25s`;
 * their not-a-time is the least int64.
 */
export interface ElementType {
  readonly name: ElementName;
  /** Bytes of one stored element; a float16 takes 4 after decoding. */
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly unit?: string;
}

const numbers: Readonly<Record<string, ElementName>> = {
  b1: "bool",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};
const times: Readonly<Record<string, ElementName>> = { M8: "datetime64", m8: "timedelta64" };
const named: ReadonlyMap<string, string> = new Map(
  Object.entries(numbers).map(([short, name]) => [name, short]),
);
const timeUnits = "Y|M|W|D|h|m|s|ms|us|μs|ns|ps|fs|as";
const wantedV2 = `one of ${Object.keys(numbers).join(", ")}, M8[unit], m8[unit], each with < > or |`;
const wantedV3 = `one of ${[...named.keys()].join(", ")}, numpy.datetime64, numpy.timedelta64`;

/** A numpy dtype: `<f4`, `|u1`, `>M8[ns]`, and as Zarr 3 writes them in configurations, `float32`. */
export function elementTypeV2(dtype: unknown, codec = "dtype"): ElementType {
  const fail = (expected: string) =>
    new CodecError({ codec, found: `dtype ${JSON.stringify(dtype) ?? "absent"}`, expected });
  if (typeof dtype !== "string") throw fail(wantedV2);
  const text = named.get(dtype) ?? dtype;
  if (/^[<>|=]?O/.test(text)) throw fail("plain numbers (objects are never unpickled)");
  const match = new RegExp(`^([<>|=]?)([a-zA-Z]\\d+)(?:\\[(\\d*(?:${timeUnits}))\\])?$`).exec(text);
  const name = match === null ? undefined : match[3] === undefined ? numbers[match[2]!] : times[match[2]!];
  if (match === null || name === undefined) throw fail(wantedV2);
  const bytes = Number(match[2]!.slice(1));
  const type = { name, bytes, bigEndian: match[1] === ">" && bytes > 1 };
  return match[3] === undefined ? type : { ...type, unit: match[3] };
}

/** A Zarr 3 `data_type`; the `bytes` codec tells its byte order. */
export function elementTypeV3(dataType: unknown): ElementType {
  const short = typeof dataType === "string" ? named.get(dataType) : undefined;
  if (short !== undefined) return elementTypeV2(short);
  const { name, configuration } = (typeof dataType === "object" && dataType !== null ? dataType : {}) as {
    name?: unknown;
    configuration?: { unit?: unknown; scale_factor?: unknown };
  };
  if (name === "numpy.datetime64" || name === "numpy.timedelta64") {
    const { unit, scale_factor: scale = 1 } = configuration ?? {};
    const multiple = scale === 1 ? "" : String(scale);
    return elementTypeV2(`${name === "numpy.datetime64" ? "M8" : "m8"}[${multiple}${unit}]`, "data_type");
  }
  if (typeof name === "string" && configuration === undefined && named.has(name)) return elementTypeV3(name);
  throw new CodecError({ codec: "data_type", found: JSON.stringify(dataType) ?? "none", expected: wantedV3 });
}

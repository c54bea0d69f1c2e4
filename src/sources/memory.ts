/**
 * Arrays given in a source itself, as a group: for tests, notebooks and small data. A chunk is one time (and level and
 * member), all rows and columns. Times may be ISO texts (UTC without a zone) or milliseconds; leads are hours. An
 * array without latitude or longitude lies at one place (0, 0). Values without a stated unit are in the unit of the
 * source's variable.
 */
import { instantOf } from "../kernels/instant.ts";
import { EwbError } from "../model/errors.ts";
import type { MemoryArray, Source } from "../model/source.ts";
import { axisKind } from "./cf/axisKind.ts";
import { mappingOf } from "./cf/mappingOf.ts";
import { plainNumber } from "./cf/numbers.ts";
import { targetUnit } from "./cf/unitOf.ts";
import type { StoredArray, StoredGroup } from "./storedArray.ts";

type Values = Float32Array | Float64Array;

const times = ["init", "valid", "time"];

const refuse = (source: Source, variable: string, text: string): never => {
  throw new EwbError("DataSet", `${source.address}: ${variable} ${text}`, {
    source: source.address,
    variable,
  });
};

/** A number, or NaN for null, "NaN" and the like; booleans are 0 and 1. */
const numberOf = (source: Source, name: string, value: unknown): number => {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === "boolean") return value ? 1 : 0;
  return plainNumber(value) ?? refuse(source, name, `holds ${JSON.stringify(value)}; numbers were expected`);
};

const flat = (source: Source, name: string, { data, dtype }: MemoryArray, size: number): Values => {
  const numbers: readonly unknown[] | Values =
    data instanceof Float32Array || data instanceof Float64Array
      ? data
      : ((data as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as unknown[]);
  if (numbers.length !== size) {
    refuse(source, name, `holds ${numbers.length} values; its dimensions have ${size}`);
  }
  if (numbers instanceof Float32Array && dtype !== "float64") return numbers;
  if (numbers instanceof Float64Array && dtype !== "float32") return numbers;
  const out = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) out[i] = numberOf(source, name, numbers[i]);
  return out;
};

const timeOf = (source: Source, name: string, value: number | string): number => {
  if (typeof value !== "string") return value ?? Number.NaN;
  const time = instantOf(value);
  return typeof time === "number" ? time : refuse(source, name, `has a time that cannot be: ${time.problem}`);
};

/** FNV-1a over the bytes: arrays of equal names and other values have other chunks. */
const fingerprint = ({ buffer, byteOffset, byteLength }: Values): string => {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
};

const stored = (
  address: string,
  name: string,
  dims: readonly string[],
  shape: readonly number[],
  values: Values,
  attributes: Readonly<Record<string, unknown>>,
): StoredArray => {
  const kinds = dims.map((dim) => axisKind(dim, "", {}));
  const first = kinds.findIndex((kind) => kind === "latitude" || kind === "longitude");
  const whole = dims.length < 2 ? 0 : first < 0 ? dims.length : first;
  const chunkShape = shape.map((length, i) => (i < whole ? 1 : Math.max(1, length)));
  const size = chunkShape.reduce((product, length) => product * length, 1);
  const version = fingerprint(values);
  return {
    name,
    shape,
    chunkShape,
    dims,
    attributes,
    dataType: values instanceof Float32Array ? "float32" : "float64",
    fill: null,
    chunkBytes: size * values.BYTES_PER_ELEMENT,
    encodedBytes: 0,
    chunkId: (coords) => `memory:${address}/${name}/${version}/${coords.join(".")}`,
    chunk: async (coords) => {
      let index = 0;
      for (let i = 0; i < whole; i++) index = index * shape[i]! + coords[i]!;
      return { values: values.subarray(index * size, (index + 1) * size), version };
    },
  };
};

const coordinate = (
  source: Source,
  dim: string,
  labels: readonly (number | string)[],
  scalar: boolean,
): StoredArray => {
  const kind = axisKind(dim, "", {});
  const isTime = times.includes(kind);
  const values = Float64Array.from(labels, (label) =>
    isTime ? timeOf(source, dim, label) : numberOf(source, dim, label),
  );
  const attributes: Record<string, unknown> = isTime
    ? { units: "milliseconds since 1970-01-01", calendar: "proleptic_gregorian" }
    : kind === "lead"
      ? { units: "hours" }
      : {};
  return stored(source.address, dim, scalar ? [] : [dim], scalar ? [] : [labels.length], values, attributes);
};

/** The unit values are in where the mapping states none: that of the variable the array is for. */
const unitOfArray = (source: Source, name: string): string | undefined => {
  const keys = Object.keys(source.mapping ?? {});
  const variable = keys.find((key) => (mappingOf(source, key).name ?? key) === name);
  if (variable !== undefined && mappingOf(source, variable).unit !== undefined) return undefined;
  return targetUnit(source, variable ?? name);
};

/**
 * The arrays of a `memory` source as a group. Throws `DataSet`, naming the array, for lengths that disagree, values
 * that are no numbers and coordinates of one name that differ between arrays.
 *
 * @example
 * memoryGroup({ ...source, arrays: { surface_air_temperature: { dims: ["valid_time"], coords: {
 *   valid_time: ["2021-06-20T00:00:00"] }, data: [288.15] } } });
 */
export const memoryGroup = (source: Source): StoredGroup => {
  const { address } = source;
  const arrays = new Map<string, StoredArray>();
  const labels = new Map<string, string>();
  const label = (array: string, dim: string, values: readonly (number | string)[], scalar = false) => {
    const text = JSON.stringify(values);
    const before = labels.get(dim);
    if (before !== undefined && before !== text) {
      refuse(source, array, `has other values of ${dim} than another array; one source has one coordinate`);
    }
    labels.set(dim, text);
    if (before === undefined) arrays.set(dim, coordinate(source, dim, values, scalar));
  };
  for (const [name, array] of Object.entries(source.arrays ?? {})) {
    const dims = [...array.dims];
    const shape = dims.map((dim) => {
      const values = array.coords[dim];
      if (!values) return refuse(source, name, `has the dimension ${dim} and no coordinate of it`);
      label(name, dim, values);
      return values.length;
    });
    for (const [other, values] of Object.entries(array.coords)) {
      if (!dims.includes(other) && Array.isArray(values) && values.length === 1)
        label(name, other, values, true);
    }
    for (const [dim, kind] of [["latitude", "latitude"] as const, ["longitude", "longitude"] as const]) {
      if (dims.some((have) => axisKind(have, "", {}) === kind)) continue;
      dims.push(dim);
      shape.push(1);
      label(name, dim, [0]);
    }
    const size = shape.reduce((product, length) => product * length, 1);
    const unit = unitOfArray(source, name);
    const values = flat(source, name, array, size);
    arrays.set(name, stored(address, name, dims, shape, values, unit === undefined ? {} : { units: unit }));
  }
  return {
    address,
    attributes: {},
    names: [...arrays.keys()].sort(),
    warnings: [],
    async array(name) {
      const array = arrays.get(name);
      if (array) return array;
      throw new EwbError(
        "NotFound",
        `${address}: no array ${name}; there are ${[...arrays.keys()].join(", ")}`,
        {
          source: address,
          variable: name,
        },
      );
    },
  };
};

import { EwbError } from "../../model/errors.ts";
import type { Axis } from "../cf/axes.ts";
import { convertUnit } from "../cf/convertUnit.ts";
import { coordinateNumbers } from "../cf/coordinateNumbers.ts";
import { readCoordinate } from "../cf/readCoordinate.ts";

/** What stays of a dimension that is neither horizontal nor time: one index of it. */
export interface Pick {
  readonly index: number;
  /** Value of the coordinate there; undefined: the dimension has none. */
  readonly value?: number;
}

/** Names `at` may use for a vertical dimension, whatever the store calls it. */
const verticals = ["level", "pressure", "pressure_level", "plev", "height", "depth", "altitude"];

const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/** Pressure in hPa whatever the unit of the coordinate; levels without a unit are hPa. */
export const hectopascals = (axis: Axis, value: number): number => {
  const units = axis.coordinate?.attributes.units;
  if (typeof units !== "string" || units.trim() === "") return value;
  const conversion = convertUnit(units, "hPa");
  return typeof conversion === "string" ? value : (value * conversion.multiply) / conversion.divide;
};

/** No pressure level is above this many hPa: a larger number is in Pa. */
const highestPressure = 1100;

/**
 * Where a coordinate has the wanted value. A pressure is in hPa, whatever the unit of the store, or in Pa where it is
 * too large for hPa: 500 is never the level of 5 hPa.
 */
const indicesOf = (axis: Axis, values: Float64Array, wanted: number): readonly number[] => {
  const isPressure = axis.kind === "pressure";
  const all = Array.from(values.keys());
  const found = all.filter((i) => same(isPressure ? hectopascals(axis, values[i]!) : values[i]!, wanted));
  if (found.length > 0 || !isPressure || wanted <= highestPressure) return found;
  return all.filter((i) => same(hectopascals(axis, values[i]!) * 100, wanted));
};

const shown = (values: ArrayLike<number>): string =>
  Array.from({ length: Math.min(values.length, 20) }, (_, i) => values[i]).join(", ") +
  (values.length > 20 ? ", …" : "");

const unitText = ({ kind, coordinate }: Axis): string => {
  const units = coordinate?.attributes.units;
  if (kind !== "pressure") return "";
  return `${typeof units === "string" ? ` ${units}` : ""} (a pressure is asked for in hPa)`;
};

/** The value `at` gives for a dimension, by its own name or by a usual one for the only vertical dimension. */
const wantedOf = (
  at: Readonly<Record<string, number>>,
  axis: Axis,
  onlyVertical: boolean,
): { key: string; value: number } | undefined => {
  for (const key of [axis.dim, axis.coordinate?.name ?? axis.dim]) {
    if (Object.hasOwn(at, key)) return { key, value: at[key]! };
  }
  if (!onlyVertical || (axis.kind !== "pressure" && axis.kind !== "height")) return undefined;
  const key = verticals.find((name) => Object.hasOwn(at, name));
  return key === undefined ? undefined : { key, value: at[key]! };
};

/**
 * Reduces further dimensions to one index each: a dimension of one value is dropped, another needs a value in `at`
 * that the coordinate has (never the nearest; a pressure may be given in hPa or Pa). Throws `NotFound` or
 * `MetadataInvalid` naming the dimension and its values.
 */
export const picksOf = async (
  address: string,
  variable: string,
  name: string,
  axes: readonly Axis[],
  at: Readonly<Record<string, number>>,
  absentIsFill: boolean,
): Promise<ReadonlyMap<string, Pick>> => {
  const place = { source: address, variable };
  const picks = new Map<string, Pick>();
  const used = new Set<string>();
  const onlyVertical = axes.filter(({ kind }) => kind === "pressure" || kind === "height").length === 1;
  for (const axis of axes) {
    const wanted = wantedOf(at, axis, onlyVertical);
    const { dim, length, coordinate } = axis;
    const vertical = axis.kind === "pressure" || axis.kind === "height";
    // the only value of a dimension is read where it is asked for or reported as a level
    const needed = length > 1 || wanted !== undefined;
    const read = coordinate && (needed || vertical) && readCoordinate(address, coordinate, { absentIsFill });
    const stored = read && (needed ? await read : await read.catch(() => undefined));
    const values = stored ? coordinateNumbers(stored) : undefined;
    if (!wanted) {
      if (length === 1) {
        const value = values?.[0];
        picks.set(dim, value === undefined ? { index: 0 } : { index: 0, value });
        continue;
      }
      const there = values ? `: ${shown(values)}` : "";
      throw new EwbError(
        "MetadataInvalid",
        `${address}: ${name} has ${length} values along ${dim}${there}. Say which one is meant: ` +
          `mapping: { ${variable}: { name: "${name}", at: { ${dim}: ${values?.[0] ?? 0} } } }`,
        place,
      );
    }
    used.add(wanted.key);
    if (!values) {
      throw new EwbError(
        "NotFound",
        `${address}: no coordinate ${dim}; at: { ${wanted.key} } is looked up in it`,
        place,
      );
    }
    const [index, again] = indicesOf(axis, values, wanted.value);
    if (index !== undefined && again !== undefined) {
      throw new EwbError(
        "MetadataInvalid",
        `${address}: ${dim} of ${name} has ${wanted.value} at index ${index} and again at index ${again}; ` +
          "each value may occur once",
        place,
      );
    }
    if (index === undefined) {
      throw new EwbError(
        "NotFound",
        `${address}: ${dim} of ${name} has no value ${wanted.value}; there are ${shown(values)}${unitText(axis)}. ` +
          "The nearest is not taken",
        place,
      );
    }
    picks.set(dim, { index, value: values[index]! });
  }
  const spare = Object.keys(at).filter((key) => !used.has(key));
  if (spare.length > 0) {
    throw new EwbError(
      "NotFound",
      `${address}: ${name} has no dimension ${spare.join(", ")} to take at: from; it has ` +
        `${axes.map(({ dim }) => dim).join(", ") || "none but place and time"}`,
      place,
    );
  }
  return picks;
};

import { EwbError } from "../../model/errors.ts";
import type { Grid } from "../../model/grid.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";
import { type Axis, namedCoordinates } from "./axes.ts";
import { axisKind } from "./axisKind.ts";
import { coordinateNumbers } from "./coordinateNumbers.ts";
import { readCoordinate } from "./readCoordinate.ts";

const expected = "a latitude-longitude grid with one latitude a row and one longitude a column is needed";

/** Says what kind of grid it is instead, from what other coordinates there are. */
const unknownGrid = async (
  group: StoredGroup,
  array: StoredArray,
  axes: readonly Axis[],
): Promise<EwbError> => {
  const { address } = group;
  const place = { source: address, variable: array.name };
  const error = (text: string, tag: "Unsupported" | "MetadataInvalid" = "Unsupported") =>
    new EwbError(tag, `${address}: ${array.name} ${text}; ${expected}`, place);
  const names = new Set([
    ...namedCoordinates(group, array.attributes),
    ...group.names.filter((name) => /^(x?lat|x?lon|latitude|longitude|nav_lat|nav_lon)$/i.test(name)),
  ]);
  for (const name of names) {
    const { shape, dims, dataType, attributes } = await group.array(name);
    const kind = axisKind(name, dataType, attributes);
    if (kind !== "latitude" && kind !== "longitude" && !/lat|lon/i.test(name)) continue;
    if (!dims.every((dim) => array.dims.includes(dim))) continue;
    if (shape.length === 2) {
      return error(`is on a curvilinear grid (${name} has two dimensions, ${shape.join(" x ")})`);
    }
    if (shape.length === 1 && kind === "latitude") {
      return error(
        `is on a reduced or unstructured grid (${name} runs along ${dims[0]}, as do the longitudes)`,
      );
    }
  }
  const projected = axes.filter(({ kind }) => kind === "projected").map(({ dim }) => dim);
  const mapping = array.attributes.grid_mapping;
  if (projected.length > 0 || typeof mapping === "string") {
    const how = projected.length > 0 ? projected.join(", ") : `grid_mapping ${String(mapping)}`;
    return error(`is on a projected or rotated grid (${how})`);
  }
  const cells = array.dims.filter((dim) =>
    /^(n?cells?|values|n?points?|node|ncol|pixel|x?y?index)$/i.test(dim),
  );
  if (cells.length > 0) return error(`is on a reduced or unstructured grid (dimension ${cells.join(", ")})`);
  return error(
    `has the dimensions ${array.dims.join(", ") || "none"}, and none is known as latitude or longitude`,
    "MetadataInvalid",
  );
};

/** Rows and columns of a rotated pole are no latitudes and longitudes, whatever their names say. */
const refuseRotated = async (group: StoredGroup, array: StoredArray): Promise<void> => {
  const { grid_mapping: mapping } = array.attributes;
  if (typeof mapping !== "string" || !group.names.includes(mapping)) return;
  // a mapping is read for its name only: one that cannot be read says nothing
  const found = await group.array(mapping).catch(() => undefined);
  if (found?.attributes.grid_mapping_name !== "rotated_latitude_longitude") return;
  throw new EwbError(
    "Unsupported",
    `${group.address}: ${array.name} is on a rotated grid (grid_mapping ${mapping}); ${expected}`,
    { source: group.address, variable: array.name },
  );
};

/** The axes of latitude and longitude of a data variable. Throws, naming the kind of grid, where it has none. */
export const horizontalAxes = async (
  group: StoredGroup,
  array: StoredArray,
  axes: readonly Axis[],
): Promise<{ latitude: Axis; longitude: Axis }> => {
  const latitudes = axes.filter(({ kind }) => kind === "latitude");
  const longitudes = axes.filter(({ kind }) => kind === "longitude");
  if (latitudes.length !== 1 || longitudes.length !== 1) throw await unknownGrid(group, array, axes);
  await refuseRotated(group, array);
  return { latitude: latitudes[0]!, longitude: longitudes[0]! };
};

const degrees = /^deg(ree)?s?(_?(n(orth)?|e(ast)?))?$|^°$/i;

const readDegrees = async (address: string, axis: Axis, absentIsFill: boolean): Promise<Float64Array> => {
  const { coordinate, dim, length } = axis;
  const place = { source: address, variable: dim };
  if (!coordinate) {
    throw new EwbError(
      "NotFound",
      `${address}: no coordinate ${dim}; its ${length} values are needed`,
      place,
    );
  }
  const { units } = coordinate.attributes;
  if (typeof units === "string" && units.trim() !== "" && !degrees.test(units.trim())) {
    throw new EwbError(
      "Unit",
      `${address}: ${coordinate.name} has the units "${units}"; degrees are needed`,
      place,
    );
  }
  const out = Float64Array.from(
    coordinateNumbers(await readCoordinate(address, coordinate, { absentIsFill })),
  );
  const bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new EwbError(
      "MetadataInvalid",
      `${address}: ${coordinate.name} is ${out[bad]} at index ${bad}; every row and column needs a place`,
      place,
    );
  }
  return out;
};

/**
 * Refuses latitudes that are outside -90 to 90 or not strictly monotonic.
 *
 * @example
 * checkLatitude("store", "latitude", Float64Array.of(50, 50)); // throws: 50 at index 0 and again at index 1
 */
export const checkLatitude = (address: string, name: string, values: Float64Array): void => {
  const refuse = (text: string) => {
    throw new EwbError("MetadataInvalid", `${address}: ${name} ${text}`, { source: address, variable: name });
  };
  if (values.length === 0) refuse("has no values; at least one row is needed");
  const up = values.length < 2 || values[1]! > values[0]!;
  for (const [i, value] of values.entries()) {
    if (Math.abs(value) > 90) refuse(`is ${value} at index ${i}; -90 to 90 degrees were expected`);
    const before = values[i - 1];
    if (before === value)
      refuse(`is ${value} at index ${i - 1} and again at index ${i}; each row needs its own`);
    if (before !== undefined && value > before !== up) {
      refuse(`turns at index ${i} (${before}, then ${value}); it must rise or fall all the way`);
    }
  }
};

/** Whether longitudes rise strictly, once round the circle at most, from whichever column they start. */
const goesRound = (values: Float64Array): boolean => {
  let turns = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= -360 && value <= 720)) return false;
    if (i === 0 || value > values[i - 1]!) continue;
    turns += 360;
    if (value + 360 <= values[i - 1]!) return false;
  }
  return values.length > 0 && turns <= 360 && values.at(-1)! + turns - values[0]! < 360;
};

/** Refuses longitudes that do not rise once round the circle, from whichever column they start. */
export const checkLongitude = (address: string, name: string, values: Float64Array): void => {
  if (goesRound(values)) return;
  // What is wrong with them, for the message.
  const refuse = (text: string) => {
    throw new EwbError("MetadataInvalid", `${address}: ${name} ${text}`, { source: address, variable: name });
  };
  if (values.length === 0) refuse("has no values; at least one column is needed");
  const seen = new Map<number, number>();
  let seam = 0;
  for (const [i, value] of values.entries()) {
    if (value < -360 || value > 720) refuse(`is ${value} at index ${i}; degrees east were expected`);
    const turned = ((value % 360) + 360) % 360;
    const first = seen.get(turned);
    if (first !== undefined) {
      refuse(
        `is ${values[first]} at index ${first} and ${value} at index ${i}, the same meridian; each column needs its own`,
      );
    }
    seen.set(turned, i);
    const before = values[i - 1];
    if (before !== undefined && value < before) {
      if (seam > 0 || value + 360 < before) {
        refuse(`falls at index ${i} (${before}, then ${value}); columns must run from west to east`);
      }
      seam = i;
    }
  }
  const last = values[values.length - 1]!;
  const round = seam > 0 ? last + 360 - values[0]! : last - values[0]!;
  if (round >= 360) {
    refuse(
      `goes round the circle more than once (from ${values[0]} to ${last}); columns must run from west to east, once`,
    );
  }
};

/** Reads and checks the axes: degrees, as stored. */
export const readGrid = async (
  address: string,
  latitude: Axis,
  longitude: Axis,
  absentIsFill: boolean,
): Promise<Grid> => {
  const [rows, columns] = await Promise.all([
    readDegrees(address, latitude, absentIsFill),
    readDegrees(address, longitude, absentIsFill),
  ]);
  checkLatitude(address, latitude.coordinate!.name, rows);
  checkLongitude(address, longitude.coordinate!.name, columns);
  return { latitude: rows, longitude: columns };
};

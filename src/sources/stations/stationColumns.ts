import { closestName } from "../../kernels/closestWord.ts";
import { EwbError } from "../../model/errors.ts";
import type { Source } from "../../model/source.ts";
import { variableFacts } from "../../model/variables.ts";
import { type Conversion, convertUnit } from "../cf/convertUnit.ts";
import { factOf } from "../cf/findVariable.ts";
import { mappingOf } from "../cf/mappingOf.ts";
import { targetUnit } from "../cf/unitOf.ts";

/** Columns that say when and where. */
export interface PlaceColumns {
  readonly time: string;
  /** What the mapping says the numbers of the time column count. */
  readonly timeUnit: string | undefined;
  readonly latitude: string;
  readonly longitude: string;
  readonly station: string | undefined;
}

/** The column of a variable and how its numbers become values in `unit`. */
export interface ValueColumn {
  readonly variable: string;
  readonly column: string;
  readonly unit: string;
  readonly conversion: Conversion;
  readonly warning?: string;
}

const usual = {
  time: ["valid_time", "time", "datetime", "date_time", "timestamp", "observation_time", "date"],
  latitude: ["latitude", "lat"],
  longitude: ["longitude", "lon"],
  station: ["station", "station_id", "stationname", "station_name", "stid", "icao", "wmo_id", "id"],
} as const;

const find = (columns: readonly string[], names: readonly string[]): string | undefined => {
  for (const name of names) {
    const found =
      columns.find((column) => column === name) ?? columns.find((column) => column.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** A column the mapping names, with the unit it states. */
const mapped = (source: Source, key: string): { name: string; unit?: string } | undefined => {
  const { name, unit } = mappingOf(source, key);
  return name === undefined ? undefined : { name, ...(unit === undefined ? {} : { unit }) };
};

const lacking = (address: string, columns: readonly string[], what: string, key: string): EwbError => {
  const near = closestName(key, columns);
  return new EwbError(
    "NotFound",
    `${address}: no column ${what}. There are: ${columns.join(", ")}${near ? `; did you mean ${near}?` : ""}. ` +
      `A name can be stated: mapping: { ${key}: "…" }`,
    { source: address, variable: key },
  );
};

/** The columns of time, latitude, longitude and, where there is one, station. Throws `NotFound` naming those there are. */
export const placeColumns = (address: string, source: Source, columns: readonly string[]): PlaceColumns => {
  const take = (key: keyof typeof usual): string => {
    const stated = mapped(source, key) ?? (key === "time" ? mapped(source, "valid_time") : undefined);
    if (stated && columns.includes(stated.name)) return stated.name;
    const found = stated ? undefined : find(columns, usual[key]);
    if (found !== undefined) return found;
    throw lacking(address, columns, stated?.name ?? usual[key].slice(0, 2).join(" or "), key);
  };
  const station = mapped(source, "station") ? take("station") : find(columns, usual.station);
  const timeUnit = mappingOf(source, "time").unit ?? mappingOf(source, "valid_time").unit;
  return { time: take("time"), timeUnit, latitude: take("latitude"), longitude: take("longitude"), station };
};

/** Names a variable goes by in a table of stations, most certain first: there, all is measured near the ground. */
const tiers = (variable: string): readonly (readonly string[])[] => {
  const fact = factOf(variable);
  if (!fact) return [[variable]];
  const aloft = variableFacts.filter(
    ({ standardName, vertical }) =>
      fact.vertical === "none" && vertical === "pressure" && standardName === fact.standardName,
  );
  return [
    [variable],
    fact.names.split(" "),
    fact.vertical === "none" ? [fact.standardName] : [],
    aloft.flatMap(({ name, names }) => [name, ...names.split(" ")]),
  ];
};

const columnOf = (address: string, source: Source, columns: readonly string[], variable: string): string => {
  const stated = mapped(source, variable);
  if (stated) {
    if (columns.includes(stated.name)) return stated.name;
    throw lacking(address, columns, `${stated.name}, which the mapping names for ${variable}`, variable);
  }
  for (const names of tiers(variable)) {
    const found = names.filter((name) => columns.includes(name));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      throw new EwbError(
        "MetadataInvalid",
        `${address}: ${found.join(", ")} could all be ${variable}; say which one: mapping: { ${variable}: "${found[0]}" }`,
        { source: address, variable },
      );
    }
  }
  if (columns.includes("value") && Object.keys(source.variables).length === 1) return "value";
  throw lacking(address, columns, `for ${variable}`, variable);
};

/**
 * The column of a variable, in the unit of the mapping, else of the column's metadata, else of the source's variable
 * (a warning says so). Throws `NotFound` or, for a unit that does not become the source's, `Unit`.
 */
export const valueColumn = (
  address: string,
  source: Source,
  columns: readonly string[],
  units: ReadonlyMap<string, string>,
  variable: string,
): ValueColumn => {
  const column = columnOf(address, source, columns, variable);
  const stated = mappingOf(source, variable).unit;
  const stored = units.get(column);
  const from = stated ?? stored;
  const unit = targetUnit(source, variable) ?? from;
  const place = { source: address, variable };
  if (unit === undefined) {
    throw new EwbError(
      "Unit",
      `${address}: ${column} has no unit; state it: mapping: { ${variable}: { name: "${column}", unit: "…" } }`,
      place,
    );
  }
  const geopotential = variable.startsWith("geopotential");
  const conversion = convertUnit(from ?? unit, unit, { geopotential });
  if (typeof conversion === "string") {
    throw new EwbError(
      "Unit",
      `${address}: ${column} is in "${from}", which ${conversion === "unknown" ? "is no known unit" : "measures something else"}; ` +
        `a unit that converts to "${unit}" is needed. It can be stated: mapping: { ${variable}: { name: "${column}", unit: "…" } }`,
      place,
    );
  }
  const found = { variable, column, unit, conversion };
  if (from === undefined) {
    return { ...found, warning: `${address}: ${column} states no unit; taken as ${unit}` };
  }
  return stated !== undefined && stored !== undefined && stated !== stored
    ? {
        ...found,
        warning: `${address}: ${column} states the unit "${stored}"; taken as "${stated}", as the mapping says`,
      }
    : found;
};

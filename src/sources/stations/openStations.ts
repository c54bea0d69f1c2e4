/**
 * Reports of stations, storms and the like in one Parquet file: a time, a latitude, a longitude, a station where
 * there is one, and columns of values. Row groups are read one at a time, and only those whose statistics do not rule
 * out the case's time; what is kept are the reports inside the region, by time.
 */
import type { FileMetaData, RowGroup } from "hyparquet";
import { EwbError } from "../../model/errors.ts";
import type { OpenPoints, PointSelection } from "../../model/openSource.ts";
import type { Source } from "../../model/source.ts";
import { isIdentity } from "../cf/convertUnit.ts";
import { derivationPlan } from "../cf/derivationPlan.ts";
import { deriveFields, preprocessFields } from "../cf/deriveFields.ts";
import type { SourceContext } from "../storedArray.ts";
import { openStore } from "../stores/openStore.ts";
import { numbersOf, timeReader } from "./columnValues.ts";
import { fieldUnits } from "./fieldUnits.ts";
import { openParquet } from "./parquetFile.ts";
import { type PointRows, pointTable } from "./pointTable.ts";
import { placeColumns, type ValueColumn, valueColumn } from "./stationColumns.ts";

/** The folder of a file and its name in it; a query stays with the folder. */
export const folderAndFile = (address: string): { folder: string; file: string } => {
  const web = /^[a-z][a-z0-9+.-]+:\/\//i.test(address);
  const query = web ? (/[?].*$/s.exec(address)?.[0] ?? "") : "";
  const path = address.slice(0, address.length - query.length);
  const cut = path.lastIndexOf("/");
  const name = path.slice(cut + 1);
  const folder = cut < 0 ? "." : path.slice(0, Math.max(1, cut));
  return { folder: folder + query, file: /^(https?|file):/i.test(path) ? decodeURIComponent(name) : name };
};

/** Bytes a decoded value takes while a row group is read: a number, boxed where a column has gaps. */
const decodedBytes = 24;

const columnIn = (group: RowGroup, name: string) =>
  group.columns.find(({ meta_data: meta }) => meta?.path_in_schema.join(".") === name)?.meta_data;

/** Whether the statistics of the time column leave room for a time from `start` to `end`. */
const mayHold = (
  group: RowGroup,
  time: string,
  isTimestamp: boolean,
  start: number,
  end: number,
): boolean => {
  const { statistics } = columnIn(group, time) ?? {};
  const low = statistics?.min_value ?? statistics?.min;
  const high = statistics?.max_value ?? statistics?.max;
  if (!isTimestamp || typeof low !== "number" || typeof high !== "number") return true;
  return low <= end && high >= start;
};

const isTimestampColumn = ({ schema }: FileMetaData, name: string): boolean => {
  const found = schema.find((element) => element.name === name && element.type !== undefined);
  const { logical_type: logical, converted_type: converted = "", type } = found ?? {};
  return (
    logical?.type === "TIMESTAMP" ||
    logical?.type === "DATE" ||
    type === "INT96" ||
    ["TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "DATE"].includes(converted)
  );
};

const normal = (longitude: number): number =>
  longitude >= 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;

/**
 * Opens a table of reports. Throws an `EwbError` that names the file: `MetadataInvalid` for one that is empty, cut or
 * no Parquet file, `NotFound` for columns of time or place it lacks, naming those there are.
 *
 * @example
 * const points = await openStations({ ...source, address: "stations.parquet", mapping: {
 *   surface_air_temperature: { name: "surface_air_temperature", unit: "degC" } } }, context);
 */
export const openStations = async (source: Source, context: SourceContext): Promise<OpenPoints> => {
  const { folder, file } = folderAndFile(source.address);
  const { environment } = context;
  const store = await openStore(folder, environment ? { environment } : {});
  const count = (bytes: number, requests: number) => context.count(bytes, requests);
  const parquet = await openParquet(store, file, { count });
  const { address, metadata } = parquet;
  const columns = metadata.schema.filter(({ type }) => type !== undefined).map(({ name }) => name);
  const place = placeColumns(address, source, columns);
  const units = await fieldUnits(metadata);
  const isTimestamp = isTimestampColumn(metadata, place.time);
  const derivations = source.derivations ?? [];
  const plan = (variables: readonly string[]) =>
    derivationPlan(
      variables,
      derivations,
      (name) => source.mapping?.[name] !== undefined || columns.includes(name),
    );
  const known = new Map<string, ValueColumn>();
  const columnFor = (variable: string): ValueColumn => {
    const found = known.get(variable) ?? valueColumn(address, source, columns, units, variable);
    known.set(variable, found);
    return found;
  };
  const groupsIn = (start: number, end: number) =>
    metadata.row_groups
      .map((group, index) => ({ group, index }))
      .filter(
        ({ group }) => Number(group.num_rows) > 0 && mayHold(group, place.time, isTimestamp, start, end),
      );
  const namesOf = (variables: readonly string[]) => [
    place.time,
    place.latitude,
    place.longitude,
    ...(place.station === undefined ? [] : [place.station]),
    ...plan(variables).stored.map((variable) => columnFor(variable).column),
  ];

  return {
    kind: "points",
    source,
    warnings: [],
    close: () => store.close(),
    async check(variables) {
      for (const variable of plan(variables).stored) columnFor(variable);
    },
    cost(start, end, variables) {
      const names = namesOf(variables);
      const kept = plan(variables).stored.length * 8 + 3 * 8 + 48;
      let largest = 0;
      let held = 0;
      const chunks = groupsIn(start, end).map(({ group, index }) => {
        const rows = Number(group.num_rows);
        const stored = names.map((name) => columnIn(group, name));
        const bytes = stored.reduce((sum, meta) => sum + Number(meta?.total_uncompressed_size ?? 0), 0);
        const packed = stored.reduce((sum, meta) => sum + Number(meta?.total_compressed_size ?? 0), 0);
        largest = Math.max(largest, bytes + packed + rows * names.length * decodedBytes);
        held += rows * kept;
        return { id: `${parquet.id}#${index}`, bytes };
      });
      return { bytes: largest + held, chunks };
    },
    async select(inside, start, end, variables, { signal }): Promise<PointSelection> {
      const { stored, steps } = plan(variables);
      const values = stored.map(columnFor);
      const warnings = values.flatMap(({ warning }) => (warning === undefined ? [] : [warning]));
      const readTimes = timeReader(isTimestamp, place.timeUnit ?? units.get(place.time));
      const rows: PointRows = {
        times: [],
        places: [],
        values: Object.fromEntries(stored.map((variable) => [variable, []])),
      };
      const places = { stations: [] as string[], latitude: [] as number[], longitude: [] as number[] };
      const placeIndex = new Map<string, number>();
      const versions = new Map<string, string>();
      const single = new Map<string, boolean>();
      let nowhere = 0;
      let firstRow = 0;
      const wanted = new Set(groupsIn(start, end).map(({ index }) => index));
      for (const [index, group] of metadata.row_groups.entries()) {
        const first = firstRow;
        firstRow += Number(group.num_rows);
        if (!wanted.has(index)) continue;
        signal?.throwIfAborted();
        versions.set(`${parquet.id}#${index}`, parquet.version);
        const at = (column: string) => ({ address, column, firstRow: first });
        const column = (name: string) => parquet.column(index, name, signal);
        const [when, latitude, longitude, station, ...numbers] = await settledAll([
          column(place.time),
          column(place.latitude),
          column(place.longitude),
          place.station === undefined ? Promise.resolve(undefined) : column(place.station),
          ...values.map((value) => column(value.column)),
        ]);
        const times = readTimes(when!, at(place.time));
        const lats = numbersOf(latitude!, at(place.latitude));
        const lons = numbersOf(longitude!, at(place.longitude));
        const measured = values.map((value, i) => numbersOf(numbers[i]!, at(value.column)));
        for (const [i, value] of values.entries()) {
          const stays = measured[i] instanceof Float32Array && isIdentity(value.conversion);
          single.set(value.variable, stays && single.get(value.variable) !== false);
        }
        for (let row = 0; row < times.length; row++) {
          const time = times[row]!;
          const [lat, lon] = [lats[row]!, lons[row]!];
          if (Number.isNaN(time) || Number.isNaN(lat) || Number.isNaN(lon)) {
            nowhere += 1;
            continue;
          }
          if (time < start || time > end) continue;
          if (Math.abs(lat) > 90 || lon < -360 || lon > 540) {
            throw new EwbError(
              "InvalidValue",
              `${address}: row ${first + row} lies at latitude ${lat}, longitude ${lon}; degrees were expected`,
              { source: address, line: first + row },
            );
          }
          const east = normal(lon);
          if (!inside(lat, east)) continue;
          const name = station ? String(station[row] ?? "") : "";
          const key = `${name}\n${lat}\n${east}`;
          let point = placeIndex.get(key);
          if (point === undefined) {
            point = places.stations.length;
            placeIndex.set(key, point);
            places.stations.push(name);
            places.latitude.push(lat);
            places.longitude.push(east);
          }
          rows.times.push(time);
          rows.places.push(point);
          for (const [i, { variable, column: from, conversion }] of values.entries()) {
            const value = measured[i]![row]!;
            if (Math.abs(value) === Number.POSITIVE_INFINITY) {
              throw new EwbError(
                "InvalidValue",
                `${address}: ${from} is infinite in row ${first + row}; a number, or none, was expected`,
                { source: address, variable, line: first + row },
              );
            }
            rows.values[variable]!.push(
              isIdentity(conversion)
                ? value
                : (value * conversion.multiply) / conversion.divide + conversion.add,
            );
          }
        }
      }
      warnings.push(...readTimes.warnings);
      const table = pointTable(
        rows,
        places,
        Object.fromEntries(
          values.map(({ variable, unit }) => [variable, { unit, single: single.get(variable) === true }]),
        ),
      );
      if (nowhere > 0) warnings.push(`${address}: ${nowhere} rows without time or place are left out`);
      if (table.repeats > 0) {
        warnings.push(
          `${address}: ${table.repeats} reports of a point at a time it had one for are left out; the first counts`,
        );
      }
      const { stations, latitude, longitude, times, bytes } = table;
      return {
        stations,
        latitude,
        longitude,
        times,
        bytes,
        versions,
        warnings,
        at(validTime) {
          const fields = table.at(validTime);
          if (!fields) return undefined;
          const prepared = preprocessFields(
            source,
            fields,
            { validTime, latitude, longitude },
            stations.length,
          );
          const all = deriveFields(steps, prepared, stations.length);
          return Object.fromEntries(variables.map((variable) => [variable, all[variable]!]));
        },
      };
    },
  };
};

/** All of them, or the first failure once none is under way. */
const settledAll = async <T>(promises: readonly Promise<T>[]): Promise<T[]> => {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
};

/**
 * Reports of stations, storms and the like in one Parquet file: a time, a latitude, a longitude, a station where
 * there is one, and columns of values. Row groups are read one at a time, and only those whose statistics do not rule
 * out the case's time; what is kept are the reports inside the region, by time.
 */
import type { FileMetaData, RowGroup } from "hyparquet";
import type { OpenPoints, PointSelection } from "../../model/openSource.ts";
import type { Source } from "../../model/source.ts";
import { derivationPlan } from "../cf/derivationPlan.ts";
import { deriveFields, preprocessFields } from "../cf/deriveFields.ts";
import { mappingOf } from "../cf/mappingOf.ts";
import type { SourceContext } from "../storedArray.ts";
import { openStore } from "../stores/openStore.ts";
import { fieldUnits } from "./fieldUnits.ts";
import { openParquet } from "./parquetFile.ts";
import { pointTable } from "./pointTable.ts";
import { readReports } from "./readReports.ts";
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
  const parquet = await openParquet(store, file, { count }).catch(async (error) => {
    await store.close();
    throw error;
  });
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
      (name) => mappingOf(source, name).name !== undefined || columns.includes(name),
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
        return { id: `${parquet.id}#${index}`, bytes, encoded: packed, array: parquet.id };
      });
      return { bytes: largest + held + parquet.resident, chunks };
    },
    async select(inside, start, end, variables, { signal }): Promise<PointSelection> {
      const { stored, steps } = plan(variables);
      const values = stored.map(columnFor);
      const groups = groupsIn(start, end).map(({ index }) => index);
      const timeUnit = place.timeUnit ?? units.get(place.time);
      const reports = await readReports(
        parquet,
        { place, values, isTimestamp, timeUnit },
        groups,
        { inside, start, end },
        signal,
      );
      const warnings = [
        ...values.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
        ...reports.warnings,
      ];
      const { single } = reports;
      const table = pointTable(
        reports.rows,
        reports.places,
        Object.fromEntries(
          values.map(({ variable, unit }) => [variable, { unit, single: single.has(variable) }]),
        ),
      );
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
        versions: new Map(groups.map((index) => [`${parquet.id}#${index}`, parquet.version])),
        warnings,
        at(validTime) {
          const fields = table.at(validTime);
          if (!fields) return undefined;
          const prepared = preprocessFields(
            source,
            fields,
            () => ({ validTime, latitude, longitude }),
            stations.length,
          );
          const all = deriveFields(steps, prepared, stations.length);
          return Object.fromEntries(variables.map((variable) => [variable, all[variable]!]));
        },
      };
    },
  };
};

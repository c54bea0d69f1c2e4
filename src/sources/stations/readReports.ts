import type { DecodedArray } from "hyparquet";
import { EwbError } from "../../model/errors.ts";
import type { Values } from "../../model/field.ts";
import { allOver } from "../cf/allOver.ts";
import { isIdentity } from "../cf/convertUnit.ts";
import { numbersOf, timeReader } from "./columnValues.ts";
import type { ParquetFile } from "./parquetFile.ts";
import type { PointPlaces, PointRows } from "./pointTable.ts";
import type { PlaceColumns, ValueColumn } from "./stationColumns.ts";

export interface ReportColumns {
  readonly place: PlaceColumns;
  readonly values: readonly ValueColumn[];
  readonly isTimestamp: boolean;
  readonly timeUnit: string | undefined;
}

/** Which reports count: degrees, longitude from -180 up to 180; milliseconds, both ends included. */
export interface ReportFilter {
  readonly inside: (latitude: number, longitude: number) => boolean;
  readonly start: number;
  readonly end: number;
}

export interface Reports {
  readonly rows: PointRows;
  readonly places: PointPlaces;
  /** Variables whose values are float32 and unchanged. */
  readonly single: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

/** Longitude from -180 up to 180; what lies there already keeps its last digit. */
const normal = (longitude: number): number =>
  longitude >= 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;

interface Group {
  readonly times: Float64Array;
  readonly latitude: Values;
  readonly longitude: Values;
  readonly station: DecodedArray | undefined;
  readonly values: readonly Values[];
}

/** The columns of one row group, all asked for at once; the first failure once none is under way. */
const readGroup = async (
  parquet: ParquetFile,
  { place, values }: ReportColumns,
  index: number,
  firstRow: number,
  readTimes: ReturnType<typeof timeReader>,
  signal: AbortSignal | undefined,
): Promise<Group> => {
  const names = [place.time, place.latitude, place.longitude, ...values.map(({ column }) => column)];
  if (place.station !== undefined) names.push(place.station);
  const columns = await allOver(names.map((name) => parquet.column(index, name, signal)));
  const at = (column: string) => ({ address: parquet.address, column, firstRow });
  return {
    times: readTimes(columns[0]!, at(place.time)),
    latitude: numbersOf(columns[1]!, at(place.latitude)),
    longitude: numbersOf(columns[2]!, at(place.longitude)),
    values: values.map(({ column }, i) => numbersOf(columns[3 + i]!, at(column))),
    station: place.station === undefined ? undefined : columns[names.length - 1],
  };
};

/**
 * Reads the reports of some row groups that a filter lets through, group by group. Rows without time or place are
 * left out, and a warning counts them. Throws `InvalidValue`, naming the row, for places off the globe and infinite
 * values.
 */
export const readReports = async (
  parquet: ParquetFile,
  columns: ReportColumns,
  groups: readonly number[],
  { inside, start, end }: ReportFilter,
  signal: AbortSignal | undefined,
): Promise<Reports> => {
  const { address, metadata } = parquet;
  const { values, isTimestamp, timeUnit } = columns;
  const readTimes = timeReader(isTimestamp, timeUnit);
  const rows = {
    times: [] as number[],
    places: [] as number[],
    values: Object.fromEntries(values.map(({ variable }) => [variable, [] as number[]])),
  };
  const places = { stations: [] as string[], latitude: [] as number[], longitude: [] as number[] };
  const known = new Map<string, number>();
  const double = new Set<string>();
  let nowhere = 0;
  let firstRow = 0;
  const fail = (row: number, variable: string, text: string) =>
    new EwbError("InvalidValue", `${address}: row ${row} ${text}`, { source: address, variable, line: row });
  for (const [index, { num_rows: count }] of metadata.row_groups.entries()) {
    const first = firstRow;
    firstRow += Number(count);
    if (!groups.includes(index)) continue;
    signal?.throwIfAborted();
    const group = await readGroup(parquet, columns, index, first, readTimes, signal);
    for (const [i, { variable, conversion }] of values.entries()) {
      if (!(group.values[i] instanceof Float32Array && isIdentity(conversion))) double.add(variable);
    }
    for (let row = 0; row < group.times.length; row++) {
      const time = group.times[row]!;
      const latitude = group.latitude[row]!;
      const stored = group.longitude[row]!;
      if (Number.isNaN(time) || Number.isNaN(latitude) || Number.isNaN(stored)) {
        nowhere += 1;
        continue;
      }
      if (time < start || time > end) continue;
      if (Math.abs(latitude) > 90 || stored < -360 || stored > 540) {
        throw fail(
          first + row,
          "latitude",
          `lies at latitude ${latitude}, longitude ${stored}; degrees were expected`,
        );
      }
      const longitude = normal(stored);
      if (!inside(latitude, longitude)) continue;
      const station = group.station ? String(group.station[row] ?? "") : "";
      const key = `${station}\n${latitude}\n${longitude}`;
      let point = known.get(key);
      if (point === undefined) {
        point = places.stations.length;
        known.set(key, point);
        places.stations.push(station);
        places.latitude.push(latitude);
        places.longitude.push(longitude);
      }
      rows.times.push(time);
      rows.places.push(point);
      for (const [i, { variable, column, conversion }] of values.entries()) {
        const value = group.values[i]![row]!;
        if (Math.abs(value) === Number.POSITIVE_INFINITY) {
          throw fail(first + row, variable, `has an infinite ${column}; a number, or none, was expected`);
        }
        const { multiply, divide, add } = conversion;
        rows.values[variable]!.push(isIdentity(conversion) ? value : (value * multiply) / divide + add);
      }
    }
  }
  const left = nowhere > 0 ? [`${address}: ${nowhere} rows without time or place are left out`] : [];
  return {
    rows,
    places,
    single: new Set(values.map(({ variable }) => variable).filter((variable) => !double.has(variable))),
    warnings: [...readTimes.warnings, ...left],
  };
};

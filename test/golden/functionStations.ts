/** Station tables of the function cases: written as Parquet, read as a target by a run, each report a row. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases, eachCase, type Metric, pairs, score } from "ewb";
import { inMemory, target } from "ewb/catalog";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type FunctionCheck, wantedOf } from "./functionCase.ts";
import { dataSetOf, runProgram } from "./program.ts";
import { instant, numberOf } from "./unitCase.ts";

const variable = "surface_air_temperature";
const variables = { [variable]: "K" } as const;
const HOUR = 3_600_000;
/** The peer also keeps the readings of two days around the case. */
const margin = 48 * HOUR;

type Report = readonly [time: number, latitude: number, longitude: number, value: number];

const turn = (longitude: number): number => (longitude < 0 ? longitude + 360 : longitude);

/** The reports as a metric sees them. */
const reports: Metric<typeof variables, Report[]> = {
  name: "reports",
  term: "reports",
  definition: "every value of the target",
  variable,
  unit: (unit) => unit,
  parameters: {},
  needs: { variables: [variable] },
  zero: () => [],
  observe: ({ validTime, places, target: { [variable]: field } }) =>
    Array.from(
      field.values,
      (value, i): Report => [validTime, places.latitude[i]!, turn(places.longitude[i]!), value],
    ).filter(([, , , value]) => !Number.isNaN(value)),
  merge: (a, b) => [...a, ...b],
  finish: (all) =>
    all.map(([validTime, latitude, longitude, value]) => ({
      validTime,
      by: `${latitude} ${longitude}`,
      value,
      n: 1,
    })),
};

const isText = (column: unknown[]): boolean => column.some((value) => typeof value === "string");

/** A table of the case as a Parquet file; times are timestamps unless the case is about text. */
const tableFile = (folder: string, { columns, rows }: any, textTimes: boolean): string => {
  const columnData = columns.map((name: string, i: number) => {
    const data: any[] = rows.map((row: any[]) => row[i]);
    if (name === "valid_time") {
      return textTimes
        ? { name, data, type: "STRING" as const }
        : { name, data: data.map((text) => new Date(instant(text))), type: "TIMESTAMP" as const };
    }
    return { name, data: isText(data) ? data.map(numberOf) : data, type: "DOUBLE" as const };
  });
  const path = join(folder, "stations.parquet");
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));
  return path;
};

const rounded = (value: number): number => Number(value.toFixed(10));

export const stationTable: FunctionCheck = async (one, wing) => {
  if (wing === "compat") return undefined;
  const { table, box, start, end } = one.inputs;
  const wanted = wantedOf(one, wing);
  const folder = mkdtempSync(join(tmpdir(), "ewb-golden-"));
  try {
    const times = [...new Set<number>(table.rows.map(([time]: [string]) => instant(time)))].sort(
      (a, b) => a - b,
    );
    const [south, north, west, east] = box;
    const forecast = inMemory({
      role: "forecast",
      name: "model",
      variables,
      arrays: {
        [variable]: {
          dims: ["init_time", "lead_time", "latitude", "longitude"],
          coords: {
            init_time: times.map((time) => new Date(time).toISOString()),
            lead_time: [0],
            latitude: [south, north],
            longitude: [west, east],
          },
          data: new Float64Array(times.length * 4),
        },
      },
    });
    const stations = target({
      name: "stations",
      stations: tableFile(folder, table, /text/.test(one.title)),
      variables,
      mapping: { [variable]: { name: variable, unit: "degC" } },
    });
    const event = {
      id: 1,
      title: one.id,
      type: "heat_wave",
      start: instant(start) - margin,
      end: instant(end) + margin,
      region: { south, north, west, east },
    };
    const { rows, failures, error } = await runProgram(
      (run) =>
        cases(run).pipe(
          eachCase(run, (each) =>
            pairs(run, each, { forecast, targets: [stations], variables: [variable] }).pipe(
              score(run, reports),
            ),
          ),
        ),
      dataSetOf({ cases: [event] }),
    );
    const text = (time: number, place: string | null, value: number) => `${time} ${place} ${rounded(value)}`;
    const expected = wanted.map((row: any) =>
      text(instant(row.valid_time), `${row.latitude} ${row.longitude}`, row[variable]),
    );
    return {
      got: [rows.map((row) => text(row.valid_time!, row.by, row.value)).sort(), failures, error],
      wanted: [expected.sort(), [], undefined],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

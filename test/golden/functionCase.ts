/**
 * Function cases of the golden files (`units/*.json` with a `function`): what a public function, a matching rule or
 * a run says of them, for ours and the peer's numbers. A function that is not named here has no counterpart yet.
 */
import { readFileSync } from "node:fs";
import { parseCases } from "ewb/catalog";
import { ewb11Matching } from "ewb/compat/ewb11";
import { temporalResolution } from "../../src/compat/ewb11/lattice.ts";
import { peerBox } from "../../src/compat/ewb11/matching.ts";
import { nearestIndex } from "../../src/kernels/axis.ts";
import { haversine } from "../../src/kernels/haversine.ts";
import { nearest } from "../../src/kernels/matching.ts";
import { gridPlaces, pointPlaces } from "../../src/kernels/places.ts";
import type { Grid, Window } from "../../src/model/grid.ts";
import type { Matching } from "../../src/model/pair.ts";
import { samplesOfDay } from "../../src/operators/metrics/runs/lowest.ts";
import { buildOperators, windowAndPivot } from "./functionRun.ts";
import { stationTable } from "./functionStations.ts";
import { goldenPath } from "./goldenPath.ts";
import { instant } from "./unitCase.ts";
import type { Wing } from "./unitProgram.ts";

export interface FunctionCase {
  readonly id: string;
  readonly title: string;
  readonly kind: "science" | "quirk";
  readonly function: string;
  readonly inputs: any;
  readonly expected: any;
  readonly right?: any;
  readonly right_note?: string;
}

export const functionCases = (family: string): FunctionCase[] =>
  JSON.parse(readFileSync(goldenPath("ewb-core", "units", `${family}.json`), "utf8")).filter(
    (one: object) => "function" in one,
  );

/** What is found and what is wanted, to be compared as they are. */
export interface Compared {
  readonly got: unknown;
  readonly wanted: unknown;
}

/** Finds what a case asks for, or says why nothing is compared; undefined: the wing has no such function. */
export type FunctionCheck = (one: FunctionCase, wing: Wing) => Found | Promise<Found>;

type Found = Compared | { readonly rule: string } | undefined;

export const wantedOf = (one: FunctionCase, wing: Wing) =>
  wing === "ours" && one.kind === "quirk" ? one.right : one.expected;

const matchingOf = (wing: Wing): Matching => (wing === "ours" ? nearest({ outside: "edge" }) : ewb11Matching);

const regionOf = (box: any) => ({
  south: box.latitude_min,
  north: box.latitude_max,
  west: box.longitude_min,
  east: box.longitude_max,
});

const gridOf = ({ latitude, longitude }: any): Grid => ({
  latitude: Float64Array.from(latitude),
  longitude: Float64Array.from(longitude),
});

const columnsOf = ({ columns }: Window): number[] =>
  columns.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i));

const selectBox: FunctionCheck = (one, wing) => {
  const { inputs } = one;
  const wanted = wantedOf(one, wing);
  const grid = gridOf(inputs);
  const window = matchingOf(wing).window(grid, regionOf(inputs.box));
  const inOrder = (columns: number[]) =>
    one.kind === "quirk" && wing === "ours" ? columns.sort((a, b) => a - b) : columns;
  const empty = wanted.source_columns.length === 0;
  return {
    got: {
      latitude: window === undefined ? [] : [...grid.latitude.slice(window.rows.start, window.rows.stop)],
      columns: window === undefined ? [] : inOrder(columnsOf(window)),
    },
    wanted: { latitude: empty ? [] : wanted.latitude, columns: wanted.source_columns },
  };
};

/** The peer's test of a box and a grid is not the box it cuts out; ours is. */
const spaceTest: FunctionCheck = ({ inputs, expected }, wing) =>
  wing === "compat"
    ? undefined
    : { got: matchingOf(wing).window(gridOf(inputs), regionOf(inputs.box)) !== undefined, wanted: expected };

const nearestOnAxis: FunctionCheck = ({ inputs, expected }) => ({
  got: inputs.wanted.map((at: number) => nearestIndex(Float64Array.from(inputs.source as number[]), at)),
  wanted: expected,
});

const nearestLongitude =
  (points: boolean): FunctionCheck =>
  (one, wing) => {
    const longitude = Float64Array.from(one.inputs.wanted as number[]);
    const row = { latitude: Float64Array.of(0), longitude: Float64Array.from(one.inputs.source as number[]) };
    const whole = (width: number) => ({
      rows: { start: 0, stop: 1 },
      columns: [{ start: 0, stop: width }],
    });
    const places = points
      ? pointPlaces(new Float64Array(longitude.length), longitude)
      : gridPlaces({ latitude: Float64Array.of(0), longitude }, whole(longitude.length));
    const put = matchingOf(wing).put(row, whole(row.longitude.length), places);
    return { got: [...put(Float64Array.from(row.longitude.keys()))], wanted: wantedOf(one, wing) };
  };

const distance: FunctionCheck = ({ inputs: { a, b }, expected }) => {
  const got = haversine(a[0], a[1], b[0], b[1]);
  const isClose = Math.abs(got - expected) <= 1e-12 * Math.max(1, expected);
  return { got: isClose ? expected : got, wanted: expected };
};

const loadCases: FunctionCheck = ({ inputs, expected }, wing) => {
  if (wing === "compat") return undefined;
  const read = () => {
    try {
      return parseCases(inputs.yaml, "cases.yaml");
    } catch {
      return undefined;
    }
  };
  const found = read();
  const isDateAlone = /_date: \d{4}-\d\d-\d\d$/m.test(inputs.yaml);
  if (!Array.isArray(expected) && isDateAlone) return { rule: "ours: a date alone is 00 UTC, not refused" };
  if (Array.isArray(expected) && expected.some((one) => one.end_date < one.start_date)) {
    return { rule: "ours: an end before the start is refused, not taken" };
  }
  const isRefused = found === undefined || found.defects.length > 0;
  if (!Array.isArray(expected)) return { got: isRefused, wanted: true };
  return {
    got: found?.cases.map(({ id, title, type, start, end }) => ({ id, title, type, start, end })),
    wanted: expected.map((one: any) => ({
      id: one.case_id_number,
      title: one.title,
      type: one.event_type,
      start: instant(one.start_date),
      end: instant(one.end_date),
    })),
  };
};

const boxGeometry: FunctionCheck = ({ inputs, expected }, wing) => {
  if (wing === "ours") return undefined;
  const { west, east, south, north, crosses } = peerBox(regionOf(inputs));
  const both = [
    [west, south, 180, north],
    [-180, south, east, north],
  ];
  return { got: crosses ? both : [[west, south, east, north]], wanted: expected.parts };
};

const resolution: FunctionCheck = ({ inputs, expected }, wing) =>
  wing === "ours"
    ? undefined
    : { got: temporalResolution(inputs.valid_time.map(instant)) ?? null, wanted: expected };

const stepsPerDay: FunctionCheck = ({ inputs, expected }) => ({
  got: samplesOfDay([...inputs.lead_hours].sort((a: number, b: number) => a - b)),
  wanted: expected,
});

/** The functions that have a counterpart. */
export const functionChecks: Readonly<Record<string, FunctionCheck>> = {
  select_box: selectBox,
  space_test: spaceTest,
  nearest_index: nearestOnAxis,
  nearest_longitude_grid: nearestLongitude(false),
  nearest_longitude_points: nearestLongitude(true),
  haversine: distance,
  window_and_pivot: windowAndPivot,
  load_cases: loadCases,
  build_operators: buildOperators,
  ghcn: stationTable,
  box_geometry: boxGeometry,
  temporal_resolution: resolution,
  steps_per_day: stepsPerDay,
};

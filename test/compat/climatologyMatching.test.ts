/** Where ExtremeWeatherBench 1.1.0 finds a threshold, and where it finds none; its numbers were taken by running it. */
import { cases, eachCase, type Run, score } from "ewb";
import { inMemory, type MemoryArray } from "ewb/catalog";
import { durationMeanError, pairs } from "ewb/compat/ewb11";
import { climatologyQuantile } from "ewb/metrics";
import { describe, expect, test } from "vitest";
import { withClimatologies } from "../../src/compat/ewb11/climatologyMatching.ts";
import { ewb11Matching } from "../../src/compat/ewb11/index.ts";
import { gridPlaces, pointPlaces } from "../../src/kernels/places.ts";
import type { Grid } from "../../src/model/grid.ts";
import type { Places } from "../../src/model/pair.ts";
import { dataSetOf, runProgram, troubles } from "../golden/program.ts";

/** 100 a row and 1 a column. */
const numbered = ({ latitude, longitude }: Grid): Float64Array =>
  Float64Array.from({ length: latitude.length * longitude.length }, (_, i) => {
    const row = Math.floor(i / longitude.length);
    return 100 * row + (i - row * longitude.length);
  });

const axis = (start: number, step: number, length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => start + step * i);

const whole = ({ latitude, longitude }: Grid) => ({
  rows: { start: 0, stop: latitude.length },
  columns: [{ start: 0, stop: longitude.length }],
});

const onGrid = (latitude: number[], longitude: number[]): Places => {
  const grid = { latitude: Float64Array.from(latitude), longitude: Float64Array.from(longitude) };
  return gridPlaces(grid, whole(grid));
};

const put = (grid: Grid, places: Places): number[] =>
  Array.from(withClimatologies(() => false).put(grid, whole(grid), places)(numbered(grid)));

const none = Number.NaN;

describe("the nearest label of a climatology", () => {
  const east = { latitude: Float64Array.of(20, 10, 0), longitude: axis(0, 1.5, 240) };
  const west = { latitude: Float64Array.of(0, 10, 20), longitude: axis(-180, 1.5, 240) };

  test("on a grid: none beyond the outermost labels, half-way the smaller", () => {
    const columns = [0, 0.75, 0.76, 2.25, 358.4, 358.5, 358.6, 359.9];
    expect(put(east, onGrid([21, 20, 15, 12, 5, -0.1], columns))).toEqual([
      ...columns.map(() => none),
      ...[0, 0, 1, 1, 239, 239, none, none],
      ...[100, 100, 101, 101, 339, 339, none, none],
      ...[100, 100, 101, 101, 339, 339, none, none],
      ...[200, 200, 201, 201, 439, 439, none, none],
      ...columns.map(() => none),
    ]);
  });

  test("labels counted on across the seam of the target are not brought back", () => {
    // The target's columns 350, 359 and 0 are labelled -10, -1 and 0.
    expect(put(east, onGrid([20], [350, 359, 0, 3]))).toEqual([none, none, 0, 2]);
    // 170, 179 and -170 are labelled 170, 179 and 190.
    expect(put(west, onGrid([20], [170, 178.5, -170]))).toEqual([433, 439, none]);
  });

  test("stations take the edge, by longitudes from 0 to 360", () => {
    const latitude = Float64Array.of(21, 20, 15, 12, 5, -3);
    const stations = pointPlaces(latitude, Float64Array.of(0.2, -0.1, 0.75, 2.25, -100, 100));
    expect(put(east, stations)).toEqual([0, 239, 100, 101, 373, 267]);
  });

  test("forecasts are put as before", () => {
    const places = onGrid([20, 10], [0, 3]);
    const matching = withClimatologies(() => true);
    const region = { south: 0, north: 20, west: -2, east: 4 };
    expect(matching.forecastWindow(east, region)).toEqual(ewb11Matching.forecastWindow(east, region));
    expect(put(east, places)).toEqual([0, 2, 100, 102]);
  });
});

const times = [0, 6, 12].map((hour) => `2021-06-20T${`${hour}`.padStart(2, "0")}:00`);
const filled = (shape: readonly number[], value: (index: number) => number): unknown[] => {
  const [size = 0, ...rest] = shape;
  return Array.from({ length: size }, (_, i) => (rest.length === 0 ? value(i) : filled(rest, value)));
};
const variable = "surface_air_temperature";
const latitude = [0, 5];

/** 12 h at 305 K against 12 h at `truth`; the climatology is 300 K east of the prime meridian and 280 K west of it. */
const duration = async (
  longitude: number[],
  region: { west: number; east: number },
  truth: number,
): Promise<number[]> => {
  const source = (role: "forecast" | "target" | "climatology", array: MemoryArray) =>
    inMemory({
      role,
      name: role,
      variables: { surface_air_temperature: "K" },
      arrays: { [variable]: array },
    });
  const space = { latitude, longitude };
  const size = longitude.length;
  const forecast = source("forecast", {
    dims: ["init_time", "lead_time", "latitude", "longitude"],
    coords: { init_time: ["2021-06-20T00:00"], lead_time: [0, 6, 12], ...space },
    data: filled([1, 3, 2, size], () => 305),
  });
  const target = source("target", {
    dims: ["valid_time", "latitude", "longitude"],
    coords: { valid_time: times, ...space },
    data: filled([3, 2, size], () => truth),
  });
  const normals = source("climatology", {
    dims: ["dayofyear", "latitude", "longitude"],
    coords: { dayofyear: [171], latitude, longitude: Array.from({ length: 72 }, (_, i) => 5 * i) },
    data: filled([1, 2, 72], (i) => (i < 36 ? 300 : 280)),
  });
  const event = {
    id: 1,
    title: "across the prime meridian",
    type: "heat_wave",
    start: Date.UTC(2021, 5, 20),
    end: Date.UTC(2021, 5, 21),
    region: { south: 0, north: 5, ...region },
  };
  const outcome = await runProgram(
    (run: Run) =>
      cases(run).pipe(
        eachCase(run, (one) =>
          pairs(run, one, { forecast, targets: [target], variables: [variable] }).pipe(
            score(run, durationMeanError(variable, { thresholdCriteria: climatologyQuantile(normals) })),
          ),
        ),
      ),
    dataSetOf({ cases: [event] }),
  );
  expect(troubles(outcome)).toEqual([]);
  return outcome.rows.map(({ value }) => value);
};

describe("duration against a climatology", () => {
  const circle = Array.from({ length: 72 }, (_, i) => 5 * i);

  test("across the prime meridian the threshold is the mean of the eastern part: 300 K, not 292 K", async () => {
    expect(await duration(circle, { west: -10, east: 10 }, 295)).toEqual([12]);
    expect(await duration(circle, { west: -10, east: 10 }, 301)).toEqual([0]);
  });

  test("on one side of it all places have one", async () => {
    expect(await duration(circle, { west: 5, east: 20 }, 295)).toEqual([12]);
    expect(await duration(circle, { west: -20, east: -5 }, 295)).toEqual([0]);
    expect(await duration(circle, { west: -20, east: -5 }, 275)).toEqual([12]);
  });

  test("a target in -180 … 180 finds nothing in the west, so that nothing ever is a hit", async () => {
    const west = circle.map((longitude) => longitude - 180);
    expect(await duration(west, { west: -20, east: -5 }, 275)).toEqual([0]);
    expect(await duration(west, { west: -10, east: 10 }, 295)).toEqual([12]);
  });
});

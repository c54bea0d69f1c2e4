import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxWindow } from "../../src/kernels/box.ts";
import { mod360 } from "../../src/kernels/circle.ts";
import { bilinear, nearest } from "../../src/kernels/matching.ts";
import { cutColumns, gridPlaces, pointPlaces } from "../../src/kernels/places.ts";
import type { Values } from "../../src/model/field.ts";
import { type Grid, type Window, windowSize } from "../../src/model/grid.ts";
import type { Matching, Places } from "../../src/model/pair.ts";
import type { Region } from "../../src/model/region.ts";

const axis = (from: number, step: number, count: number) =>
  Float64Array.from({ length: count }, (_, i) => from + i * step);
const wholeOf = ({ latitude, longitude }: Grid): Window => ({
  rows: { start: 0, stop: latitude.length },
  columns: [{ start: 0, stop: longitude.length }],
});

/** Values of a function of latitude and longitude on a window. */
const fill = (grid: Grid, window: Window, f: (y: number, x: number) => number): Float64Array => {
  const latitude = grid.latitude.slice(window.rows.start, window.rows.stop);
  const longitude = cutColumns(grid.longitude, window);
  return Float64Array.from([...latitude].flatMap((y) => [...longitude].map((x) => f(y, x))));
};

const put = (matching: Matching, grid: Grid, places: Places, f: (y: number, x: number) => number): Values =>
  matching.put(grid, wholeOf(grid), places)(fill(grid, wholeOf(grid), f));

const global1: Grid = { latitude: axis(90, -1, 181), longitude: axis(0, 1, 360) };

describe("bilinear", () => {
  test("is exact on linear fields, on grids and points", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -80, max: 60 }),
        fc.integer({ min: -180, max: 150 }),
        fc.constantFrom(0.25, 0.5, 1, 2),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          {
            minLength: 1,
            maxLength: 10,
          },
        ),
        fc.boolean(),
        (south, west, step, parts, descending) => {
          const latitude = axis(south, step, 8);
          const grid = {
            latitude: descending ? latitude.slice().reverse() : latitude,
            longitude: axis(west, step, 12),
          };
          const y = Float64Array.from(parts, ([a]) => south + a * step * 7);
          const x = Float64Array.from(parts, ([, b]) => west + b * step * 11);
          const f = (lat: number, lon: number) => 3 + 2 * lat - 0.5 * lon;
          const got = put(bilinear(), grid, pointPlaces(y, x), f);
          for (const [i, value] of got.entries())
            expect(Math.abs(value - f(y[i]!, x[i]!))).toBeLessThan(2e-4);
          const target = { latitude: y.slice().sort(), longitude: x.slice().sort() };
          const onGrid = put(bilinear(), grid, gridPlaces(target, wholeOf(target)), f);
          const wanted = fill(target, wholeOf(target), f);
          for (const [i, value] of onGrid.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(2e-4);
        },
      ),
    );
    // Away from the 1e-5 within which coordinates are one place the weights are exact.
    const grid = { latitude: axis(0, 1, 5), longitude: axis(0, 1, 5) };
    const target = { latitude: Float64Array.of(0.25, 3.5), longitude: Float64Array.of(1.125, 2.75) };
    const f = (lat: number, lon: number) => 3 + 2 * lat - 0.5 * lon;
    expect(put(bilinear(), grid, gridPlaces(target, wholeOf(target)), f)).toEqual(
      fill(target, wholeOf(target), f),
    );
  });

  test("crosses the date line and closes the circle", () => {
    const bump = (_: number, lon: number) => Math.abs(mod360(lon + 180) - 180);
    const x = Float64Array.of(359.5, -0.25, 0.5, 360, 179.5, -179.5, 540);
    const got = put(bilinear(), global1, pointPlaces(new Float64Array(7), x), bump);
    expect([...got]).toEqual([0.5, 0.25, 0.5, 0, 179.5, 179.5, 180]);
    const east: Grid = { latitude: axis(0, 1, 2), longitude: Float64Array.of(178, 179, -180, -179) };
    const f = (_: number, lon: number) => mod360(lon);
    const line = put(
      bilinear(),
      east,
      pointPlaces(new Float64Array(3), Float64Array.of(179.5, 180.5, -178.5)),
      f,
    );
    expect([...line]).toEqual([179.5, 180.5, Number.NaN]);
  });

  test("decimals that went through float32 are the same grid: nothing at its edge is lost, columns weigh alike", () => {
    // 0.1 degrees: float32 moves a longitude of 300 by up to 1.5e-5, far more than 1e-5 of the spacing.
    const exact: Grid = { latitude: axis(40, 0.1, 21), longitude: axis(300, 0.1, 31) };
    const single: Grid = {
      latitude: exact.latitude.map(Math.fround),
      longitude: exact.longitude.map(Math.fround),
    };
    for (const [from, to] of [
      [exact, single],
      [single, exact],
    ] as const) {
      const places = gridPlaces(to, wholeOf(to));
      expect(places.columnWeights).toBeUndefined();
      const region = { south: 39, north: 43, west: 299, east: 304 };
      expect(bilinear().forecastWindow(from, region)).toEqual(wholeOf(from));
      const values = fill(from, wholeOf(from), (y, x) => y + x);
      expect(bilinear().put(from, wholeOf(from), places)(values)).toBe(values);
    }
  });
  test("the same grid comes back as the same array, across conventions and float32 too", () => {
    const region = { south: 10, north: 20, west: -30, east: 30 };
    const grid: Grid = { latitude: axis(90, -1, 181), longitude: axis(-180, 1, 360) };
    const window = boxWindow(global1, region)!;
    const places = gridPlaces(global1, window);
    const forecastWindow = bilinear().forecastWindow(grid, region)!;
    expect(windowSize(forecastWindow)).toBe(windowSize(window));
    const values = new Float32Array(windowSize(window)).fill(1);
    expect(bilinear().put(grid, forecastWindow, places)(values)).toBe(values);
    const rough = { latitude: grid.latitude, longitude: grid.longitude.map((x) => x + 9e-6) };
    expect(bilinear().put(rough, forecastWindow, places)(values)).toBe(values);
    const upside = { latitude: grid.latitude.slice().reverse(), longitude: grid.longitude };
    const flipped = bilinear().put(
      upside,
      wholeOf(upside),
      places,
    )(fill(upside, wholeOf(upside), (y, x) => y * x));
    expect(flipped).toEqual(fill(global1, window, (y, x) => y * (x > 180 ? x - 360 : x)));
  });

  test("a missing corner with weight makes a place missing, one without weight does not", () => {
    const grid: Grid = { latitude: axis(0, 1, 2), longitude: axis(0, 1, 2) };
    const hole = (y: number, x: number) => (y === 1 && x === 1 ? Number.NaN : 1);
    const places = pointPlaces(Float64Array.of(0, 0.5, 0.5, 1, 1), Float64Array.of(0.5, 0, 0.5, 0, 1));
    expect([...put(bilinear(), grid, places, hole)]).toEqual([1, 1, Number.NaN, 1, Number.NaN]);
  });

  test("a neighbour with weight that was not read makes a place missing", () => {
    const grid: Grid = { latitude: axis(0, 1, 3), longitude: axis(0, 1, 3) };
    const window = { rows: { start: 0, stop: 2 }, columns: [{ start: 0, stop: 2 }] };
    const places = pointPlaces(Float64Array.of(0.5, 1, 1.5, 1), Float64Array.of(0.5, 1, 0.5, 1.5));
    const got = bilinear().put(grid, window, places)(new Float64Array(4).fill(7));
    expect([...got]).toEqual([7, 7, NaN, NaN]);
  });

  test("outside the hull: missing or the edge", () => {
    const grid: Grid = { latitude: axis(0, 1, 3), longitude: axis(10, 1, 3) };
    const places = pointPlaces(Float64Array.of(-0.1, 2.1, 1, 1, 1), Float64Array.of(11, 11, 9.9, 12.1, 12));
    const f = (y: number, x: number) => 100 * y + x;
    expect([...put(bilinear(), grid, places, f)]).toEqual([NaN, NaN, NaN, NaN, 112]);
    expect([...put(bilinear({ outside: "edge" }), grid, places, f)]).toEqual([11, 211, 110, 112, 112]);
  });

  test("interpolated values are float64, whatever they were", () => {
    const grid: Grid = { latitude: axis(0, 1, 2), longitude: axis(0, 1, 2) };
    const places = pointPlaces(Float64Array.of(0.5), Float64Array.of(0.5));
    expect(bilinear().put(grid, wholeOf(grid), places)(new Float32Array(4))).toBeInstanceOf(Float64Array);
    expect(bilinear().put(grid, wholeOf(grid), places)(new Float64Array(4))).toBeInstanceOf(Float64Array);
  });
});

describe("nearest", () => {
  const distance = (a: number, b: number) => Math.min(mod360(a - b), mod360(b - a));

  test("is the nearest row and column of the whole grid", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -360, max: 360 }), { minLength: 1, maxLength: 12 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        fc.nat({ max: 20 }),
        fc.array(
          fc.tuple(
            fc.double({ min: -90, max: 90, noNaN: true }),
            fc.double({ min: -360, max: 720, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (rows, columns, descending, rotate, wanted) => {
          const latitude = Float64Array.from(rows, (y) => y / 4).sort();
          const longitude = [...Float64Array.from(columns, (x) => x / 4).sort()];
          const turn = rotate % longitude.length;
          const grid = {
            latitude: descending ? latitude.slice().reverse() : latitude,
            longitude: Float64Array.from([...longitude.slice(turn), ...longitude.slice(0, turn)]),
          };
          const places = pointPlaces(
            Float64Array.from(wanted, ([y]) => y),
            Float64Array.from(wanted, ([, x]) => x),
          );
          const got = put(nearest({ outside: "edge" }), grid, places, (y, x) => y * 1000 + x);
          for (const [i, [y, x]] of wanted.entries()) {
            const lat = Math.round(got[i]! / 1000 / 0.25) / 4;
            const row = [...latitude].filter((one) => Math.abs(got[i]! - one * 1000 - 180) <= 180.01);
            const best = Math.min(...[...latitude].map((one) => Math.abs(one - y)));
            const bestColumn = Math.min(...longitude.map((one) => distance(one, x)));
            expect(
              row.some((one) => Math.abs(one - y) <= best + 2e-9),
              `row near ${lat}`,
            ).toBe(true);
            const column = got[i]! - row.find((one) => Math.abs(one - y) <= best + 2e-9)! * 1000;
            expect(distance(column, x)).toBeLessThanOrEqual(bestColumn + 2e-9);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("half-way takes the smaller coordinate, the western of two longitudes", () => {
    const grid: Grid = { latitude: axis(2, -1, 3), longitude: axis(0, 1, 360) };
    const places = pointPlaces(Float64Array.of(0.5, 1.5, 0, 0), Float64Array.of(0.5, 10.5, 359.5, 180.5));
    expect([...put(nearest(), grid, places, (y, x) => 1000 * y + x)]).toEqual([0, 1010, 359, 180]);
  });

  test("outside is what lies more than half a cell beyond the grid", () => {
    const grid: Grid = { latitude: axis(0, 1, 3), longitude: axis(10, 1, 3) };
    const places = pointPlaces(
      Float64Array.of(-0.5, -0.51, 2.5, 1, 1, 1),
      Float64Array.of(11, 11, 11, 9.5, 12.51, 200),
    );
    const f = (y: number, x: number) => 100 * y + x;
    expect([...put(nearest(), grid, places, f)]).toEqual([11, NaN, 211, 110, NaN, NaN]);
    expect([...put(nearest({ outside: "edge" }), grid, places, f)]).toEqual([11, 11, 211, 110, 112, 110]);
  });
});

describe("forecastWindow", () => {
  const grids = fc
    .record({
      step: fc.constantFrom(0.5, 1, 2.5, 5),
      rows: fc.integer({ min: 2, max: 30 }),
      columns: fc.integer({ min: 2, max: 60 }),
      south: fc.integer({ min: -80, max: 20 }),
      west: fc.integer({ min: -200, max: 300 }),
      global: fc.boolean(),
      descending: fc.boolean(),
    })
    .map(({ step, rows, columns, south, west, global, descending }): Grid => {
      const latitude = axis(south, step, Math.min(rows, Math.floor((90 - south) / step) + 1));
      const longitude = global ? axis(0, step, 360 / step) : axis(west, step, Math.min(columns, 300 / step));
      return {
        latitude: descending ? latitude.slice().reverse() : latitude,
        longitude: longitude.map((x) => x),
      };
    });
  const regions = fc.record({
    south: fc.double({ min: -60, max: 60, noNaN: true }),
    height: fc.double({ min: 0, max: 20, noNaN: true }),
    west: fc.double({ min: -180, max: 360, noNaN: true }),
    width: fc.oneof(fc.double({ min: 0, max: 60, noNaN: true }), fc.constant(360)),
  });

  for (const make of [bilinear, nearest]) {
    for (const outside of ["missing", "edge"] as const) {
      test(`${make.name}, outside ${outside}: the window serves every place of the region as the whole grid does`, () => {
        fc.assert(
          fc.property(
            grids,
            regions,
            fc.array(
              fc.tuple(
                fc.double({ min: 0, max: 1, noNaN: true }),
                fc.double({ min: 0, max: 1, noNaN: true }),
              ),
              {
                minLength: 1,
                maxLength: 8,
              },
            ),
            (grid, { south, height, west, width }, parts) => {
              const region: Region = { south, north: south + height, west, east: west + width };
              const matching = make({ outside });
              const places = pointPlaces(
                Float64Array.from([...parts, [0, 0], [1, 1]], ([a]) => south + a! * height),
                Float64Array.from([...parts, [0, 0], [1, 1]], ([, b]) => west + b! * width),
              );
              const f = (y: number, x: number) => Math.sin(y * 3) + Math.cos((mod360(x) * Math.PI) / 60);
              const all = put(matching, grid, places, f);
              const window = matching.forecastWindow(grid, region);
              if (window === undefined) {
                expect([...all].every(Number.isNaN)).toBe(true);
                return;
              }
              expect([...matching.put(grid, window, places)(fill(grid, window, f))]).toEqual([...all]);
            },
          ),
          { numRuns: 300 },
        );
      });
    }
  }

  test("takes in neighbours only where they are needed", () => {
    const region = { south: 10, north: 20, west: 350, east: 370 };
    expect(bilinear().forecastWindow(global1, region)).toEqual({
      rows: { start: 70, stop: 81 },
      columns: [
        { start: 350, stop: 360 },
        { start: 0, stop: 11 },
      ],
    });
    const off = { south: 10.4, north: 19.6, west: 350.4, east: 369.6 };
    expect(bilinear().forecastWindow(global1, off)).toEqual(bilinear().forecastWindow(global1, region));
    expect(nearest().forecastWindow(global1, off)).toEqual(nearest().forecastWindow(global1, region));
    expect(
      bilinear().forecastWindow({ latitude: axis(0, 1, 5), longitude: axis(0, 1, 5) }, region),
    ).toBeUndefined();
  });

  test("says what it is", () => {
    expect(bilinear().parameters).toEqual({ match: "bilinear" });
    expect(nearest({ outside: "edge" }).parameters).toEqual({ match: "nearest", outside: "edge" });
  });
});

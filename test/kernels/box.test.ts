import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxWindow, insideBox } from "../../src/kernels/box.ts";
import { mod360 } from "../../src/kernels/circle.ts";
import type { Grid, Window } from "../../src/model/grid.ts";
import type { Region } from "../../src/model/region.ts";

const columnsOf = (window: Window | undefined): number[] =>
  window?.columns.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i)) ??
  [];

/** A regional or global axis in any convention and rotation, in quarters of a degree. */
const longitudes = fc
  .record({
    step: fc.constantFrom(0.25, 0.5, 1, 10, 90),
    count: fc.integer({ min: 1, max: 40 }),
    west: fc.integer({ min: -720, max: 720 }).map((x) => x / 4),
    global: fc.boolean(),
    rotate: fc.nat({ max: 40 }),
    negative: fc.boolean(),
  })
  .map(({ step, count, west, global, rotate, negative }) => {
    const n = global ? 360 / Math.max(step, 10) : Math.min(count, Math.floor(359 / step));
    const axis = Array.from({ length: Math.max(1, n) }, (_, i) => {
      const at = mod360(west + i * (global ? Math.max(step, 10) : step));
      return negative && at >= 180 ? at - 360 : at;
    });
    const turn = global ? rotate % axis.length : 0;
    return Float64Array.from([...axis.slice(turn), ...axis.slice(0, turn)]);
  });

const regions = fc.record({
  south: fc.integer({ min: -360, max: 360 }).map((x) => x / 4),
  north: fc.integer({ min: -360, max: 360 }).map((x) => x / 4),
  west: fc.integer({ min: -1440, max: 1440 }).map((x) => x / 4),
  east: fc.integer({ min: -1440, max: 1440 }).map((x) => x / 4),
});

const naive = ({ west, east }: Region, longitude: number): boolean => {
  if (east - west >= 360) return true;
  for (let turns = -6; turns <= 6; turns++) {
    const to = east < west ? west + mod360(east - west) : east;
    const wrapped = to - west >= 360 ? west + mod360(to - west) : to;
    const at = longitude + 360 * turns;
    if (at >= west - 1e-9 && at <= wrapped + 1e-9) return true;
  }
  return false;
};

describe("boxWindow", () => {
  test("keeps exactly the cells that lie in the box", () => {
    fc.assert(
      fc.property(longitudes, regions, fc.boolean(), (longitude, region, descending) => {
        const latitude = Float64Array.from({ length: 19 }, (_, i) =>
          descending ? 90 - i * 10 : -90 + i * 10,
        );
        const window = boxWindow({ latitude, longitude }, region);
        const [low, high] = [Math.min(region.south, region.north), Math.max(region.south, region.north)];
        const rows = [...latitude.keys()].filter((i) => latitude[i]! >= low && latitude[i]! <= high);
        const columns = [...longitude.keys()].filter((i) => naive(region, longitude[i]!));
        if (rows.length === 0 || columns.length === 0) {
          expect(window).toBeUndefined();
          return;
        }
        expect(window!.rows).toEqual({ start: rows[0], stop: rows.at(-1)! + 1 });
        expect(columnsOf(window).sort((a, b) => a - b)).toEqual(columns);
        const inside = insideBox(region);
        for (const [i, x] of longitude.entries())
          expect(inside(latitude[rows[0]!]!, x)).toBe(columns.includes(i));
        expect(window!.columns.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 1000 },
    );
  });

  test("columns run from west to east", () => {
    fc.assert(
      fc.property(longitudes, regions, (longitude, region) => {
        const window = boxWindow({ latitude: Float64Array.of(region.south), longitude }, region);
        const found = columnsOf(window).map((i) => longitude[i]!);
        const span = found.slice(1).reduce((sum, x, i) => sum + mod360(x - found[i]!), 0);
        expect(span).toBeLessThan(360);
      }),
      { numRuns: 500 },
    );
  });

  const global = (from: number): Grid => ({
    latitude: Float64Array.from({ length: 181 }, (_, i) => 90 - i),
    longitude: Float64Array.from({ length: 360 }, (_, i) => from + i),
  });
  const columns = (grid: Grid, west: number, east: number) =>
    columnsOf(boxWindow(grid, { south: -1, north: 1, west, east })).map((i) => grid.longitude[i]);

  test("edges, residues and degenerate boxes", () => {
    expect(columns(global(0), 240.86 - 360, -117)).toEqual([241, 242, 243]);
    const west = Float64Array.of(-119.14, -118.14, -117.14);
    expect(columns({ latitude: Float64Array.of(0), longitude: west }, 240.86, 242.86)).toEqual([...west]);
    expect(columns(global(0), 5, 5)).toEqual([5]);
    expect(columns(global(-180), 180, 180)).toEqual([-180]);
    expect(columns(global(0), -2, 1)).toEqual([358, 359, 0, 1]);
    expect(columns(global(-180), 179, -179)).toEqual([179, -180, -179]);
    expect(columns(global(0), -180, 180)).toHaveLength(360);
    expect(columns(global(0), 5, 5 - 1e-14)).toEqual([5]);
    const pole = boxWindow(global(0), { south: 89.5, north: 95, west: 0, east: 1 });
    expect(pole!.rows).toEqual({ start: 0, stop: 1 });
  });

  test("an axis of float32 decimals has its edges inside", () => {
    const longitude = Float64Array.from(Float32Array.from({ length: 10 }, (_, i) => 10 + i / 10));
    const latitude = Float64Array.from(Float32Array.of(40.1, 40.2, 40.3));
    const window = boxWindow({ latitude, longitude }, { south: 40.1, north: 40.3, west: 10.1, east: 10.3 });
    expect(window).toEqual({ rows: { start: 0, stop: 3 }, columns: [{ start: 1, stop: 4 }] });
  });

  test("a meridian stored twice is taken once", () => {
    const grid = { latitude: Float64Array.of(0), longitude: Float64Array.of(0, 90, 180, 270, 360) };
    expect(columns(grid, -180, 180)).toEqual([0, 90, 180, 270]);
    expect(columns(grid, -10, 10)).toEqual([0]);
  });
});

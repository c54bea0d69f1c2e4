import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ewb11Matching } from "../../src/compat/ewb11/index.ts";
import { peerBox } from "../../src/compat/ewb11/matching.ts";
import { nearestIndex } from "../../src/kernels/axis.ts";
import { haversine } from "../../src/kernels/haversine.ts";
import { nearest } from "../../src/kernels/matching.ts";
import { gridPlaces, pointPlaces } from "../../src/kernels/places.ts";
import type { Grid, Window } from "../../src/model/grid.ts";
import type { Matching } from "../../src/model/pair.ts";
import { describeShared, sharedPath } from "../shared.ts";

interface FunctionCase {
  readonly id: string;
  readonly kind: "science" | "quirk";
  readonly function: string;
  readonly inputs: any;
  readonly expected: any;
  readonly right?: any;
  readonly right_note?: string;
}

const cases = (family: string): FunctionCase[] =>
  JSON.parse(readFileSync(sharedPath("golden", "ewb-core", "units", `${family}.json`), "utf8"));

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

const columnsOf = (window: Window | undefined): number[] =>
  window?.columns.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i)) ??
  [];

const selected = (matching: Matching, inputs: any) => {
  const grid = gridOf(inputs);
  const window = matching.window(grid, regionOf(inputs.box));
  return {
    latitude: window === undefined ? [] : [...grid.latitude.slice(window.rows.start, window.rows.stop)],
    columns: columnsOf(window),
  };
};

describeShared("regions.json", () => {
  for (const unit of cases("regions")) {
    const { inputs, expected } = unit;
    if (unit.function === "select_box") {
      const empty = expected.source_columns.length === 0;
      const rows = empty ? [] : expected.latitude;
      if (unit.kind === "science") {
        test(`${unit.id}, ours`, () => {
          expect(selected(nearest(), inputs)).toEqual({ latitude: rows, columns: expected.source_columns });
        });
      } else {
        test(`${unit.id}, ours is right`, () => {
          const got = selected(nearest(), inputs);
          expect(got.latitude).toEqual(unit.right.latitude);
          expect(got.columns.sort((a, b) => a - b)).toEqual(unit.right.source_columns);
        });
      }
      test(`${unit.id}, compat`, () => {
        expect(selected(ewb11Matching, inputs)).toEqual({ latitude: rows, columns: expected.source_columns });
      });
    }
    if (unit.function === "space_test") {
      test(`${unit.id}, ours`, () => {
        expect(nearest().window(gridOf(inputs), regionOf(inputs.box)) !== undefined).toBe(expected);
        const inside = nearest().inside(regionOf(inputs.box));
        const any = inputs.latitude.some((y: number) => inputs.longitude.some((x: number) => inside(y, x)));
        expect(any).toBe(expected);
      });
    }
    if (unit.function === "box_geometry") {
      test(`${unit.id}, compat`, () => {
        const { west, east, south, north, crosses } = peerBox(regionOf(inputs));
        const parts = crosses
          ? [
              [west, south, 180, north],
              [-180, south, east, north],
            ]
          : [[west, south, east, north]];
        expect(parts).toEqual(expected.parts);
        const [low, , high] = expected.total_bounds;
        const inside = ewb11Matching.inside(regionOf(inputs));
        expect([inside(15, low), inside(15, high), inside(15, (low + high) / 2)]).toEqual([true, true, true]);
        if (low > -179) expect(inside(15, low - 0.5)).toBe(false);
      });
    }
  }
});

/** Which columns of `source` the wanted longitudes get. */
const taken = (matching: Matching, source: number[], wanted: number[], points: boolean): number[] => {
  const grid = { latitude: Float64Array.of(0), longitude: Float64Array.from(source) };
  const window = { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: source.length }] };
  const longitude = Float64Array.from(wanted);
  const places = points
    ? pointPlaces(new Float64Array(wanted.length), longitude)
    : gridPlaces(
        { latitude: Float64Array.of(0), longitude },
        { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: wanted.length }] },
      );
  return [...matching.put(grid, window, places)(Float64Array.from(source.keys()))];
};

describeShared("align.json", () => {
  const ours = nearest({ outside: "edge" });
  for (const unit of cases("align")) {
    const { source, wanted } = unit.inputs;
    if (unit.function === "nearest_index") {
      test(unit.id, () => {
        const axis = Float64Array.from(source as number[]);
        expect(wanted.map((at: number) => nearestIndex(axis, at))).toEqual(unit.expected);
      });
    }
    if (unit.function === "nearest_longitude_grid" || unit.function === "nearest_longitude_points") {
      const points = unit.function.endsWith("points");
      test(`${unit.id}, compat`, () => {
        expect(taken(ewb11Matching, source, wanted, points)).toEqual(unit.expected);
      });
      test(`${unit.id}, ours`, () => {
        const right = unit.kind === "science" ? unit.expected : unit.right;
        expect(taken(ours, source, wanted, points)).toEqual(right);
        expect(taken(ours, source, wanted, !points)).toEqual(right);
      });
    }
    if (unit.function === "haversine") {
      test(unit.id, () => {
        const [a, b] = [unit.inputs.a, unit.inputs.b];
        expect(Math.abs(haversine(a[0], a[1], b[0], b[1]) - unit.expected)).toBeLessThanOrEqual(
          1e-12 * Math.max(1, unit.expected),
        );
      });
    }
  }
});

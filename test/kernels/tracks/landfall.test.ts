/** Landfalls against the numbers kept beside the program: those that are right by definition. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { coastOf, sideOfArea } from "../../../src/kernels/tracks/coast.ts";
import {
  type LandfallOptions,
  landfallDisplacement,
  landfallIntensityError,
  landfallPairs,
  landfallTimeError,
} from "../../../src/kernels/tracks/landfallPairs.ts";
import { landfalls } from "../../../src/kernels/tracks/landfalls.ts";
import type { Track, TrackRun } from "../../../src/kernels/tracks/track.ts";
import { goldenPath } from "../../golden/goldenPath.ts";
import { instant, numberOf } from "../../golden/unitCase.ts";

const HOUR = 3_600_000;

interface LandfallCase {
  readonly id: string;
  readonly metric: { readonly parameters: Record<string, any> };
  readonly forecast: { readonly coords: any; readonly data: readonly (readonly (number | string)[])[] };
  readonly target: { readonly coords: any; readonly data: readonly (number | string)[] };
  readonly land: any;
  readonly ocean: any;
  readonly expected: readonly any[];
  readonly right?: readonly any[];
}

const cases: readonly LandfallCase[] = JSON.parse(
  readFileSync(goldenPath("ewb-core", "units", "landfall.json"), "utf8"),
);

const values = {
  landfall_displacement: landfallDisplacement,
  landfall_time_me: landfallTimeError,
  landfall_intensity_mae: landfallIntensityError,
};

const optionsOf = (parameters: Record<string, any>): LandfallOptions => {
  const {
    approach,
    landfall_time_filter: filter,
    min_target_separation_hours,
    max_time_mismatch_hours,
  } = parameters;
  const [kind, amount] = filter ?? [];
  return {
    ...(approach === undefined ? {} : { approach }),
    ...(filter === undefined
      ? {}
      : {
          within: filter === null ? "any" : kind === "window" ? { hours: amount } : { shareOfLead: amount },
        }),
    ...(min_target_separation_hours === undefined ? {} : { separationHours: min_target_separation_hours }),
    ...(max_time_mismatch_hours == null ? {} : { mismatchHours: max_time_mismatch_hours }),
  };
};

describe("ewb-core/units/landfall", () => {
  for (const one of cases) {
    test(one.id, () => {
      const { coords, data } = one.forecast;
      const runs = (coords.init_time as string[]).map((init, i): TrackRun => {
        const initTime = instant(init);
        return {
          initTime,
          times: coords.lead_time.map((lead: number) => initTime + lead * HOUR),
          latitudes: coords.latitude.data[i].map(numberOf),
          longitudes: coords.longitude.data[i].map(numberOf),
          intensities: data[i]!.map(numberOf),
        };
      });
      const observed: Track = {
        times: one.target.coords.valid_time.map(instant),
        latitudes: one.target.coords.latitude.data.map(numberOf),
        longitudes: one.target.coords.longitude.data.map(numberOf),
        intensities: one.target.data.map(numberOf),
      };
      const pairs = landfallPairs(
        runs,
        observed,
        coastOf(one.land, one.ocean),
        optionsOf(one.metric.parameters),
      );
      const wanted = (one.right ?? one.expected).filter(({ placeholder }) => placeholder !== true);
      const names = Object.keys(values).filter(
        (name) => one.metric.parameters.metrics.length > 1 || wanted.some(({ metric }) => metric === name),
      );
      expect(pairs.length * names.length).toBe(wanted.length);
      for (const { metric, init_time, value } of wanted) {
        const pair = pairs.find(({ initTime }) => initTime === instant(init_time));
        const got = values[metric as keyof typeof values](pair!);
        expect(Math.abs(got - value), `${metric} ${init_time}: ${got}`).toBeLessThanOrEqual(
          1e-10 * Math.max(1, Math.abs(value)),
        );
      }
    });
  }
});

const box = (west: number, south: number, east: number, north: number) => [
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ],
];

const stepped = (points: readonly (readonly [number, number])[]): Track => ({
  times: points.map((_, i) => i * 6 * HOUR),
  longitudes: points.map(([longitude]) => longitude),
  latitudes: points.map(([, latitude]) => latitude),
  intensities: points.map((_, i) => 10 * i),
});

describe("landfalls", () => {
  const coast = coastOf({ type: "Polygon", coordinates: box(-80, 20, -70, 30) });
  const found = (points: readonly (readonly [number, number])[]) =>
    landfalls(stepped(points), coast).map(({ longitude, latitude, intensity }) => [
      longitude,
      latitude,
      intensity,
    ]);

  test("from the sea only, where land is first touched", () => {
    expect(
      found([
        [-65, 25],
        [-75, 25],
      ]),
    ).toEqual([[-70, 25, 5]]);
    expect(
      found([
        [-65, 31],
        [-85, 19],
      ]),
    ).toEqual([[-70, 28, 2.5]]);
    expect(
      found([
        [-75, 15],
        [-75, 20],
      ]),
    ).toEqual([[-75, 20, 10]]);
    expect(
      found([
        [-82, 20],
        [-68, 20],
      ]),
    ).toEqual([[-80, 20, expect.closeTo(10 / 7, 12)]]);
    expect(
      found([
        [-75, 25],
        [-75, 35],
      ]),
    ).toEqual([]);
    expect(
      found([
        [-70, 25],
        [-75, 25],
      ]),
    ).toEqual([]);
    expect(
      found([
        [-65, 35],
        [-85, 35],
      ]),
    ).toEqual([]);
  });

  test("a step may stand still, miss a point, or be told in 0 to 360", () => {
    expect(
      found([
        [-65, 25],
        [-65, 25],
        [-75, 25],
      ]),
    ).toEqual([[-70, 25, 15]]);
    expect(
      found([
        [-65, 25],
        [Number.NaN, Number.NaN],
        [-75, 25],
      ]),
    ).toEqual([]);
    expect(
      found([
        [295, 25],
        [285, 25],
      ]),
    ).toEqual([[-70, 25, 5]]);
  });

  test("out and in again far from the last one", () => {
    expect(
      found([
        [-65, 25],
        [-75, 25],
        [-85, 25],
        [-75, 25],
      ]),
    ).toEqual([
      [-70, 25, 5],
      [-80, 25, 25],
    ]);
  });

  test("again within 50 km of the last one that was kept: the same landfall", () => {
    const again = (latitude: number) =>
      stepped([
        [-65, 25],
        [-75, 25],
        [-65, latitude],
        [-75, latitude],
      ]);
    expect(landfalls(again(25.4), coast)).toHaveLength(1);
    expect(landfalls(again(25.5), coast)).toHaveLength(2);
    expect(landfalls(again(25.4), coast, 40)).toHaveLength(2);
  });

  test("a run whose track begins after the observed landfall could not foresee it", () => {
    const observed = stepped([
      [-65, 25],
      [-75, 25],
    ]);
    const late = (points: readonly (readonly [number, number])[]): TrackRun => ({
      ...stepped(points),
      initTime: 0,
    });
    const empty = [Number.NaN, Number.NaN] as const;
    const begun = late([
      [-64, 25],
      [-66, 25],
      [-75, 25],
    ]);
    const notYet = late([empty, [-66, 25], [-75, 25]]);
    const within = "any";
    expect(landfallPairs([begun], observed, coast, { within })).toHaveLength(1);
    for (const approach of ["first", "next"] as const) {
      expect(landfallPairs([notYet], observed, coast, { within, approach })).toHaveLength(0);
    }
  });

  test("a step over the date line goes the short way", () => {
    const fiji = coastOf({ type: "Polygon", coordinates: box(179, -20, 181, -15) });
    expect(
      landfalls(
        stepped([
          [-177, -17],
          [179.5, -17],
        ]),
        fiji,
      ),
    ).toMatchObject([{ longitude: -179, latitude: -17, intensity: expect.closeTo(20 / 3.5, 12) }]);
  });

  test("a hole is outside, its edge the edge", () => {
    const lake = coastOf({
      type: "MultiPolygon",
      coordinates: [[...box(0, 0, 10, 10), ...box(4, 4, 6, 6)]],
    });
    expect(sideOfArea(lake.land, 5, 5)).toBe(-1);
    expect(sideOfArea(lake.land, 4, 5)).toBe(0);
    expect(sideOfArea(lake.land, 3, 5)).toBe(1);
    expect(sideOfArea(lake.land, 363, 5)).toBe(1);
    expect(sideOfArea(lake.land, -1, 5)).toBe(-1);
  });
});

import { describe, expect, test } from "vitest";
import {
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallMetric,
  landfallTimeMeanError,
  type PeerLandfallOptions,
} from "../../src/compat/ewb11/index.ts";
import type { Pair } from "../../src/model/pair.ts";
import { metricLaws } from "../../src/testing.ts";
import { scoreAll } from "../golden/unitCase.ts";
import {
  coast,
  HOUR,
  nowhere,
  type Point,
  randomStorms,
  storm,
  type Storm as T,
} from "../laws/trackPairs.ts";

const values = (pairs: readonly Pair[], options: Partial<PeerLandfallOptions<keyof T>> = {}) =>
  [landfallDisplacement, landfallTimeMeanError, landfallIntensityMeanAbsoluteError].map((make) =>
    scoreAll(make<T>("wind", { coast, ...options }), pairs).map(({ value }) => value),
  );

const target: Point[] = [
  [25, -84, 40],
  [25, -82, 50],
  [25, -78, 30],
  [25, -76, 20],
];

describe("a landfall of the peer", () => {
  test("lies at the share of the segment where land begins, for place, time and value", () => {
    const pairs = storm(target, { 0: [nowhere, [26, 278, 60], [26, 282, 40], nowhere] });
    const [row] = scoreAll(landfallDisplacement<T>("wind", { coast }), pairs);
    expect(row).toMatchObject({ initTime: 0, n: 1 });
    expect(row!.extra).toMatchObject({
      forecast_landfall_longitude: -80,
      forecast_landfall_valid_time: 9 * HOUR,
      target_landfall_latitude: 25,
    });
    expect(row!.value).toBeCloseTo(111.1949, 3);
    expect(values(pairs).slice(1)).toEqual([[0], [10]]);
  });

  test("of a later run within 50 km of an earlier run's is lost: one row, not two", () => {
    const run: Point[] = [
      [25.1, -82, 50],
      [25.1, -78, 30],
    ];
    expect(values(storm(target, { 0: [nowhere, ...run], 6: run })).map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
    const apart: Point[] = [
      [26, -82, 50],
      [26, -78, 30],
    ];
    expect(values(storm(target, { 0: [nowhere, ...apart], 6: run }))[0]).toHaveLength(2);
  });

  test("beyond as many as there are runs with one is not looked at: the last run loses its own", () => {
    const twice: Point[] = [
      [25, -82, 50],
      [25, -78, 30],
      [28, -82, 50],
      [28, -78, 30],
    ];
    const once: Point[] = [
      [40, -82, 50],
      [40, -78, 30],
    ];
    expect(values(storm(target, { 0: twice, 6: once }), { landfallTimeFilter: null })[0]).toHaveLength(1);
    expect(
      values(storm(target, { 0: twice.slice(0, 2), 6: once }), { landfallTimeFilter: null })[0],
    ).toHaveLength(2);
  });

  test("without a pair: one row without a number", () => {
    const pairs = storm(target, { 0: target.map(([y, x, v]) => [y - 20, x, v] as const) });
    expect(scoreAll(landfallDisplacement<T>("wind", { coast }), pairs)).toEqual([
      { initTime: 0, leadHours: null, validTime: null, value: Number.NaN, n: 0 },
    ]);
  });

  test("before a run has begun to track the storm is not that run's", () => {
    const points: Point[] = [
      [25, -82, 40],
      [25, -78, 40],
    ];
    const late = storm(target, { 0: [nowhere, nowhere, nowhere, ...points] });
    expect(values(late)[1]).toEqual([Number.NaN]);
    expect(values(storm(target, { 0: [target[0]!, nowhere, nowhere, ...points] }))[1]).toEqual([12]);
  });

  test("too far apart in time is left out, unless the filter is off", () => {
    const late = storm([...target, ...target.map(([y, x, v]) => [y, x - 20, v] as const)], {
      0: [
        [25, -84, 40],
        [25, -83.9, 40],
        [25, -83.8, 40],
        [25, -83.7, 40],
        [25, -82, 40],
        [25, -78, 40],
      ],
    });
    expect(values(late, { landfallTimeFilter: ["window", 12] })[1]).toEqual([Number.NaN]);
    expect(values(late, { landfallTimeFilter: null })[1]).toEqual([18]);
    expect(values(late, { landfallTimeFilter: ["proportional", 2] })[1]).toEqual([18]);
  });
});

describe("options", () => {
  test("a composite of one uses its own settings, of two the composite's", () => {
    const made = (metrics: Parameters<typeof landfallMetric<T>>[1]["metrics"]) =>
      landfallMetric<T>("wind", { metrics, coast, approach: "next" }).map(
        ({ parameters }) => parameters.approach,
      );
    expect(made([landfallDisplacement])).toEqual(["first"]);
    expect(made([landfallDisplacement, landfallTimeMeanError])).toEqual(["next", "next"]);
    expect(() => made([])).toThrow(/there are no metrics/);
  });

  test("wrong ones are refused", () => {
    const make = (options: any) => () => landfallDisplacement<T>("wind", options);
    expect(make({})).toThrow(/there is no coast/);
    expect(make({ coast, approach: "last" })).toThrow(/approach/);
    expect(make({ coast, landfallTimeFilter: ["about", 3] })).toThrow(/landfallTimeFilter/);
    expect(make({ coast, units: "deg" })).toThrow(/no option "units"/);
  });

  test("tracks on several places are refused", () => {
    const pairs = storm(target, { 0: target }).map((pair) => ({
      ...pair,
      forecast: { ...pair.forecast, wind: { unit: "m s-1", values: new Float64Array(2) } },
    }));
    expect(() => scoreAll(landfallDisplacement<T>("wind", { coast }), pairs)).toThrow(/has 2 places/);
  });
});

test("landfalls are reduced by the laws", () => {
  for (const approach of ["first", "next"] as const) {
    const metric = landfallDisplacement<T>("wind", { coast, approach, landfallTimeFilter: null });
    metricLaws(metric, { pairs: randomStorms, perfect: null, missingIsAbsent: false });
  }
});

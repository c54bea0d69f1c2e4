/** Metrics of tracks on storms whose numbers are plain. */
import { describe, expect, test } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { Pair } from "../../../src/model/pair.ts";
import {
  by,
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallTimeMeanError,
  leadBin,
  trackError,
  withInterval,
} from "../../../src/operators/metrics/index.ts";
import { scoreAll } from "../../golden/unitCase.ts";
import { box, coast, HOUR, nowhere, type Point, type Storm, storm } from "../../laws/trackPairs.ts";

/** Ashore at 80 W, 25 N, at 9 h. */
const target: Point[] = [
  [25, -84, 40],
  [25, -82, 50],
  [25, -78, 30],
  [25, -76, 20],
];
/** Ashore one degree further north, at the same time, 10 m/s stronger. */
const north: Point[] = [
  [26, -84, 50],
  [26, -82, 60],
  [26, -78, 40],
];
const DEGREE = (6371 * Math.PI) / 180;
const reduced = { leadHours: null, validTime: null };

type Options = Parameters<typeof landfallDisplacement<Storm>>[1];

const values = (pairs: readonly Pair[], options: Partial<Options> = {}) =>
  [landfallDisplacement, landfallTimeMeanError, landfallIntensityMeanAbsoluteError].map((make) =>
    scoreAll(make<Storm>("wind", { coast, ...options }), pairs).map(({ value }) => value),
  );

describe("landfalls", () => {
  test("a row a run, with place and time of both", () => {
    const rows = scoreAll(landfallDisplacement<Storm>("wind", { coast }), storm(target, { 0: north }));
    expect(rows).toEqual([
      {
        initTime: 0,
        ...reduced,
        value: expect.closeTo(DEGREE, 9),
        n: 1,
        extra: {
          forecast_landfall_latitude: 26,
          forecast_landfall_longitude: -80,
          forecast_landfall_valid_time: 9 * HOUR,
          target_landfall_latitude: 25,
          target_landfall_longitude: -80,
          target_landfall_valid_time: 9 * HOUR,
        },
      },
    ]);
    expect(values(storm(target, { 0: north }))).toEqual([[expect.closeTo(DEGREE, 9)], [0], [10]]);
  });

  test("a run or a target without one: NaN with n 0, beside the runs that have one", () => {
    const never = target.map(([y, x, v]): Point => [y - 20, x, v]);
    const pairs = storm(target, { 0: north, 6: never });
    const rows = scoreAll(landfallTimeMeanError<Storm>("wind", { coast }), pairs);
    expect(rows[0]).toMatchObject({ initTime: 0, value: 0, n: 1 });
    expect(rows[1]).toEqual({ initTime: 6 * HOUR, ...reduced, value: Number.NaN, n: 0 });
    expect(rows).toHaveLength(2);
    expect(values(storm(never, { 0: north }))).toEqual([[Number.NaN], [Number.NaN], [Number.NaN]]);
  });

  test("keep: [] is the mean over the runs that have one", () => {
    const never = target.map(([y, x, v]): Point => [y - 20, x, v]);
    const stronger = target.slice(1).map(([y, x, v]): Point => [y, x, v + 30]);
    const pairs = storm(target, { 0: north, 6: stronger, 12: never.slice(2) });
    const metric = landfallIntensityMeanAbsoluteError<Storm>("wind", { coast, keep: [] });
    expect(scoreAll(metric, pairs)).toEqual([{ initTime: null, ...reduced, value: 20, n: 2 }]);
    expect(metric.parameters.keep).toBe("nothing");
    const none = scoreAll(metric, storm(target, { 0: never }));
    expect(none).toEqual([{ initTime: null, ...reduced, value: Number.NaN, n: 0 }]);
  });

  test("runs within 50 km of each other all count", () => {
    expect(values(storm(target, { 0: target, 6: target.slice(1) }))[0]).toEqual([0, 0]);
  });

  test("a position without an intensity at its end has a displacement but no intensity error", () => {
    const weak: Point[] = [
      [25, -84, 40],
      [25, -82, 50],
      [25, -78, Number.NaN],
    ];
    const pairs = storm(target, { 0: weak });
    expect(values(pairs)).toEqual([[0], [0], [Number.NaN]]);
    const rows = scoreAll(landfallIntensityMeanAbsoluteError<Storm>("wind", { coast }), pairs);
    expect(rows.map(({ n }) => n)).toEqual([0]);
  });

  test("time windows, shares of the lead, separation and mismatch", () => {
    // Two landfalls of the target, at 9 h and at 45 h; the run's at 33 h.
    const twice: Point[] = [...target, ...[-84, -84, -84, -82, -78].map((x): Point => [35, x, 40])];
    const late = [-84, -84, -84, -84, -84, -82, -78, -76, -75].map((x): Point => [25, x, 40]);
    const pairs = storm(twice, { 0: late });
    const hours = (options: Partial<Options>) => values(pairs, options)[1];
    expect(hours({})).toEqual([24]);
    expect(hours({ within: "23 h" })).toEqual([Number.NaN]);
    expect(hours({ within: "any" })).toEqual([24]);
    expect(hours({ within: { shareOfLead: 2 } })).toEqual([Number.NaN]);
    expect(hours({ within: { shareOfLead: 3 } })).toEqual([24]);
    expect(hours({ approach: "next" })).toEqual([-12]);
    expect(hours({ approach: "next", separation: "37 h" })).toEqual([24]);
    expect(hours({ approach: "next", mismatch: "11 h" })).toEqual([Number.NaN]);
    expect(hours({ approach: "next", apart: "5000 km" })).toEqual([24]);
  });

  test("land alone: all the rest is sea", () => {
    expect(values(storm(target, { 0: north }), { coast: { land: coast.land } })[1]).toEqual([0]);
    // An ocean that ends at 83 W: the segment that comes ashore does not begin in it.
    const ocean = { type: "Polygon", coordinates: [box(-110, 5, -83, 50)] } as const;
    expect(values(storm(target, { 0: north }), { coast: { land: coast.land, ocean } })[1]).toEqual([
      Number.NaN,
    ]);
  });

  test("a missing point is a gap, a time that nobody has is none", () => {
    const gap: Point[] = [target[0]!, nowhere, target[2]!, target[3]!];
    const metric = landfallTimeMeanError<Storm>("wind", { coast });
    const found = (pairs: readonly Pair[]) => scoreAll(metric, pairs).map(({ n }) => n);
    expect(found(storm(target, { 0: gap }))).toEqual([0]);
    expect(found(storm(gap, { 0: target }))).toEqual([0]);
    expect(found(storm(gap, { 0: gap }))).toEqual([1]);
    // The target's store lacks the time: the forecast's point there is its own.
    const lacking = storm(gap, { 0: target }).map((pair, i) => ({ ...pair, matched: i !== 1 }));
    expect(found(lacking)).toEqual([1]);
  });

  test("what is no option is refused", () => {
    const make = (options: any) => () => landfallDisplacement<Storm>("wind", options);
    const { land } = coast;
    for (const wrong of [
      undefined,
      {},
      { coast: {} },
      { coast: { land: { type: "Feature", geometry: land } } },
    ]) {
      expect(make(wrong)).toThrow(/there is no coast; give/);
    }
    expect(make({ coast: { land, ocean: [] } })).toThrow(/there is no coast/);
    expect(make({ coast, approach: "last" })).toThrow(/approach is "last"; expected "first" or "next"/);
    expect(make({ coast, within: "1 day" })).toThrow(/within/);
    expect(make({ coast, within: { shareOfLead: -1 } })).toThrow(/within is \{"shareOfLead":-1\}/);
    expect(make({ coast, within: null })).toThrow(/within is null/);
    expect(make({ coast, separation: "6 h" })).toThrow(/separation has an effect with/);
    expect(make({ coast, mismatch: "6 h" })).toThrow(/mismatch has an effect with/);
    expect(make({ coast, apart: "50 m" })).toThrow(/apart is "50 m"/);
    expect(make({ coast, keep: ["lead_time"] })).toThrow(/keep is "lead_time"/);
    expect(make({ coast, leadOrder: [1] })).toThrow(/no option "leadOrder"/);
    expect(make({})).toThrow(EwbError);
  });

  test("tracks on several places are refused", () => {
    const pairs = storm(target, { 0: target }).map((pair) => ({
      ...pair,
      forecast: { ...pair.forecast, wind: { unit: "m s-1", values: new Float64Array(2) } },
    }));
    expect(() => values(pairs)).toThrow(/wind has 2 places; a track has one/);
    expect(() => scoreAll(trackError<Storm>("wind"), pairs)).toThrow(/wind has 2 places/);
  });

  test("another coast is another metric, by its parameters", () => {
    const text = (given: Options["coast"]) =>
      landfallDisplacement<Storm>("wind", { coast: given }).parameters.coast;
    expect(text(coast)).toMatch(/^a box [0-9a-f]{8}$/);
    expect(text({ land: coast.land })).toMatch(/^[0-9a-f]{8}$/);
    expect(text({ ...coast, land: coast.ocean })).not.toBe(text(coast));
  });
});

/** A storm along the equator, one degree each 6 hours, as near to the great circles of its errors as can be. */
const equator: Point[] = [0, 1, 2, 3].map((x) => [0, x, 40]);

const errors = (metric: Metric<any>, pairs: readonly Pair[]) =>
  scoreAll(metric, pairs).map(({ term, value, unit, n, leadHours }: MetricRow) => ({
    term,
    value,
    unit,
    n,
    leadHours,
  }));

const close = (km: number) => expect.closeTo(km, 9);

describe("track errors", () => {
  const row = (leadHours: number | null, term: string, value: unknown, n: number, unit?: string) => ({
    term,
    value,
    unit,
    n,
    leadHours,
  });
  const ahead: Point[] = [
    [0, 1, 45],
    [-1, 1, 38],
  ];

  test("by lead, with the units of the rows", () => {
    const metric = trackError<Storm>("wind");
    expect(errors(metric, storm(equator, { 0: ahead }))).toEqual([
      row(0, "track error", close(DEGREE), 1, "km"),
      row(0, "along-track error", close(DEGREE), 1, "km"),
      row(0, "cross-track error", close(0), 1, "km"),
      row(0, "track intensity error", 5, 1),
      row(6, "track error", close(DEGREE), 1, "km"),
      row(6, "along-track error", close(0), 1, "km"),
      row(6, "cross-track error", close(DEGREE), 1, "km"),
      row(6, "track intensity error", -2, 1),
    ]);
    expect(metric.unit("m s-1")).toBe("m s-1");
  });

  test("signs cancel in the mean, unless they are left out", () => {
    // Behind by one degree 6 hours later.
    const behind: Point[] = [[0, 0, 30]];
    const pairs = storm(equator, { 0: ahead.slice(0, 1), 6: behind });
    const of = (options: object) => errors(trackError<Storm>("wind", { keep: [], ...options }), pairs);
    expect(of({})).toEqual([
      row(null, "track error", close(DEGREE), 2, "km"),
      row(null, "along-track error", close(0), 2, "km"),
      row(null, "cross-track error", close(0), 2, "km"),
      row(null, "track intensity error", -2.5, 2),
    ]);
    expect(of({ absolute: true }).map(({ value }) => value)).toEqual([
      close(DEGREE),
      close(DEGREE),
      close(0),
      7.5,
    ]);
  });

  test("a storm seen once has no motion: a total, no parts", () => {
    const rows = errors(trackError<Storm>("wind"), storm([[0, 0, 40]], { 0: [[0, 1, 40]] }));
    expect(rows.map(({ value, n }) => [value, n])).toEqual([
      [close(DEGREE), 1],
      [Number.NaN, 0],
      [Number.NaN, 0],
      [0, 1],
    ]);
  });

  test("points that a side lacks: NaN with n 0", () => {
    const rows = errors(trackError<Storm>("wind"), storm(equator, { 0: [nowhere, [0, 1, 40]] }));
    expect(rows.map(({ leadHours, n }) => [leadHours, n])).toEqual(
      [0, 0, 0, 0, 6, 6, 6, 6].map((lead) => [lead, lead / 6]),
    );
  });

  test("positions without an intensity have no intensity error", () => {
    const weak = equator.map(([y, x]): Point => [y, x, Number.NaN]);
    const rows = errors(trackError<Storm>("wind", { keep: [] }), storm(weak, { 0: weak }));
    expect(rows.map(({ value, n }) => [value, n])).toEqual([
      [0, 4],
      [0, 4],
      [0, 4],
      [Number.NaN, 0],
    ]);
  });

  test("wrong options are refused", () => {
    const make = (options: any) => () => trackError<Storm>("wind", options);
    expect(make({ absolute: 1 })).toThrow(/absolute is 1; expected true or false/);
    expect(make({ keep: ["run"] })).toThrow(/keep is "run"/);
    expect(make({ coast })).toThrow(/no option "coast"/);
  });
});

describe("with the metrics of metrics", () => {
  const runs = { 0: target, 6: target.slice(1).map(([y, x, v]): Point => [y + 1, x, v + 8]) };

  test("a run that is drawn twice counts twice", () => {
    const metric = trackError<Storm>("wind", { keep: [] });
    const [first, second] = [0, 6].map((hour) =>
      storm(target, runs).filter(({ initTime }) => initTime === hour * HOUR),
    );
    const intensity = (pairs: readonly Pair[]) => scoreAll(metric, pairs)[3]!;
    expect(intensity([...first!, ...second!])).toMatchObject({ value: (8 * 3) / 7, n: 7 });
    expect(intensity([...first!, ...second!, ...second!])).toMatchObject({ value: (8 * 6) / 10, n: 10 });
    const landfall = landfallIntensityMeanAbsoluteError<Storm>("wind", { coast, keep: [] });
    expect(scoreAll(landfall, [...first!, ...second!, ...second!])[0]!.value).toBeCloseTo(16 / 3, 12);
  });

  test("intervals hold what all draws give", () => {
    const metric = withInterval(trackError<Storm>("wind", { keep: [] }), { resamples: 200 });
    const row = scoreAll(metric, storm(target, runs))[3]!;
    expect([row.lower, row.upper]).toEqual([0, 8]);
  });

  test("broken down by init only: other groups would cut the tracks", () => {
    const metric = landfallTimeMeanError<Storm>("wind", { coast });
    expect(scoreAll(by(metric, ["init_time"]), storm(target, runs))).toHaveLength(2);
    // @ts-expect-error The metric allows "init_time" only.
    expect(() => by(metric, ["season"])).toThrow(/season/);
    // @ts-expect-error The metric allows "init_time" only.
    expect(() => by(trackError<Storm>("wind"), [leadBin("24 h")])).toThrow(/leadBin/);
  });
});

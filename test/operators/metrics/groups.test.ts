/** Break-downs and masks against the same metric over pairs that were chosen by hand. */
import { describe, expect, test } from "vitest";
import { cutPlaces, gridPlaces, pointPlaces } from "../../../src/kernels/places.ts";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../../src/model/pair.ts";
import {
  altitudeClass,
  landSea,
  latitudeBand,
  leadBin,
  regions,
} from "../../../src/operators/metrics/groups/breakdown.ts";
import { by } from "../../../src/operators/metrics/groups/by.ts";
import { type GroupOptions, grouped } from "../../../src/operators/metrics/groups/grouped.ts";
import { where } from "../../../src/operators/metrics/groups/where.ts";
import {
  contingencyTable,
  criticalSuccessIndex,
  earlySignal,
  meanError,
  meanSquaredError,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { rowsOfMetric } from "../../golden/goldenPairs.ts";

type T = { t: "K" };
const HOUR = 3_600_000;
const field = (text: string): ClimatologyField<"1"> => ({
  kind: "climatology",
  source: { role: "climatology", name: text, format: "memory", address: text, variables: { t: "1" } },
  variable: "t",
  unit: "1",
  text,
});
const latitude = Float64Array.of(15, 5, -5, -15);
const longitude = Float64Array.of(0, 10, 20);
const grid = gridPlaces(
  { latitude, longitude },
  { rows: { start: 0, stop: 4 }, columns: [{ start: 0, stop: 3 }] },
);
/** Share of land: 0, 0.5, 1 by column, unknown in the last cell. */
const land = Float64Array.from({ length: 12 }, (_, i) => (i === 11 ? Number.NaN : (i % 3) / 2));

/** The error of cell i is i + 100 times the hour of the lead. */
const pairAt = (initTime: number, leadHours: number): Pair => ({
  event: {
    id: 1,
    title: "",
    type: "",
    start: 0,
    end: 1,
    region: { south: -90, north: 90, west: 0, east: 360 },
  },
  initTime,
  leadHours,
  validTime: initTime + leadHours * HOUR,
  matched: true,
  places: grid,
  forecast: { t: { unit: "K", values: Float64Array.from({ length: 12 }, (_, i) => i + 100 * leadHours) } },
  target: { t: { unit: "K", values: new Float64Array(12) } },
  climatology: ({ text, unit }) => ({
    unit,
    values: text === "land" ? land : Float64Array.from({ length: 12 }, (_, i) => i * 100),
  }),
});

const start = Date.UTC(2021, 11, 31, 12);
const pairs = [0, 6, 12, 24, 30].flatMap((lead) => [pairAt(start, lead), pairAt(start + 24 * HOUR, lead)]);
const bias = meanError<T>("t", { keep: [], weights: "none" });
const valuesOf = (metric: Metric<T>, of: readonly Pair[] = pairs): Record<string, [number, number]> =>
  Object.fromEntries(rowsOfMetric(metric, of).map(({ by, value, n }) => [by ?? "", [value, n]]));
const some = (is: (pair: Pair) => boolean): [number, number] => valuesOf(bias, pairs.filter(is))[""]!;
const now = [pairAt(start, 0)];
const cells = (...chosen: number[]): [number, number] => [
  chosen.reduce((sum, i) => sum + i, 0) / chosen.length,
  chosen.length,
];

describe("by times", () => {
  test("month, season and hour of the valid time", () => {
    const month = (pair: Pair) => new Date(pair.validTime).getUTCMonth() + 1;
    expect(valuesOf(by(bias, ["month"]))).toEqual({
      "month=12": some((pair) => month(pair) === 12),
      "month=1": some((pair) => month(pair) === 1),
    });
    expect(valuesOf(by(bias, ["season"]))).toEqual({ "season=DJF": some(() => true) });
    const hours = Object.fromEntries(
      [0, 12, 18].map((hour) => [
        `hour=${hour}`,
        some(({ validTime }) => new Date(validTime).getUTCHours() === hour),
      ]),
    );
    expect(valuesOf(by(bias, ["hour"]))).toEqual(hours);
  });
  test.each([
    [1, "DJF"],
    [2, "DJF"],
    [3, "MAM"],
    [5, "MAM"],
    [6, "JJA"],
    [9, "SON"],
    [11, "SON"],
    [12, "DJF"],
  ])("month %d is in %s", (month, season) => {
    const of = [pairAt(Date.UTC(2021, month - 1, 15), 0)];
    expect(Object.keys(valuesOf(by(bias, ["season"]), of))).toEqual([`season=${season}`]);
  });
  test("bins of leads hold their lower end", () => {
    expect(valuesOf(by(bias, [leadBin("12 h")]))).toEqual({
      "lead=0..12 h": some(({ leadHours }) => leadHours < 12),
      "lead=12..24 h": some(({ leadHours }) => leadHours === 12),
      "lead=24..36 h": some(({ leadHours }) => leadHours >= 24),
    });
  });
  test("init, lead and valid time as `keep`", () => {
    for (const keep of [["init_time"], ["lead_time"], ["valid_time"], ["init_time", "lead_time"]] as const) {
      const wanted = rowsOfMetric(meanError<T>("t", { keep, weights: "none" }), pairs);
      const rows = rowsOfMetric(by(bias, keep), pairs);
      expect(rows).toEqual(wanted);
    }
    const byValid = rowsOfMetric(by(meanError<T>("t", { weights: "none" }), ["valid_time"]), pairs);
    expect(byValid).toEqual(
      rowsOfMetric(meanError<T>("t", { keep: ["init_time", "lead_time"], weights: "none" }), pairs),
    );
  });
});

describe("by places", () => {
  test("latitude bands hold their southern edge", () => {
    expect(valuesOf(by(bias, [latitudeBand(10)]), now)).toEqual({
      "latitude=10..20": cells(0, 1, 2),
      "latitude=0..10": cells(3, 4, 5),
      "latitude=-10..0": cells(6, 7, 8),
      "latitude=-20..-10": cells(9, 10, 11),
    });
    expect(Object.keys(valuesOf(by(bias, [latitudeBand(5)]), now))).toContain("latitude=-15..-10");
  });
  test("regions overlap, and one without a place says so", () => {
    const metric = by(bias, [
      regions({
        west: { south: -90, north: 90, west: -5, east: 10 },
        corner: {
          type: "Polygon",
          coordinates: [
            [
              [5, 20],
              [25, 20],
              [25, 0],
            ],
          ],
        },
        none: { south: 50, north: 60, west: 0, east: 10 },
      }),
    ]);
    expect(valuesOf(metric, now)).toEqual({
      "region=west": cells(0, 1, 3, 4, 6, 7, 9, 10),
      "region=corner": cells(1, 2, 5),
      "region=none": [Number.NaN, 0],
    });
  });
  test("land from one half on, sea below; unknown in neither", () => {
    expect(valuesOf(by(bias, [landSea(field("land"))]), now)).toEqual({
      "land=land": cells(1, 2, 4, 5, 7, 8, 10),
      "land=sea": cells(0, 3, 6, 9),
    });
  });
  test("classes of altitude hold their lower edge", () => {
    expect(valuesOf(by(bias, [altitudeClass(field("ground"), [200, 900])]), now)).toEqual({
      "altitude=..200 1": cells(0, 1),
      "altitude=200..900 1": cells(2, 3, 4, 5, 6, 7, 8),
      "altitude=900.. 1": cells(9, 10, 11),
    });
  });
  test("several give each combination, with the times", () => {
    const values = valuesOf(by(bias, [landSea(field("land")), "hour", latitudeBand(20)]), now);
    expect(values).toEqual({
      "hour=12;land=land;latitude=0..20": cells(1, 2, 4, 5),
      "hour=12;land=sea;latitude=0..20": cells(0, 3),
      "hour=12;land=land;latitude=-20..0": cells(7, 8, 10),
      "hour=12;land=sea;latitude=-20..0": cells(6, 9),
    });
  });
  test("stations by name, or by place where they have none", () => {
    const points = (names?: readonly string[]): Pair => ({
      ...pairAt(start, 0),
      places: pointPlaces(Float64Array.of(50, 51, 52), Float64Array.of(8, 355, -9), names),
      forecast: { t: { unit: "K", values: Float32Array.of(1, 2, 4) } },
      target: { t: { unit: "K", values: Float32Array.of(0, 0, 0) } },
    });
    expect(valuesOf(by(bias, ["station"]), [points(["a", "b", "a"])])).toEqual({
      "station=a": [2.5, 2],
      "station=b": [2, 1],
    });
    expect(Object.keys(valuesOf(by(bias, ["station"]), [points()]))).toEqual([
      "station=50,8",
      "station=51,-5",
      "station=52,-9",
    ]);
    expect(() => valuesOf(by(bias, ["station"]), now)).toThrow("points");
  });
  test("members stay with their places", () => {
    const seen: number[][] = [];
    const spy: Metric<T> = {
      ...bias,
      observe: (pair) => {
        seen.push(...(pair.forecast.t.members ?? []).map((member) => [...member]));
        return bias.observe(pair);
      },
    };
    const [first] = now;
    const members = [first!.forecast.t!.values, first!.forecast.t!.values.map((value) => -value)];
    const pair = { ...first!, forecast: { t: { ...first!.forecast.t!, members } } };
    rowsOfMetric(by(spy, [latitudeBand(10)]), [pair]);
    expect(seen).toHaveLength(8);
    expect(seen).toContainEqual([-3, -4, -5]);
  });
  test("weights of a place are those it has among all", () => {
    const area = meanSquaredError<T>("t", { keep: [] });
    const whole = { ...now[0]!, places: grid };
    const rows: readonly MetricRow[] = rowsOfMetric(by(area, [latitudeBand(20)]), [whole]);
    const half = (from: number, to: number): Pair => ({
      ...whole,
      places: cutPlaces(grid, { start: from, stop: to }),
      forecast: { t: { unit: "K", values: whole.forecast.t!.values.subarray(from * 3, to * 3) } },
      target: { t: { unit: "K", values: whole.target.t!.values.subarray(from * 3, to * 3) } },
    });
    const wanted = [half(0, 2), half(2, 4)].map((pair) => rowsOfMetric(area, [pair])[0]!.value);
    expect(rows.map(({ value }) => value).sort()).toEqual(wanted.sort());
  });
});

describe("where", () => {
  test("conditions choose places, all of several", () => {
    const of = (
      ...conditions: Parameters<typeof where<T>>[1] extends infer C
        ? Extract<C, readonly unknown[]>[number][]
        : never
    ) => valuesOf(where(bias, conditions), now)[""];
    expect(of({ land: field("land") })).toEqual(cells(1, 2, 4, 5, 7, 8, 10));
    expect(of({ sea: field("land") })).toEqual(cells(0, 3, 6, 9));
    expect(of({ inside: { south: 0, north: 90, west: 0, east: 10 } })).toEqual(cells(0, 1, 3, 4));
    expect(of({ outside: { south: 0, north: 90, west: 0, east: 10 } })).toEqual(
      cells(2, 5, 6, 7, 8, 9, 10, 11),
    );
    expect(of({ field: field("ground"), above: "900 1" })).toEqual(cells(9, 10, 11));
    expect(of({ variable: "t", side: "forecast", below: "2 K" })).toEqual(cells(0, 1, 2));
    expect(of({ variable: "t", above: "1 K" })).toEqual([Number.NaN, 0]);
    expect(
      of({ sea: field("land") }, { variable: "t", side: "forecast", above: "3 K", strictly: true }),
    ).toEqual(cells(6, 9));
  });
  test("is told by the parameters", () => {
    expect(where(bias, { land: field("land") }).parameters.where).toBe("land of land");
    const box = { south: 0, north: 90, west: 0, east: 10 };
    expect(where(bias, { inside: box, name: "box" }).parameters.where).toMatch(/^inside box [0-9a-f]{8}$/);
    expect(where(bias, { variable: "t", above: "1 K" }).parameters.where).toBe("target t >= 1 K");
  });
  test("a threshold in another unit is refused", () =>
    expect(() => valuesOf(where(bias, { variable: "t", above: "1 degC" }), now)).toThrow("in degC"));
});

describe("several metrics with the same groups", () => {
  const groups = [landSea(field("land")), latitudeBand(20)];
  const metricsOf = (options: GroupOptions<T>) => [
    rootMeanSquaredError<T>("t", options),
    meanSquaredError<T>("t", { ...options, keep: [] }),
    criticalSuccessIndex<T>("t", { ...options, above: "3 K" }),
    contingencyTable<T>("t", { ...options, above: "3 K" }),
  ];
  /** How often a metric asks for the mask and for the values of the forecast, one pair for all. */
  const asked = (of: readonly Metric<T>[]): [masks: number, values: number] => {
    const counts: [number, number] = [0, 0];
    const [pair] = now;
    const { values } = pair!.forecast.t!;
    const counting: Pair = {
      ...pair!,
      computed: new Map(),
      climatology: (named) => {
        counts[0] += 1;
        return pair!.climatology(named);
      },
      forecast: {
        t: {
          unit: "K",
          get values() {
            counts[1] += 1;
            return values;
          },
        },
      },
    };
    for (const metric of of) metric.observe(counting as Pair<T>);
    return counts;
  };
  test("share them: masks are read and fields are cut once", () => {
    const [plain, masked] = [
      metricsOf({ by: groups }),
      metricsOf({ by: groups, where: { land: field("land") } }),
    ];
    expect(asked(plain.slice(0, 1))).toEqual([1, 4]);
    expect(asked(plain)).toEqual([1, 4]);
    // The mask once for all groups, and once for those places of each that count.
    expect(asked(masked.slice(0, 1))).toEqual([5, 4]);
    expect(asked(masked)).toEqual([5, 4]);
  });
  test("share what they compute of each group", () => {
    const computed = (of: readonly Metric<T>[]): number => {
      const pair = { ...now[0]!, computed: new Map() };
      for (const metric of of) metric.observe(pair as Pair<T>);
      const parts = [...pair.computed.values()].flatMap((of) => [...of.values()]).flat();
      return parts.reduce((sum, part) => sum + (part.pair.computed as Map<unknown, unknown>).size, 0);
    };
    const [root, squared, score, table] = metricsOf({ by: groups });
    expect(computed([root!, squared!])).toBe(computed([root!]));
    expect(computed([score!, table!])).toBe(computed([score!]));
    expect(computed([root!, score!])).toBe(computed([root!]) + computed([score!]));
  });
});

describe("what a metric allows", () => {
  test("a metric that needs the whole has no groups of places", () => {
    const whole: Metric<T> = { ...bias, needs: { ...bias.needs, whole: true } };
    expect(() => by(whole, [latitudeBand(10)])).toThrow("cannot be broken down by latitudeBand");
    expect(valuesOf(where(whole, { sea: field("land") }), now)).toEqual({ "": cells(0, 3, 6, 9) });
  });
  test("a metric that says so is refused by the compiler and when run", () => {
    const narrow: Metric<T, any, "month" | "region"> = { ...bias, breakdowns: ["month", "region"] };
    expect(by(narrow, ["month"]).parameters.by).toBe("month");
    // @ts-expect-error "hour" is not among the break-downs of the metric
    expect(() => by(narrow, ["hour"])).toThrow("it can by month, region");
    // @ts-expect-error a latitude band is not among the break-downs of the metric
    expect(() => by(narrow, [latitudeBand(10)])).toThrow("cannot be broken down");
    // @ts-expect-error there is no such break-down
    expect(() => by(narrow, ["week"])).toThrow("cannot be broken down");
    expect(() => by(bias, ["month", "month"])).toThrow("twice");
    // @ts-expect-error there is no such break-down of any metric
    expect(() => meanError<T>("t", { by: ["week"] })).toThrow(
      "cannot be broken down by week; it can by init_time",
    );
    // @ts-expect-error a list
    expect(() => meanError<T>("t", { by: "month" })).toThrow('by is "month"; expected a list like');
  });
  test("options of a factory are both", () => {
    expect(grouped(bias, {})).toBe(bias);
    const both = grouped<T, "hour" | "landSea">(bias, { by: ["hour"], where: { sea: field("land") } });
    expect(valuesOf(both, now)).toEqual({ "hour=12": cells(0, 3, 6, 9) });
    expect(both.parameters).toMatchObject({ where: "sea of land", by: "hour" });
    expect(both.needs.climatologies).toHaveLength(1);
    const asked = meanError<T>("t", {
      keep: [],
      weights: "none",
      by: ["hour"],
      where: { sea: field("land") },
    });
    expect(rowsOfMetric(asked, now)).toEqual(rowsOfMetric(both, now));
    expect(asked.parameters).toEqual(both.parameters);
    expect(meanError<T>("t", { by: [], where: [] }).parameters).toEqual({ weights: "area" });
  });
  test("`where` of an early signal may be a criterion alone: of the target", () => {
    const signal = (condition: NonNullable<Parameters<typeof earlySignal<T, "t">>[1]["where"]>) =>
      earlySignal<T>("t", { above: "2 K", keep: [], where: condition });
    const target = { t: { unit: "K", values: Float64Array.from({ length: 12 }, (_, i) => 11 - i) } };
    const of = [{ ...now[0]!, target }];
    const alone = rowsOfMetric(signal({ below: "1 K" }), of);
    expect(alone).toMatchObject([{ value: 1, n: 2 }]);
    expect(rowsOfMetric(signal({ variable: "t", below: "1 K" }), of)).toEqual(alone);
    expect(rowsOfMetric(signal({ above: "10 K" }), of)).toMatchObject([{ value: 0, n: 2 }]);
    const both = signal([{ variable: "t", below: "1 K" }, { land: field("land") }]);
    expect(rowsOfMetric(both, of)).toMatchObject([{ value: 1, n: 1 }]);
  });
  test.each([
    () => leadBin("0 h"),
    () => latitudeBand(0),
    () => latitudeBand(91),
    () => regions({}),
    () => regions({ alps: { south: 44, north: 48, west: 5 } as never }),
    () => landSea(0.5 as never),
    () => where(bias, { land: 1 as never }),
    () => where(bias, { lande: field("land") } as never),
    () => where(bias, { inside: { type: "Point", coordinates: [1, 2] } as never }),
    () => altitudeClass(field("ground"), [2, 1]),
    () => altitudeClass(field("ground"), []),
  ])("what makes no groups is refused", (make) => expect(make).toThrow("expected"));
  test("a box upside down would hold no place", () =>
    expect(() => regions({ alps: { south: 48, north: 44, west: 5, east: 16 } })).toThrow("upside down"));
});

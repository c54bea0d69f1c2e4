import { describe, expect, test } from "vitest";
import { gridPlaces } from "../../../src/kernels/places.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../../src/model/pair.ts";
import {
  climatologyQuantile,
  durationMeanError,
  earlySignal,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  onsetMeanError,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { spellHours } from "../../../src/operators/metrics/runs/spell.ts";
import { squaredUnit } from "../../../src/operators/metrics/squaredUnit.ts";
import { scoreAll } from "../../golden/unitCase.ts";

type V = { t: "K" };
const HOUR = 3_600_000;
const START = Date.UTC(2021, 5, 20);
const NONE = Number.NaN;

/** Pairs of runs on one row of cells; a run is its init (hours from the start) and cells by lead. */
const pairs = (
  target: Readonly<Record<number, readonly number[]>>,
  runs: readonly { init: number; leads: Readonly<Record<number, readonly number[]>> }[],
  { single = false, normals = {} as Readonly<Record<number, readonly number[]>> } = {},
): Pair[] => {
  const width = Object.values(target)[0]!.length;
  const grid = {
    latitude: Float64Array.of(40),
    longitude: Float64Array.from({ length: width }, (_, i) => i),
  };
  const places = gridPlaces(grid, { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: width }] });
  const field = (values: readonly number[]) => ({
    unit: "K",
    values: single ? Float32Array.from(values) : Float64Array.from(values),
  });
  return runs.flatMap(({ init, leads }) =>
    Object.entries(leads).map(([lead, values]): Pair => {
      const at = init + Number(lead);
      const blank = new Array<number>(width).fill(NONE);
      return {
        event: {
          id: 1,
          title: "",
          type: "",
          start: 0,
          end: 0,
          region: { south: 0, north: 0, west: 0, east: 0 },
        },
        initTime: START + init * HOUR,
        leadHours: Number(lead),
        validTime: START + at * HOUR,
        matched: true,
        places,
        forecast: { t: field(values) },
        target: { t: field(target[at] ?? blank) },
        climatology: () => field(normals[at] ?? blank),
      };
    }),
  );
};

const series = (from: number, step: number, values: readonly number[]) =>
  Object.fromEntries(values.map((value, i) => [from + i * step, [value]]));

describe("what a metric says of itself", () => {
  test("units, terms and parameters", () => {
    expect(meanSquaredError<V>("t").unit("m s-1")).toBe("m2 s-2");
    expect(rootMeanSquaredError<V>("t").unit("K")).toBe("K");
    expect(rootMeanSquaredError<V>("t").term).toBe("root mean squared error");
    expect(meanError<V>("t").parameters).toEqual({ weights: "area" });
    expect(meanError<V>("t", { keep: ["valid_time", "init_time"], weights: "none" }).parameters).toEqual({
      weights: "none",
      keep: "init_time,valid_time",
    });
    expect(meanError<V>("t", { keep: [] }).parameters.keep).toBe("nothing");
    expect(maximumMeanAbsoluteError<V>("t", { within: "24.0 h" }).parameters).toEqual({
      within: "24 h",
      weights: "area",
    });
    expect(durationMeanError<V>("t", { below: "288.150 K", strictly: true }).parameters).toEqual({
      threshold: "288.15 K",
      comparison: "<",
      weights: "area",
    });
    expect(earlySignal<V>("t", { above: "1 K", space: "half", where: { below: "2 K" } }).parameters).toEqual({
      threshold: "1 K",
      comparison: ">=",
      space: "half",
      time: "any",
      where: "target t <= 2 K",
      weights: "area",
    });
  });

  test("squared units", () => {
    expect(["K", "1", "m s-1", "kg m-1 s-1", "K2", "m^2/s"].map(squaredUnit)).toEqual([
      "K2",
      "1",
      "m2 s-2",
      "kg2 m-2 s-2",
      "K4",
      "(m^2/s)2",
    ]);
  });

  test("what it needs", () => {
    const normals: ClimatologyField<"K"> = climatologyQuantile(
      {
        role: "climatology",
        name: "normals",
        format: "zarr",
        address: "n.zarr",
        variables: { t: "K" },
        mapping: { t: "2m_temperature" },
      },
      0.85,
    );
    expect(normals).toMatchObject({ variable: "t", unit: "K", text: "normals quantile 0.85" });
    expect(normals.source.mapping).toEqual({ t: { name: "2m_temperature", at: { quantile: 0.85 } } });
    const metric = durationMeanError<V>("t", { above: normals });
    expect(metric.needs).toEqual({ variables: ["t"], climatologies: [normals] });
    expect(metric.parameters.threshold).toBe("normals quantile 0.85");
  });
});

describe("wrong options are refused, saying what to give", () => {
  const bad: [string, () => Metric<any>, RegExp][] = [
    [
      "a misspelled option",
      () => meanError<V>("t", { weight: "none" } as any),
      /no option "weight".*keep, weights/,
    ],
    [
      "no options where some are needed",
      () => (durationMeanError as any)("t"),
      /durationMeanError: no options are given; expected an object of above/,
    ],
    [
      "no climatology",
      () => climatologyQuantile(undefined as any, 0.85) as any,
      /the climatology is undefined/,
    ],
    [
      "unknown weights",
      () => meanError<V>("t", { weights: "mass" as any }),
      /"area" or "cosine" or "density" or "none"/,
    ],
    ["an unknown time", () => meanError<V>("t", { keep: ["member" as any] }), /"init_time" or "lead_time"/],
    ["hours without unit", () => maximumMeanAbsoluteError<V>("t", { within: "24" as any }), /"24 h"/],
    ["two thresholds", () => durationMeanError<V>("t", { above: "1 K", below: "2 K" } as any), /either/],
    ["no threshold", () => onsetMeanError<V>("t", {} as any), /either/],
    [
      "a threshold that is no number",
      () => durationMeanError<V>("t", { above: "warm K" as any }),
      /"288.15 K"/,
    ],
    ["a threshold without unit", () => durationMeanError<V>("t", { above: "288.15" as any }), /"288.15 K"/],
    [
      "an unknown aggregation",
      () => earlySignal<V>("t", { above: "1 K", space: "most" as any }),
      /"any" or "all"/,
    ],
  ];
  for (const [name, make, message] of bad) {
    test(name, () =>
      expect(make).toThrow(
        expect.objectContaining({ tag: "Options", message: expect.stringMatching(message) }),
      ),
    );
  }
  test("a threshold in another unit than the data", () => {
    const [pair] = pairs({ 0: [1] }, [{ init: 0, leads: { 0: [1] } }]);
    expect(() => durationMeanError<any>("t" as never, { above: "15 degC" as never }).observe(pair!)).toThrow(
      expect.objectContaining({ tag: "Unit", message: expect.stringContaining("degC") }),
    );
  });
  test("a quantile that is none, a climatology of several variables", () => {
    const source = {
      role: "climatology",
      name: "normals",
      format: "zarr",
      address: "n",
      variables: { t: "K", q: "1" },
    } as const;
    expect(() => climatologyQuantile(source, 85, "t")).toThrow("0 to 1");
    expect(() => climatologyQuantile(source, 0.85)).toThrow("t, q");
    expect(climatologyQuantile(source, undefined, "q")).toMatchObject({ unit: "1", text: "normals" });
  });
});

describe("pointwise", () => {
  const some = pairs({ 0: [1, 2], 6: [3, NONE] }, [
    { init: 0, leads: { 0: [2, 4], 6: [3, 3] } },
    { init: -6, leads: { 6: [1, NONE], 12: [7, 7] } },
  ]);
  test("keys, n and missing values", () => {
    expect(scoreAll(meanError<V>("t"), some)).toMatchObject([
      { initTime: null, leadHours: 0, validTime: null, value: 1.5, n: 2 },
      { leadHours: 6, value: 0, n: 2 },
      { leadHours: 12, value: 4, n: 1 },
    ]);
    expect(scoreAll(meanAbsoluteError<V>("t", { keep: [] }), some)).toEqual([
      { initTime: null, leadHours: null, validTime: null, value: 7 / 5, n: 5 },
    ]);
    expect(scoreAll(meanAbsoluteError<V>("t", { keep: ["lead_time", "valid_time"] }), some)[0]).toMatchObject(
      {
        initTime: START - 6 * HOUR,
        leadHours: 6,
        validTime: START,
        value: 0,
        n: 1,
      },
    );
  });
  test("a ref without a target is not looked at", () => {
    const rows = scoreAll(
      meanError<V>("t"),
      some.map((pair) => ({ ...pair, matched: false })),
    );
    expect(rows).toEqual([]);
  });
});

describe("extremes", () => {
  const target = series(0, 6, [290, 296, 304, 298, 291, 297, 306, 299, 290]);
  const perfect = { init: 0, leads: target };
  test("a perfect run that covers the window has no error, and n counts cells and times", () => {
    const [row] = scoreAll(maximumMeanAbsoluteError<V>("t"), pairs(target, [perfect]));
    expect(row).toEqual({
      initTime: START,
      leadHours: 36,
      validTime: START + 36 * HOUR,
      value: 0,
      n: 5,
      extra: { n_times: 5 },
    });
  });
  test("runs that all begin after the extreme: one row without a number", () => {
    const late = { init: 42, leads: series(0, 6, [299, 290]) };
    const early = { init: 0, leads: { 36: [NONE] } };
    expect(scoreAll(maximumMeanAbsoluteError<V>("t"), pairs(target, [late, early]))).toEqual([
      { initTime: null, leadHours: null, validTime: null, value: NONE, n: 0, extra: { n_times: 0 } },
    ]);
  });
  test("the warmest night is the first of equal nights and whole days only", () => {
    const days = series(-12, 6, [300, 300, 280, 281, 282, 283, 290, 280, 285, 286, 279, 284, 290, 291, 300]);
    const [row] = scoreAll(
      maximumLowestMeanAbsoluteError<V>("t"),
      pairs(days, [{ init: -12, leads: series(0, 6, new Array(17).fill(283)) }]),
    );
    expect(row).toMatchObject({ leadHours: 12, validTime: START, value: 3 });
  });
  test("no whole day: one row without a number", () => {
    const rows = scoreAll(
      maximumLowestMeanAbsoluteError<V>("t"),
      pairs(series(6, 6, [1, 2, 3]), [{ init: 6, leads: series(0, 6, [1, 2, 3]) }]),
    );
    expect(rows).toMatchObject([{ value: NONE, n: 0 }]);
  });
});

describe("spells", () => {
  const hours = (times: readonly number[]) =>
    spellHours(
      times.map((time) => time * HOUR),
      () => true,
    );
  test("adjacent samples count, holes do not, spacing may change", () => {
    expect(hours([])).toBe(0);
    expect(hours([0])).toBe(0);
    expect(hours([0, 6, 12, 18])).toBe(18);
    expect(hours([0, 12, 18])).toBe(6);
    expect(hours([0, 6, 18, 24])).toBe(12);
    expect(hours([0, 6, 18])).toBe(6);
    expect(hours([0, 1, 2, 3, 6, 9, 15, 21])).toBe(21);
    expect(hours([0, 24])).toBe(24);
  });
  test("an isolated hit is no hour", () => {
    expect(
      spellHours(
        [0, 1, 2, 3].map((time) => time * HOUR),
        (i) => i !== 1,
      ),
    ).toBe(1);
  });
});

describe("duration and onset", () => {
  const target = series(0, 6, [299, 301, 301, 299, 301]);
  const run = { init: 0, leads: series(0, 6, [301, 301, 301, 299, 299]) };
  test("hours of the forecast minus hours of the target", () => {
    expect(scoreAll(durationMeanError<V>("t", { above: "300 K" }), pairs(target, [run]))).toEqual([
      { initTime: START, leadHours: null, validTime: null, value: 6, n: 5, extra: { n_times: 5 } },
    ]);
  });
  test("onset: forecast 6 h early; missing on one side leaves both; never met is NaN with n", () => {
    const onset = onsetMeanError<V>("t", { above: "300 K" });
    expect(scoreAll(onset, pairs(target, [run]))).toMatchObject([{ value: -6, n: 5 }]);
    const gap = { init: 0, leads: { ...run.leads, 0: [NONE] } };
    expect(scoreAll(onset, pairs(target, [gap]))).toMatchObject([{ value: 0, n: 4 }]);
    const cold = { init: 0, leads: series(0, 6, [290, 290]) };
    expect(scoreAll(onset, pairs(target, [cold]))).toMatchObject([
      { value: NONE, n: 2, extra: { n_times: 2 } },
    ]);
    expect(scoreAll(onset, pairs(target, [{ init: 0, leads: { 0: [NONE] } }]))).toMatchObject([
      { value: NONE, n: 0 },
    ]);
  });
  test("float32 data meet a threshold in their own precision", () => {
    const warm = series(0, 6, [288.15, 288.15]);
    const metric = durationMeanError<V>("t", { above: "288.15 K" });
    for (const single of [true, false]) {
      const rows = scoreAll(metric, pairs(series(0, 6, [280, 280]), [{ init: 0, leads: warm }], { single }));
      expect(rows[0]!.value).toBe(6);
    }
  });
  test("a climatology: means over the places that all three have; a day without one is no sample", () => {
    const normals: ClimatologyField<"K"> = {
      kind: "climatology",
      source: { role: "climatology", name: "n", format: "memory", address: "n", variables: {} },
      variable: "t",
      unit: "K",
      text: "n",
    };
    const rows = scoreAll(
      durationMeanError<V>("t", { above: normals }),
      pairs(
        { 0: [290, 300], 6: [290, 300], 12: [290, 300] },
        [{ init: 0, leads: { 0: [290, 290], 6: [290, 290], 12: [290, 290] } }],
        { normals: { 0: [280, NONE], 6: [280, NONE] } },
      ),
    );
    expect(rows).toMatchObject([{ value: 0, n: 2, extra: { n_times: 2 } }]);
  });
});

describe("early signal", () => {
  const one = pairs({ 0: [1, NONE, 9, 9] }, [{ init: 0, leads: { 0: [5, 5, 1, NONE] } }]);
  const value = (options: object) => scoreAll(earlySignal<V>("t", { above: "5 K", ...options }), one)[0];
  test("any, all and half of the places that have a forecast", () => {
    expect(value({})).toMatchObject({ value: 1, n: 3 });
    expect(value({ space: "all" })).toMatchObject({ value: 0, n: 3 });
    expect(value({ space: "half" })).toMatchObject({ value: 1, n: 3 });
  });
  test("where the target meets a criterion", () => {
    expect(value({ where: { above: "9 K" } })).toMatchObject({ value: 0, n: 1 });
    expect(value({ where: { below: "1 K" } })).toMatchObject({ value: 1, n: 1 });
    expect(value({ where: { above: "10 K" } })).toMatchObject({ value: NONE, n: 0 });
  });
});

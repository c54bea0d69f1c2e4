/** What options of metrics of events do, what is refused, and that tables are counted once. */

import { describe, expect, test } from "vitest";
import { gridPlaces, pointPlaces } from "../../../src/kernels/places.ts";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { ClimatologyField, Pair, Places } from "../../../src/model/pair.ts";
import {
  contingencyTable,
  criticalSuccessIndex,
  extremalDependenceIndex,
  gerritySkillScore,
  heidkeSkillScore,
  hitRate,
  hits,
  matthewsCorrelation,
  neighbourhoodContingency,
  oddsRatio,
  ownQuantile,
  riskMatrixScore,
  seeps,
  thresholdMetrics,
} from "../../../src/operators/metrics/index.ts";
import { categoryGerrity } from "../../../src/operators/metrics/tables/categoryTable.ts";
import { eventTables } from "../../../src/operators/metrics/tables/eventTables.ts";
import { tableDocs } from "../../../src/operators/metrics/tables/tableDocs.ts";

type V = { x: "K" };
const nan = Number.NaN;
const grid = (rows: number, columns: number, step = 1): Places =>
  gridPlaces(
    {
      latitude: Float64Array.from({ length: rows }, (_, i) => i),
      longitude: Float64Array.from({ length: columns }, (_, i) => i * step),
    },
    { rows: { start: 0, stop: rows }, columns: [{ start: 0, stop: columns }] },
  );
const pairOf = (
  forecast: readonly number[],
  target: readonly number[],
  more: Partial<Pair> = {},
  Type: typeof Float32Array | typeof Float64Array = Float32Array,
): Pair<any> => ({
  event: { id: 1, title: "", type: "", start: 0, end: 0, region: { south: 0, north: 0, west: 0, east: 0 } },
  initTime: 0,
  leadHours: 6,
  validTime: 6 * 3_600_000,
  matched: true,
  places: grid(1, forecast.length),
  forecast: { x: { unit: "K", values: Type.from(forecast) } },
  target: { x: { unit: "K", values: Type.from(target) } },
  climatology: () => ({ unit: "K", values: Type.from(forecast) }),
  computed: new Map(),
  ...more,
});
const rowsOf = (metric: Metric<any>, ...pairs: Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.map((pair) => metric.observe(pair)).reduce(metric.merge, metric.zero()));
const values = (metric: Metric<any>, ...pairs: Pair[]): number[] =>
  rowsOf(metric, ...pairs).map(({ value }) => value);

describe("events", () => {
  const pair = pairOf([1, 2, 3, nan, 2], [2, 1, 3, 3, nan]);
  test("the threshold itself, above and below, in the precision of the data", () => {
    expect(values(contingencyTable<V>("x", { above: "2 K" }), pair)).toEqual([1, 1, 1, 0]);
    expect(values(contingencyTable<V>("x", { above: "2 K", strictly: true }), pair)).toEqual([1, 0, 0, 2]);
    expect(values(contingencyTable<V>("x", { below: "2 K" }), pair)).toEqual([2, 0, 0, 1]);
    expect(values(contingencyTable<V>("x", { below: "2 K", strictly: true }), pair)).toEqual([0, 1, 1, 1]);
    const tenths = pairOf([0.7, 0.7], [0.7, 0.6]);
    expect(values(hits<V>("x", { above: "0.7 K" }), tenths)).toEqual([1]);
    expect(values(hits<V>("x", { above: "0.7 K", strictly: true }), tenths)).toEqual([0]);
  });
  test("a row for each of several thresholds, which it names", () => {
    const rows = rowsOf(hitRate<V>("x", { above: ["3 K", "1 K"], target: ["2 K", "1 K"] }), pair);
    expect(rows.map(({ parameters, value, n }) => ({ parameters, value, n }))).toEqual([
      { parameters: { threshold: "3 K", targetThreshold: "2 K" }, value: 0.5, n: 3 },
      { parameters: { threshold: "1 K" }, value: 1, n: 3 },
    ]);
    const { parameters } = hitRate<V>("x", { above: "3.0 K", target: "2 K", keep: [] });
    expect(parameters).toEqual({
      threshold: "3 K",
      targetThreshold: "2 K",
      comparison: ">=",
      weights: "none",
      keep: "nothing",
    });
  });
  test("missing values as events that did not happen", () => {
    const above = contingencyTable<V>("x", { above: "2 K", missing: "nonEvent" });
    expect(values(above, pair)).toEqual([1, 2, 2, 0]);
    const below = contingencyTable<V>("x", { below: "2 K", missing: "nonEvent" });
    expect(rowsOf(below, pair).map(({ value, n }) => [value, n])).toEqual([
      [2, 5],
      [1, 5],
      [0, 5],
      [2, 5],
    ]);
  });
  test("a field of thresholds on one side, a number on the other", () => {
    const normals: ClimatologyField<"K"> = {
      kind: "climatology",
      source: { role: "climatology", name: "normals", format: "memory", address: "", variables: { x: "K" } },
      variable: "x",
      unit: "K",
      text: "normals",
    };
    const values = Float32Array.of(2, 2, nan, 5);
    const more = { climatology: () => ({ unit: "K", values }) };
    const between = pairOf([1, 3, 9, 4], [3, 1, 3, 4], more);
    const tables = (options: object) =>
      rowsOf(contingencyTable<V>("x", options as { above: "1 K" }), between).map(({ value }) => value);
    expect(tables({ above: normals, target: "4 K" })).toEqual([0, 1, 1, 1]);
    expect(tables({ above: "4 K", target: normals })).toEqual([0, 1, 1, 1]);
    expect(tables({ above: normals })).toEqual([0, 1, 1, 1]);
    expect(tables({ above: ["3 K", normals], target: ["4 K", normals] })).toEqual([1, 2, 0, 1, 0, 1, 1, 1]);
    expect(tables({ above: normals, missing: "nonEvent" })).toEqual([0, 1, 1, 2]);
    expect(tables({ below: normals, target: "3 K", missing: "nonEvent" })).toEqual([1, 1, 2, 0]);
  });
  test("undefined and infinite are said, with n", () => {
    const none = pairOf([0, 0], [0, 0]);
    expect(rowsOf(criticalSuccessIndex<V>("x", { above: "1 K" }), none)[0]).toMatchObject({
      value: nan,
      n: 2,
    });
    expect(values(oddsRatio<V>("x", { above: "1 K" }), pairOf([1, 0], [1, 0]))).toEqual([Infinity]);
    const constant = pairOf([1, 1], [1, 0]);
    expect(values(matthewsCorrelation<V>("x", { above: "1 K" }), constant)).toEqual([nan]);
    const zero = matthewsCorrelation<V>("x", { above: "1 K", whenUndefined: "zero" });
    expect(values(zero, constant)).toEqual([0]);
    expect(values(zero, pairOf([nan], [1]))).toEqual([nan]);
  });
  test("own quantiles are told by the table", () => {
    const rows = rowsOf(
      contingencyTable<V>("x", { above: ownQuantile(0.5), strictly: true, keep: [] }),
      pairOf([1, 2, 3, 4], [10, 40, 30, 20]),
      pairOf([0, nan, 5], [nan, 60, 50]),
    );
    expect(rows.map(({ term, value, n, unit }) => [term, value, n, unit])).toEqual([
      ["hits", 1, 5, undefined],
      ["false alarms", 1, 5, undefined],
      ["misses", 1, 5, undefined],
      ["correct negatives", 2, 5, undefined],
      ["forecast threshold", 3, 5, "K"],
      ["target threshold", 30, 5, "K"],
    ]);
  });
  test("a table is counted once a pair, and its state is shared by all scores", () => {
    const shared = pairOf([1, 2, 3], [2, 2, 3]);
    const [one, two] = [hitRate<V>("x", { above: "2 K" }), oddsRatio<V>("x", { above: "2 K" })];
    const counts = (metric: Metric<any>) =>
      [...metric.observe(shared).values()][0].values().next().value.state;
    expect(counts(one)).toBe(counts(two));
    expect(shared.computed!.get(eventTables)!.size).toBe(1);
    hitRate<V>("x", { above: "3 K" }).observe(shared);
    expect(shared.computed!.get(eventTables)!.size).toBe(2);
  });
});

test("the score of each run, then the mean of those that are defined", () => {
  const csi = (runs: "mean" | "pooled") => criticalSuccessIndex<V>("x", { above: "1 K", runs });
  const runs = [
    pairOf([1, 1], [1, 0]),
    pairOf([1, 1], [1, 1], { initTime: 1 }),
    pairOf([0, 0], [0, 0], { initTime: 2 }),
  ];
  expect(rowsOf(csi("mean"), ...runs)).toEqual([
    { initTime: null, leadHours: 6, validTime: null, value: 0.75, n: 6 },
  ]);
  expect(values(csi("pooled"), ...runs)).toEqual([0.75]);
  expect(values(csi("mean"), ...runs, pairOf([1, 0, 0], [0, 1, 1], { initTime: 3 }))).toEqual([0.5]);
  expect(csi("mean").parameters.runs).toBe("mean");
});

describe("neighbourhoods", () => {
  const event = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const observed = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const metric = neighbourhoodContingency<V>("x", {
    above: "1 K",
    window: 3,
    scores: ["hits", "observedNear"],
  });
  test("go on around a whole globe, and nowhere else", () => {
    expect(values(metric, pairOf(event, observed, { places: grid(1, 12, 30) }))).toEqual([2, 3]);
    expect(values(metric, pairOf(event, observed, { places: grid(1, 12, 10) }))).toEqual([0, 2]);
  });
  test("are cut at the border of a globe too, and wrapped on a region, where that is said", () => {
    // Nine longitudes of 40 degrees: the event in the last lies beside the first.
    const [first, last] = [
      [1, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 1],
    ];
    const near = (border: "inside" | "wrapLongitude" | undefined, step: number) => {
      const metric = neighbourhoodContingency<V>("x", {
        above: "1 K",
        window: 3,
        scores: ["hits", "misses"],
        ...(border === undefined ? {} : { border }),
      });
      return values(metric, pairOf(first!, last!, { places: grid(1, 9, step) }));
    };
    expect(near(undefined, 40)).toEqual([2, 1]);
    expect(near("inside", 40)).toEqual([0, 2]);
    expect(near("wrapLongitude", 1)).toEqual([2, 1]);
    expect(near(undefined, 1)).toEqual([0, 2]);
    const bad = { above: "1 K", window: 3, border: "zeroPadded" as never } as const;
    expect(() => neighbourhoodContingency<V>("x", bad)).toThrow('border is "zeroPadded"');
  });
  test("need a grid and a window with a centre", () => {
    const places = pointPlaces(new Float64Array(12), new Float64Array(12));
    expect(() => metric.observe(pairOf(event, observed, { places }))).toThrow("points");
    for (const window of [0, 2, 2.5, { rows: 3, columns: 4 }]) {
      expect(() => neighbourhoodContingency<V>("x", { above: "1 K", window })).toThrow("odd number");
    }
    expect(metric.needs.whole).toBe(true);
    expect(() => neighbourhoodContingency<V>("x", { above: ownQuantile(0.5), window: 3 })).toThrow(
      "own quantiles",
    );
  });
});

test("seeps: 1 in expectation for each constant category, and its usual dry threshold by unit", () => {
  const climate = { dryProbability: 0.4, heavyThreshold: "5 K", weights: "none" } as const;
  // 40 % dry, 40 % light, 20 % heavy: what the dry probability says.
  const target = [0, 0, 1, 1, 9];
  for (const constant of [0, 1, 9]) {
    const pair = pairOf(new Array(5).fill(constant), target);
    expect(values(seeps<V>("x", { ...climate, dryThreshold: "0.25 K" }), pair)[0]).toBeCloseTo(1, 12);
  }
  const on = pairOf([5], [9]);
  expect(values(seeps<V>("x", { ...climate, dryThreshold: "0.25 K" }), on)[0]).toBeCloseTo(1.5 / 0.6, 12);
  expect(values(seeps<V>("x", { ...climate, dryThreshold: "0.25 K", heavy: "at least" }), on)).toEqual([0]);
  expect(() => seeps<V>("x", climate).observe(on)).toThrow("Give dryThreshold in K");
  const metres = { x: { unit: "m", values: Float64Array.of(0.0002) } };
  const other = { x: { unit: "m", values: Float64Array.of(0.0003) } };
  const dry = seeps<{ x: "m" }>("x", { dryProbability: 0.4, heavyThreshold: "0.005 m", weights: "none" });
  expect(values(dry, pairOf([0], [0], { forecast: metres, target: other }))[0]).toBeCloseTo(0.5 / 0.6, 12);
  const rare = { ...climate, dryProbability: 0.9, dryThreshold: "0.25 K" } as const;
  expect(rowsOf(seeps<V>("x", rare), on)[0]).toMatchObject({ value: nan, n: 0 });
  expect(values(seeps<V>("x", { ...rare, masked: "none" }), on)[0]).toBeCloseTo(15, 12);
});

describe("what is refused", () => {
  const bad: Record<string, () => unknown> = {
    "give either `above` or `below`": () => hitRate<V>("x", {} as never),
    'there is no option "treshold"': () => hitRate<V>("x", { above: "1 K", treshold: 1 } as never),
    "expected a number with a unit": () => hitRate<V>("x", { above: ["1 K", "high"] } as never),
    "at least one": () => hitRate<V>("x", { above: [] }),
    "one of the target for all": () =>
      hitRate<V>("x", { above: ["1 K", "2 K"], target: ["1 K", "2 K", "3 K"] }),
    "given twice": () => hitRate<V>("x", { above: ["1 K", "1.0 K"] as never }),
    "all or none": () => hitRate<V>("x", { above: ["1 K", ownQuantile(0.5)] }),
    "without weights": () => hitRate<V>("x", { above: ownQuantile(0.5), weights: "area" }),
    "expected 0 to 1, like 0.9": () => ownQuantile(1.5),
    "the threshold 1 m is in m": () => hitRate<{ x: "m" }>("x", { above: "1 m" }).observe(pairOf([1], [1])),
    'expected "pooled" or "mean"': () => hitRate<V>("x", { above: "1 K", runs: "each" as never }),
    'expected "absent" or "nonEvent"': () => hitRate<V>("x", { above: "1 K", missing: "no" as never }),
    "expected a small rate": () => extremalDependenceIndex<V>("x", { above: "1 K", clip: 0.7 }),
    'expected "NaN" or "zero"': () =>
      matthewsCorrelation<V>("x", { above: "1 K", whenUndefined: "one" as never }),
    'scores is "luck"': () => thresholdMetrics<V>("x", { above: "1 K", scores: ["luck" as never] }),
    "three or more rising": () => heidkeSkillScore<V>("x", { edges: ["1 K", "3 K", "2 K"] }),
    "the edges are in m": () =>
      gerritySkillScore<{ x: "m" }>("x", { edges: ["1 m", "2 m", "3 m"] }).observe(pairOf([1], [1])),
    "rising thresholds inside 0 to 1": () =>
      riskMatrixScore<V>(["x"], { probabilityThresholds: [0.5, 0.4], matrix: [[1], [1]] }),
    "a row of weights": () => riskMatrixScore<V>(["x"], { probabilityThresholds: [0.5], matrix: [[1, 2]] }),
    "dryProbability is 2": () => seeps<V>("x", { dryProbability: 2, heavyThreshold: "5 K" }),
    "two rising probabilities": () =>
      seeps<V>("x", { dryProbability: 0.5, heavyThreshold: "5 K", masked: [0.9, 0.1] }),
  };
  test.each(Object.keys(bad))("%s", (words) => expect(bad[words]).toThrow(words));
});

test("beyond an own quantile that is infinite lies nothing, Infinity neither", () => {
  const inf = Number.POSITIVE_INFINITY;
  for (const Type of [Float32Array, Float64Array]) {
    const pair = pairOf([1, 2, inf, inf], [1, inf, inf, inf], {}, Type);
    const table = (strictly: boolean) =>
      values(contingencyTable<V>("x", { above: ownQuantile(1), strictly }), pair).slice(0, 4);
    expect(table(true)).toEqual([0, 0, 0, 4]);
    expect(table(false)).toEqual([2, 0, 1, 1]);
    const below = contingencyTable<V>("x", { below: ownQuantile(1) });
    expect(values(below, pair).slice(0, 4)).toEqual([4, 0, 0, 0]);
  }
});

test("the Gerrity score of a category that weighs next to nothing, as of rows on the poles", () => {
  // The last category is only observed on the pole, where the cosine of latitude is 6e-17.
  const pole = (cells: number[]) => categoryGerrity({ cells, K: 3 });
  const tiny = 6e-17;
  const score = pole([3, 1, 0, 1, 2, 0, 0, 0, tiny]);
  // As of a category that is rare, though not as rare as that.
  const wanted = pole([3, 1, 0, 1, 2, 0, 0, 0, 1e-9]);
  expect(score).toBeCloseTo(wanted, 7);
  expect(pole([3, 1, 0, 1, 2, 0, 0, 0, 0])).toBeNaN();
  expect(pole([0, 1, 0, 0, 2, 0, 0, 0, 1])).toBeNaN();
  expect(pole([3, 0, 0, 0, 2, 0, 0, 0, tiny])).toBe(1);
});

test("each metric is told once, in the range it says", () => {
  const names = tableDocs.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(32);
  const shorts = tableDocs.flatMap(({ short = [] }) => short);
  expect(new Set(shorts).size).toBe(shorts.length);
  for (const { range, reference } of tableDocs) {
    expect(range[0] < range[1]).toBe(true);
    expect(reference).toMatch(/doi:10\.|https:/);
  }
});

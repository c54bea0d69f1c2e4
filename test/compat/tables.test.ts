import { describe, expect, test } from "vitest";
import {
  accuracy,
  criticalSuccessIndex,
  falseAlarmRatio,
  receiverOperatingCharacteristic,
  receiverOperatingCharacteristicSkillScore,
  spatialDisplacement,
  thresholdMetric,
} from "../../src/compat/ewb11/index.ts";
import { gridPlaces, pointPlaces } from "../../src/kernels/places.ts";
import type { Pair, Places } from "../../src/model/pair.ts";
import { scoreAll } from "../golden/unitCase.ts";

const HOUR = 3_600_000;
type T = { x: "1" };

const grid = (latitude: number[], longitude: number[]): Places =>
  gridPlaces(
    { latitude: Float64Array.from(latitude), longitude: Float64Array.from(longitude) },
    { rows: { start: 0, stop: latitude.length }, columns: [{ start: 0, stop: longitude.length }] },
  );

const pair = (
  initHour: number,
  lead: number,
  forecast: readonly number[],
  target: readonly number[],
  places: Places = pointPlaces(new Float64Array(forecast.length), new Float64Array(forecast.length)),
): Pair => ({
  event: {
    id: 1,
    title: "",
    type: "",
    start: -1e12,
    end: 1e12,
    region: { south: 0, north: 0, west: 0, east: 0 },
  },
  initTime: initHour * HOUR,
  leadHours: lead,
  validTime: (initHour + lead) * HOUR,
  matched: true,
  places,
  forecast: { x: { unit: "1", values: Float64Array.from(forecast) } },
  target: { x: { unit: "1", values: Float64Array.from(target) } },
  climatology: () => ({ unit: "1", values: new Float64Array(0) }),
});

/** Three runs 12 h apart with leads 0 and 6 h, a perfect forecast of an event that is always there. */
const perfect = [0, 12, 24].flatMap((init) => [0, 6].map((lead) => pair(init, lead, [1], [1])));

describe("cells of the grid without a run", () => {
  test("are misses: a perfect forecast has an index of 0.5, not 1", () => {
    expect(scoreAll(criticalSuccessIndex<T>("x"), perfect)).toMatchObject([
      { leadHours: 0, value: 0.5, n: 3 },
      { leadHours: 6, value: 0.5, n: 3 },
    ]);
  });

  test("change no false alarm ratio", () => {
    expect(scoreAll(falseAlarmRatio<T>("x"), perfect).map(({ value }) => value)).toEqual([0, 0]);
  });
});

test("a missing value is no event: accuracy 1 without a single forecast", () => {
  expect(scoreAll(accuracy<T>("x"), [pair(0, 6, [Number.NaN], [0])])).toMatchObject([{ value: 1, n: 0 }]);
});

test("the skill score is hit rate - probability of false detection", () => {
  const [row] = scoreAll(receiverOperatingCharacteristicSkillScore<T>("x"), [
    pair(0, 6, [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 1]),
  ]);
  expect(row!.value).toBeCloseTo(1 / 3, 12);
});

test("a ROC curve is an error, as in the peer", () => {
  expect(() => receiverOperatingCharacteristic<T>("x")).toThrow(/cannot put a curve into its table/);
});

describe("thresholdMetric", () => {
  const sample = [pair(0, 6, [0.2, 0.4, 0.8], [0, 1, 1])];
  const own = [falseAlarmRatio, { forecastThreshold: 0.1, targetThreshold: 0.5 }] as const;
  const values = (metrics: Parameters<typeof thresholdMetric<T>>[1]["metrics"]) =>
    thresholdMetric<T>("x", { metrics, forecastThreshold: 0.3 }).map(
      (metric) => scoreAll(metric, sample)[0]!.value,
    );

  test("two share one table, whatever thresholds one of them has", () => {
    expect(values([criticalSuccessIndex, own])).toEqual([1, 0]);
  });

  test("a single one keeps its own", () => {
    expect(values([own])).toEqual([1 / 3]);
    expect(values([falseAlarmRatio])).toEqual([0]);
  });

  test("none is refused", () => {
    expect(() => values([])).toThrow(/there are no metrics/);
  });
});

describe("spatialDisplacement", () => {
  const places = grid([40, 39, 38, 37], [230, 231, 232, 233]);
  const field = (...cells: readonly (readonly [row: number, column: number, value?: number])[]) => {
    const values = new Array<number>(16).fill(0);
    for (const [row, column, value = 1] of cells) values[4 * row + column] = value;
    return values;
  };
  const km = (forecast: number[], target: number[]) =>
    scoreAll(spatialDisplacement<T>("x"), [pair(0, 6, forecast, target, places)])[0]!.value;

  test("rounds centres to a cell, half-way to the even one: 141.2 km, not 125.9", () => {
    const target = field([1, 1], [1, 2], [2, 1]);
    expect(km(field([2, 2], [2, 3]), target)).toBeCloseTo(141.19673654451412, 9);
  });

  test("one missing cell anywhere voids the centre", () => {
    expect(km(field([0, 0], [3, 3, Number.NaN]), field([0, 0]))).toBeNaN();
  });

  test("negative values pull, and an index below 0 counts from the end", () => {
    // The centre is 3 rows and columns beyond the first cell: the last but two.
    expect(km(field([0, 0], [3, 3, -0.5]), field([1, 1]))).toBe(0);
    expect(() => km(field([0, 0], [3, 3, -1]), field([1, 1]))).toThrow(/InvalidValue|negative values/);
  });

  test("points have none", () => {
    expect(() => scoreAll(spatialDisplacement<T>("x"), [pair(0, 6, [1], [1])])).toThrow(/list of points/);
  });
});

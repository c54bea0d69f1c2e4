import { expect, test } from "vitest";
import { gridPlaces } from "../../../src/kernels/places.ts";
import type { Pair } from "../../../src/model/pair.ts";
import {
  durationMeanError,
  earlySignal,
  maximumMeanAbsoluteError,
} from "../../../src/operators/metrics/index.ts";
import { scoreAll } from "../../golden/unitCase.ts";

type V = { t: "K" };
const HOUR = 3_600_000;
const places = gridPlaces(
  { latitude: Float64Array.of(0), longitude: Float64Array.of(0, 1) },
  { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: 2 }] },
);

/** One run on two places: hourly values of forecast and target by lead. */
const run = (leads: Readonly<Record<number, readonly [forecast: number, target: number]>>): Pair[] =>
  Object.entries(leads).map(([lead, values]) => {
    const [forecast, target] = values.map((value) => ({
      t: { unit: "K" as const, values: new Float32Array(2).fill(value) },
    }));
    return {
      event: {
        id: 1,
        title: "",
        type: "",
        start: 0,
        end: 0,
        region: { south: 0, north: 0, west: 0, east: 0 },
      },
      initTime: 0,
      leadHours: Number(lead),
      validTime: Number(lead) * HOUR,
      matched: true,
      places,
      forecast: forecast!,
      target: target!,
      climatology: () => ({ unit: "K", values: new Float32Array(2) }),
    };
  });

test("half of an odd window is cut to whole hours: 1.5 h away is outside 3 h", () => {
  const pairs = run({ 1: [299, 290], 1.5: [309, 290], 3: [300, 305] });
  expect(scoreAll(maximumMeanAbsoluteError<V>("t", { within: "3 h" }), pairs)).toMatchObject([
    { leadHours: 3, value: 5, n: 2 },
  ]);
});

test("a float32 value stored from the threshold's decimals meets it, and is not strictly beyond it", () => {
  const pairs = run({ 0: [290.1, 290.1] });
  const signal = (strictly: boolean, side: "above" | "below") =>
    scoreAll(
      earlySignal<V>("t", side === "above" ? { above: "290.1 K", strictly } : { below: "290.1 K", strictly }),
      pairs,
    )[0]!.value;
  expect([signal(false, "above"), signal(false, "below")]).toEqual([1, 1]);
  expect([signal(true, "above"), signal(true, "below")]).toEqual([0, 0]);
});

test("n of durations place by place counts places and times", () => {
  const pairs = run({ 0: [300, 300], 6: [300, 280], 12: [300, 280] });
  expect(scoreAll(durationMeanError<V>("t", { above: "290 K", space: "each" }), pairs)).toMatchObject([
    { value: 12, n: 6, extra: { n_times: 3 } },
  ]);
});

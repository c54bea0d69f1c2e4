import { expect, test } from "vitest";
import { durationMeanError } from "../../src/compat/ewb11/index.ts";
import { pointPlaces } from "../../src/kernels/places.ts";
import type { Pair } from "../../src/model/pair.ts";
import { scoreAll } from "../golden/unitCase.ts";

const HOUR = 3_600_000;
const places = pointPlaces(Float64Array.of(0), Float64Array.of(0));

/** One run whose forecast is always warm and whose target never is, with a target at some leads only. */
const run = (leads: readonly number[], matched: readonly number[]): Pair[] =>
  leads.map((lead) => ({
    event: {
      id: 1,
      title: "",
      type: "",
      start: -1e12,
      end: 1e12,
      region: { south: 0, north: 0, west: 0, east: 0 },
    },
    initTime: 0,
    leadHours: lead,
    validTime: lead * HOUR,
    matched: matched.includes(lead),
    places,
    forecast: { x: { unit: "K", values: Float64Array.of(matched.includes(lead) ? 310 : Number.NaN) } },
    target: { x: { unit: "K", values: Float64Array.of(matched.includes(lead) ? 290 : Number.NaN) } },
    climatology: () => ({ unit: "K", values: Float64Array.of(Number.NaN) }),
  }));

const metric = durationMeanError<{ x: "K" }>("x", { thresholdCriteria: 300 });

test("on even leads the cell before is looked for at the resolution of the times", () => {
  expect(scoreAll(metric, run([0, 6, 12, 18], [0, 12]))).toMatchObject([{ value: 12 }]);
});

test("on uneven leads it is the lead before, whatever the times", () => {
  expect(scoreAll(metric, run([0, 6, 12, 18, 30], [0, 12]))).toMatchObject([{ value: 0 }]);
});

test("refs but no common time: the peer's row without a number", () => {
  expect(scoreAll(metric, run([0, 6], []))).toMatchObject([{ initTime: 0, value: Number.NaN, n: 0 }]);
});

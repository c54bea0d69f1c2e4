import { describe, test } from "vitest";
import {
  durationMeanError,
  earlySignal,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  minimumMeanAbsoluteError,
  rootMeanSquaredError,
} from "../../src/compat/ewb11/index.ts";
import { maximumLowestMeanAbsoluteError } from "../../src/compat/ewb11/lowest.ts";
import { metricLaws, randomPairs } from "../../src/testing.ts";

type T = { t: "K" };

/** Random pairs, some of them refs without a target. */
const pairs = (seed: number) =>
  randomPairs(seed, { variables: { t: "K" } }).map((pair, i) => ({
    ...pair,
    event: { ...pair.event, start: -8.64e15, end: 8.64e15 },
    matched: (i + seed) % 5 !== 0,
  }));

/** The peer's numbers are not those of the definitions, but they are reduced by the same laws of merging. */
describe("compat metrics merge in any order and cut", () => {
  const metrics = [
    meanError<T>("t"),
    meanAbsoluteError<T>("t", { preserveDims: ["lead_time", "valid_time"] }),
    meanAbsoluteError<T>("t", { intervalWhereOne: [280, 300], intervalWherePositive: [270, 310] }),
    meanSquaredError<T>("t", { intervalWhereOne: [280, Number.POSITIVE_INFINITY] }),
    rootMeanSquaredError<T>("t"),
    maximumMeanAbsoluteError<T>("t"),
    maximumMeanAbsoluteError<T>("t", { reduceSpatialDims: ["latitude"] }),
    minimumMeanAbsoluteError<T>("t", { toleranceRangeHours: 48 }),
    durationMeanError<T>("t", { thresholdCriteria: 290 }),
    durationMeanError<T>("t", { below: "280 K", reduceSpatialDims: [] }),
    earlySignal<T>("t", { forecastThreshold: 290 }),
    earlySignal<T>("t", {
      above: "290 K",
      aggregationOrder: ["temporal", "spatial"],
      spatialAggregation: "half",
      temporalAggregation: "all",
      overlapTargetThreshold: 280,
    }),
  ];
  for (const metric of metrics) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}`, () =>
      metricLaws(metric, { pairs, perfect: null, missingIsAbsent: false }));
  }
  test("maximumLowestMeanAbsoluteError", () => {
    const metric = maximumLowestMeanAbsoluteError<T>("t");
    // A case without a whole day is an error of the peer.
    const finish = (state: any) => {
      try {
        return metric.finish(state);
      } catch {
        return [];
      }
    };
    metricLaws({ ...metric, finish }, { pairs, perfect: null, missingIsAbsent: false });
  });
});

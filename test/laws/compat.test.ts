import { describe, expect, test } from "vitest";
import {
  accuracy,
  criticalSuccessIndex,
  durationMeanError,
  earlySignal,
  falseAlarmRatio,
  falseNegatives,
  falsePositives,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  minimumMeanAbsoluteError,
  type PeerTableMetric,
  receiverOperatingCharacteristicSkillScore,
  rootMeanSquaredError,
  spatialDisplacement,
  trueNegatives,
  truePositives,
} from "../../src/compat/ewb11/index.ts";
import { maximumLowestMeanAbsoluteError } from "../../src/compat/ewb11/lowest.ts";
import type { Metric } from "../../src/model/metric.ts";
import { cutPair } from "../../src/testing/cutPair.ts";
import { randomPairs } from "../../src/testing.ts";
import { metricLaws } from "./laws.ts";

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
    criticalSuccessIndex<T>("t", { forecastThreshold: 290, targetThreshold: 285 }),
    falseAlarmRatio<T>("t", { forecastThreshold: 290, preserveDims: ["lead_time", "valid_time"] }),
    accuracy<T>("t", { forecastThreshold: 290, targetThreshold: 290, preserveDims: [] }),
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
  /** Where the peer ends with an error there are no rows to compare. */
  const withoutErrors = (metric: Metric<any>): Metric<any> => ({
    ...metric,
    finish: (state: any) => {
      try {
        return metric.finish(state);
      } catch {
        return [];
      }
    },
  });
  const failing = [
    maximumLowestMeanAbsoluteError<T>("t"),
    receiverOperatingCharacteristicSkillScore<T>("t", { forecastThreshold: 290, targetThreshold: 285 }),
  ];
  for (const metric of failing) {
    test(metric.name, () =>
      metricLaws(withoutErrors(metric), { pairs, perfect: null, missingIsAbsent: false }),
    );
  }
  test("spatialDisplacement, which sees all places at once", () => {
    const metric = withoutErrors(spatialDisplacement<T>("t"));
    const rows = (seed: number) => pairs(seed).filter(({ places }) => places.kind === "grid");
    metricLaws(metric, {
      pairs: (seed) => rows(seed).map((pair) => cutPair(pair, 0, 1)),
      perfect: null,
      missingIsAbsent: false,
    });
  });
});

describe("the table of the peer", () => {
  test("the four shares are 1 together, and accuracy is two of them", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const all = pairs(seed);
      const options = { forecastThreshold: 290, targetThreshold: 285 };
      const values = (make: PeerTableMetric) => {
        const metric: Metric<any> = make<T>("t", options);
        return metric.finish(all.map(metric.observe).reduce(metric.merge, metric.zero()));
      };
      const shares = [truePositives, falsePositives, falseNegatives, trueNegatives].map(values);
      const right = values(accuracy);
      for (const [i, { value }] of right.entries()) {
        if (Number.isNaN(value)) continue;
        const [a, b, c, d] = shares.map((rows) => rows[i]!.value) as [number, number, number, number];
        expect(a + b + c + d).toBeCloseTo(1, 12);
        expect(a + d).toBeCloseTo(value, 12);
      }
    }
  });
});

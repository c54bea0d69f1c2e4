/** Skill, intervals, differences, break-downs and masks obey the laws of the metrics they wrap. */
import { describe, expect, test } from "vitest";
import {
  bootstrapConfidenceInterval,
  meanOfDraw,
} from "../../src/kernels/statistics/bootstrapConfidenceInterval.ts";
import { dieboldMarianoTest } from "../../src/kernels/statistics/dieboldMarianoTest.ts";
import { falseDiscoveryRate } from "../../src/kernels/statistics/falseDiscoveryRate.ts";
import { pairedTTest } from "../../src/kernels/statistics/pairedTTest.ts";
import { randomNumbers } from "../../src/kernels/statistics/randomNumbers.ts";
import type { Metric } from "../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../src/model/pair.ts";
import {
  altitudeClass,
  landSea,
  latitudeBand,
  leadBin,
  regions,
} from "../../src/operators/metrics/groups/breakdown.ts";
import { by } from "../../src/operators/metrics/groups/by.ts";
import { where } from "../../src/operators/metrics/groups/where.ts";
import {
  earlySignal,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  rootMeanSquaredError,
} from "../../src/operators/metrics/index.ts";
import { difference } from "../../src/operators/metrics/uncertainty/difference.ts";
import { withInterval } from "../../src/operators/metrics/uncertainty/interval.ts";
import { namedReference, persistence } from "../../src/operators/metrics/uncertainty/reference.ts";
import { skillScore } from "../../src/operators/metrics/uncertainty/skill.ts";
import { randomPairs } from "../../src/testing.ts";
import { rowsOfMetric } from "../golden/goldenPairs.ts";
import { metricLaws } from "./laws.ts";

type T = { t: "K" };
const named = (text: string): ClimatologyField<"K"> => ({
  kind: "climatology",
  source: { role: "climatology", name: text, format: "memory", address: text, variables: { t: "K" } },
  variable: "t",
  unit: "K",
  text,
});
const normals = named("normals");

/** Random pairs with another forecast, which is changed with the pair (`this`) as the laws change it. */
const withReference = (seed: number): Pair[] =>
  randomPairs(seed, { variables: { t: "K" } }).map((pair) => ({
    ...pair,
    reference(this: Pair, { text }, name) {
      return this.climatology({ ...normals, text: `${text} of ${name} from ${pair.initTime}` });
    },
  }));

/** Random pairs of points only. */
const ofPoints = (seed: number): Pair[] => {
  for (let from = seed * 1000; ; from++) {
    const pairs = randomPairs(from, { variables: { t: "K" } });
    if (pairs.some(({ places }) => places.kind === "points")) return pairs;
  }
};

const boxes = regions({
  south: { south: -90, north: 0, west: -180, east: 180 },
  all: { south: -90, north: 90, west: -180, east: 180 },
  east: {
    type: "Polygon",
    coordinates: [
      [
        [98, -85],
        [105, -85],
        [103, 88],
        [98, 88],
      ],
    ],
  },
  none: { south: 0, north: 0.001, west: 0, east: 0.001 },
});

const laws = (name: string, metric: Metric<any>, options: Parameters<typeof metricLaws>[1] = {}): void => {
  test(`${name} ${JSON.stringify(metric.parameters)}`, () => metricLaws(metric, { runs: 40, ...options }));
};

describe("skill scores", () => {
  laws("of a climatology", skillScore(meanSquaredError<T>("t"), normals), { perfect: 1 });
  laws("of members", skillScore(meanAbsoluteError<T>("t", { keep: [] }), [normals, named("b")]), {
    perfect: 1,
  });
  laws("of another forecast", skillScore(rootMeanSquaredError<T>("t"), persistence()), {
    perfect: 1,
    pairs: withReference,
  });
  laws(
    "of the forecast's own choice of pairs",
    skillScore(
      where(meanSquaredError<T>("t"), { variable: "t", side: "forecast", above: "285 K" }),
      persistence(),
    ),
    { perfect: 1, pairs: withReference },
  );
  laws("own pairs", skillScore(meanSquaredError<T>("t"), namedReference("b"), { pairs: "own" }), {
    perfect: 1,
    pairs: withReference,
  });
  test("of the forecast against itself is 0, in any unit", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const pairs = randomPairs(seed, { variables: { t: "K" } });
      const alike = pairs.map((pair): Pair => ({ ...pair, reference: (_, name) => pair.forecast[name]! }));
      const rows = rowsOfMetric(skillScore(meanSquaredError<T>("t"), persistence()), alike);
      for (const { value, n } of rows) if (n > 0 && value !== 0) expect(Number.isNaN(value)).toBe(true);
    }
  });
});

describe("intervals", () => {
  const few = { resamples: 10 };
  laws("percentile", withInterval(rootMeanSquaredError<T>("t"), few));
  laws("bca", withInterval(meanError<T>("t", { keep: [] }), { ...few, interval: "bca", block: 2 }));
  laws("basic", withInterval(meanError<T>("t"), { ...few, interval: "basic", block: "1 day" }));
  laws("of a skill score", withInterval(skillScore(meanSquaredError<T>("t"), normals), few), { perfect: 1 });
  laws("of runs", withInterval(maximumMeanAbsoluteError<T>("t"), few), { perfect: null });
  laws("of the mean of runs", withInterval(rootMeanSquaredError<T>("t", { runs: "mean" }), few));
  laws("of it in parts", withInterval(by(rootMeanSquaredError<T>("t", { runs: "mean" }), ["month"]), few), {
    runs: 30,
  });
  laws("difference", difference(meanAbsoluteError<T>("t"), normals, few), { perfect: null });
  laws(
    "difference of forecasts",
    difference(rootMeanSquaredError<T>("t"), persistence(), { ...few, block: 2 }),
    {
      perfect: null,
      pairs: withReference,
    },
  );
});

describe("break-downs", () => {
  const mse = meanSquaredError<T>("t");
  const all = meanSquaredError<T>("t", { keep: [] });
  laws("times", by(mse, ["month", "hour"]));
  laws("season and lead", by(all, ["season", leadBin("12 h")]));
  laws("kept times", by(all, ["init_time", "valid_time"]));
  laws("bands", by(mse, [latitudeBand(10)]));
  laws("regions", by(rootMeanSquaredError<T>("t"), [boxes]));
  laws("altitude", by(mse, [altitudeClass(normals, [280, 290])]));
  laws("land and sea of regions by month", by(all, [landSea(normals), boxes, "month"]), { runs: 50 });
  laws("stations", by(mse, ["station"]), { pairs: ofPoints });
  laws("stations by hour", by(mse, ["hour", "station", boxes]), { pairs: ofPoints, runs: 50 });
  laws("a metric without forecast errors", by(earlySignal<T>("t", { above: "290 K" }), [latitudeBand(5)]), {
    perfect: null,
  });
  laws("with intervals", withInterval(by(all, [latitudeBand(20)]), { resamples: 20 }), { runs: 30 });
  laws("of intervals", by(withInterval(all, { resamples: 20 }), ["season"]), { runs: 30 });
  laws("of skill", by(skillScore(all, persistence()), [boxes]), {
    runs: 50,
    perfect: 1,
    pairs: withReference,
  });
});

describe("masks", () => {
  const mse = meanSquaredError<T>("t");
  laws("land", where(mse, { land: normals }));
  laws("sea", where(mse, { sea: normals }));
  laws("inside", where(mse, { inside: { south: -10, north: 30, west: 100, east: 103 }, name: "box" }));
  laws("outside", where(mse, { outside: { south: -10, north: 30, west: 100, east: 103 } }));
  laws("a field", where(mse, { field: normals, above: "290 K" }));
  laws("the target", where(mse, { variable: "t", below: "290 K", strictly: true }));
  laws(
    "both sides",
    where(mse, [
      { variable: "t", above: "280 K" },
      { variable: "t", side: "forecast", above: normals },
    ]),
  );
  laws(
    "of a signal by places",
    where(earlySignal<T>("t", { above: "290 K", first: "time" }), {
      variable: "t",
      above: "280 K",
    }),
    { perfect: null },
  );
  laws("of skill", skillScore(where(mse, { land: normals }), named("b")), { perfect: 1 });
});

describe("laws of uncertainty", () => {
  const losses = (seed: number): Float64Array => {
    const next = randomNumbers(seed);
    return Float64Array.from({ length: 5 + (seed % 20) }, () => next() - 0.4);
  };
  const seeds = Array.from({ length: 100 }, (_, i) => i + 1);
  test("the sample itself as draw gives its value; equal differences give no width", () => {
    for (const seed of seeds) {
      const d = losses(seed);
      const draws = [Uint32Array.from(d, (_, i) => i)];
      const { value, replicates } = bootstrapConfidenceInterval(d.length, meanOfDraw(d), { draws });
      expect(replicates[0]).toBe(value);
      const same = new Float64Array(d.length).fill(d[0]!);
      for (const interval of ["percentile", "basic", "bca"] as const) {
        const options = { interval, resamples: 50, seed };
        const { lower, upper } = bootstrapConfidenceInterval(d.length, meanOfDraw(same), options);
        expect(upper - lower).toBeLessThanOrEqual(1e-15);
      }
    }
  });
  test("one circular block of the whole length leaves the mean", () => {
    for (const seed of seeds) {
      const d = losses(seed);
      const options = { resamples: 20, seed, block: d.length, blocks: "circular" } as const;
      const { value, replicates } = bootstrapConfidenceInterval(d.length, meanOfDraw(d), options);
      for (const replicate of replicates) expect(replicate).toBeCloseTo(value, 14);
    }
  });
  test("exchanging the forecasts changes the sign and not the p-value", () => {
    for (const seed of seeds) {
      const d = losses(seed);
      const back = d.map((value) => -value);
      for (const method of ["HLN", "HG"] as const) {
        const [a, b] = [d, back].map((values) => dieboldMarianoTest(values, { horizon: 2, method }));
        expect(b!.statistic).toBe(-a!.statistic);
        expect(b!.pValue).toBe(a!.pValue);
      }
      for (const method of ["plain", "ar2", "cosine", "newey-west"] as const) {
        const [a, b] = [d, back].map((values) => pairedTTest(values, { method }));
        expect(b!.mean).toBe(-a!.mean);
        expect(b!.pValue).toBe(a!.pValue);
      }
    }
  });
  test("HLN of one step and n - 1 cosines are the paired t-test", () => {
    for (const seed of seeds) {
      const d = losses(seed);
      const plain = pairedTTest(d, { method: "plain" });
      expect(dieboldMarianoTest(d).pValue).toBeCloseTo(plain.pValue, 12);
      expect(pairedTTest(d, { v0: 1000 }).standardError).toBeCloseTo(plain.standardError, 12);
    }
  });
  test("adjusted p-values are never below the raw ones and keep their order", () => {
    for (const seed of seeds) {
      const p = losses(seed).map((value) => Math.abs(value));
      for (const method of ["benjamini-hochberg", "holm"] as const) {
        const { adjusted } = falseDiscoveryRate(p, { method });
        for (let i = 0; i < p.length; i++) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p[i]!);
          for (let j = 0; j < p.length; j++)
            if (p[i]! < p[j]!) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        }
      }
    }
  });
});

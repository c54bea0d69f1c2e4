import { describe, expect, test } from "vitest";
import { addExact, exactValue } from "../../src/kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../src/model/pair.ts";
import {
  anomalyCorrelation,
  elementaryScore,
  errorExceedance,
  errorStandardDeviation,
  exceedanceFrequency,
  expectileScore,
  firmScore,
  flipFlopIndex,
  forecastActivity,
  huberScore,
  klingGuptaEfficiency,
  maximumError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanError,
  meanSquaredError,
  medianAbsoluteError,
  minimumError,
  multiplicativeBias,
  nashSutcliffeEfficiency,
  pearsonCorrelation,
  percentBias,
  percentWithin,
  quantile,
  quantileQuantile,
  quantileScore,
  relativeIntensity,
  rootMeanSquaredError,
  spearmanCorrelation,
  symmetricMeanAbsolutePercentageError,
  thresholdWeightedAbsoluteError,
  thresholdWeightedExpectileScore,
  thresholdWeightedHuberScore,
  thresholdWeightedQuantileScore,
  thresholdWeightedSquaredError,
  windVectorRootMeanSquaredError,
} from "../../src/operators/metrics/index.ts";
import { randomPairs } from "../../src/testing.ts";
import { metricLaws } from "./laws.ts";

type T = { t: "K" };
type Wind = { u: "K"; v: "K" };
const normals: ClimatologyField<"K"> = {
  kind: "climatology",
  source: {
    role: "climatology",
    name: "normals",
    format: "memory",
    address: "normals",
    variables: { t: "K" },
  },
  variable: "t",
  unit: "K",
  text: "normals",
};
const climatology = normals;

describe("errors of values obey the laws", () => {
  const perfect: readonly (readonly [Metric<any>, number | null])[] = [
    [meanError<T>("t", { circular: "360 K" }), 0],
    [meanAbsoluteError<T>("t", { circular: "30 K", weights: "none" }), 0],
    [rootMeanSquaredError<T>("t", { runs: "mean" }), 0],
    [rootMeanSquaredError<T>("t", { runs: "mean", keep: [], circular: "25 K" }), 0],
    [meanError<T>("t", { given: { above: "290 K" } }), 0],
    [meanSquaredError<T>("t", { given: { below: normals, side: "either" }, keep: [] }), 0],
    [meanAbsoluteError<T>("t", { given: { above: "280 K", strictly: true, side: "forecast" } }), 0],
    [errorStandardDeviation<T>("t"), 0],
    [errorStandardDeviation<T>("t", { weights: "cosine", keep: [] }), 0],
    [windVectorRootMeanSquaredError<Wind>("u", "v"), 0],
    [medianAbsoluteError<T>("t"), 0],
    [medianAbsoluteError<T>("t", { sketch: "0.5 K", keep: [] }), 0],
    [meanAbsolutePercentageError<T>("t"), 0],
    [symmetricMeanAbsolutePercentageError<T>("t", { factor: 2 }), 0],
    [percentBias<T>("t"), 0],
    [percentBias<T>("t", { difference: "target - forecast", keep: [] }), 0],
    [multiplicativeBias<T>("t"), 1],
    [relativeIntensity<T>("t"), 0],
    [relativeIntensity<T>("t", { keep: ["init_time"], weights: "none", epsilon: 0 }), 0],
    [percentWithin<T>("t", { tolerance: "5 K" }), 100],
    [percentWithin<T>("t", { tolerance: "10 K", strictly: true, circular: "30 K" }), 100],
    [errorExceedance<T>("t", { thresholds: ["0 K", "10 K"] }), 0],
    [quantileScore<T>("t", { level: 0.9 }), 0],
    [expectileScore<T>("t", { level: 0.7 }), 0],
    [huberScore<T>("t", { limit: "4 K" }), 0],
    [elementaryScore<T>("t", { level: 0.9, thetas: ["280 K", "300 K"], parts: true }), 0],
    [elementaryScore<T>("t", { functional: "huber", limit: "4 K", thetas: ["290 K"] }), 0],
    [thresholdWeightedAbsoluteError<T>("t", { interval: ["290 K", null] }), 0],
    [thresholdWeightedSquaredError<T>("t", { interval: ["290 K", "300 K"] }), 0],
    [
      thresholdWeightedSquaredError<T>("t", {
        interval: ["290 K", "300 K"],
        positive: ["285 K", "305 K"],
      }),
      0,
    ],
    [thresholdWeightedQuantileScore<T>("t", { level: 0.9, interval: [null, "290 K"] }), 0],
    [thresholdWeightedExpectileScore<T>("t", { level: 0.7, interval: ["280 K", "290 K"] }), 0],
    [thresholdWeightedHuberScore<T>("t", { limit: "4 K", interval: ["280 K", "290 K"] }), 0],
    [firmScore<T>("t", { thresholds: ["280 K", "300 K"], risk: 0.7, parts: true }), 0],
    [firmScore<T>("t", { thresholds: [normals], risk: 0.3, discount: "3 K", onThreshold: "above" }), 0],
    [pearsonCorrelation<T>("t"), 1],
    [pearsonCorrelation<T>("t", { squared: true, keep: [], weights: "none" }), 1],
    [spearmanCorrelation<T>("t"), 1],
    [anomalyCorrelation<T>("t", { climatology }), 1],
    [anomalyCorrelation<T>("t", { climatology, centred: true, runs: "mean" }), 1],
    [forecastActivity<T>("t", { climatology }), null],
    [forecastActivity<T>("t", { climatology, side: "target", centred: true, keep: [] }), null],
    [nashSutcliffeEfficiency<T>("t"), 1],
    [klingGuptaEfficiency<T>("t", { parts: true }), 1],
    [klingGuptaEfficiency<T>("t", { version: "2012", keep: ["init_time"] }), 1],
    [quantile<T>("t", { levels: [0, 0.3, 1], method: "hazen" }), null],
    [quantile<T>("t", { levels: [0.5], side: "target", sketch: "0.1 K", keep: [] }), null],
    [quantileQuantile<T>("t", { levels: [0.1, 0.9] }), null],
    [exceedanceFrequency<T>("t", { above: ["280 K", "300 K"] }), null],
    [exceedanceFrequency<T>("t", { below: [normals, "290 K"], strictly: true, keep: [] }), null],
    [maximumError<T>("t"), 0],
    [minimumError<T>("t", { absolute: true, keep: ["init_time"] }), 0],
    [flipFlopIndex<T>("t", { times: "mean" }), null],
    [flipFlopIndex<T>("t", { space: "each", circular: "20 K" }), null],
    [flipFlopIndex<T>("t", { thresholds: ["0 K", "5 K"], weights: "density", by: ["month"] }), null],
  ];
  for (const [metric, value] of perfect) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}`, () => metricLaws(metric, { perfect: value }));
  }
});

const rowsOf = (metric: Metric<any>, pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero()));
const only = (metric: Metric<any>, pairs: readonly Pair[]): number => rowsOf(metric, pairs)[0]?.value ?? 0;
const keep = [] as const;
const close = (got: number, wanted: number, scale = Math.abs(wanted)): void => {
  if (Object.is(got, wanted)) return;
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, scale));
};
/** Both sides under a function of the values. */
const mapped = (pairs: readonly Pair[], change: (value: number) => number): Pair[] =>
  pairs.map((pair) => ({
    ...pair,
    forecast: { t: { unit: "K", values: Float64Array.from(pair.forecast.t!.values, change) } },
    target: { t: { unit: "K", values: Float64Array.from(pair.target.t!.values, change) } },
    computed: new Map(),
  }));
const cases = (check: (pairs: Pair[]) => void): void => {
  for (let seed = 1; seed <= 60; seed++) check(randomPairs(seed, { variables: { t: "K" } }));
};

describe("laws of errors of values", () => {
  test("|mean error| <= MAE <= RMSE, and RMSE^2 = mean error^2 + variance of the error", () =>
    cases((pairs) => {
      const [bias, mae, rmse] = [meanError, meanAbsoluteError, rootMeanSquaredError].map((make) =>
        only(make<T>("t", { keep }), pairs),
      );
      if (Number.isNaN(bias!)) return;
      expect(Math.abs(bias!)).toBeLessThanOrEqual(mae! * (1 + 1e-12));
      expect(mae!).toBeLessThanOrEqual(rmse! * (1 + 1e-12));
      const sd = only(errorStandardDeviation<T>("t", { keep }), pairs);
      close(rmse! * rmse!, bias! * bias! + sd * sd);
    }));

  test("MSE of anomalies = Af^2 + Ao^2 - 2 Af Ao ACC, with gaps in the climatology left out", () =>
    cases((whole) => {
      const pairs = whole.map((pair) => {
        const c = pair.climatology(normals).values;
        const values = pair.target.t!.values.map((value, i) => (Number.isNaN(c[i]!) ? c[i]! : value));
        return { ...pair, target: { t: { unit: "K", values } } };
      });
      const f = only(forecastActivity<T>("t", { climatology, keep }), pairs);
      const o = only(forecastActivity<T>("t", { climatology, keep, side: "target" }), pairs);
      const acc = only(anomalyCorrelation<T>("t", { climatology, keep }), pairs);
      close(only(meanSquaredError<T>("t", { keep }), pairs), f * f + o * o - 2 * f * o * acc, f * f);
    }));

  test("units: errors times the factor, correlation and efficiency the same", () =>
    cases((pairs) => {
      const other = mapped(pairs, (value) => 3 * value - 700);
      const both = (make: (variable: "t", options: { keep: readonly [] }) => Metric<T>) =>
        [only(make("t", { keep }), pairs), only(make("t", { keep }), other)] as const;
      for (const make of [meanError, meanAbsoluteError, rootMeanSquaredError, errorStandardDeviation]) {
        const [a, b] = both(make as never);
        close(b, 3 * a);
      }
      for (const make of [pearsonCorrelation, spearmanCorrelation, nashSutcliffeEfficiency]) {
        const [a, b] = both(make as never);
        close(b, a);
      }
    }));

  test("the quantile score at 0.5 is half of the MAE, and its mirror image that of the other side", () =>
    cases((pairs) => {
      close(
        only(quantileScore<T>("t", { level: 0.5, keep }), pairs),
        only(meanAbsoluteError<T>("t", { keep }), pairs) / 2,
      );
      close(
        only(quantileScore<T>("t", { level: 0.2, keep }), pairs),
        only(
          quantileScore<T>("t", { level: 0.8, keep }),
          mapped(pairs, (value) => -value),
        ),
      );
    }));

  test("elementary scores add up to the quantile score, and to half of the expectile score", () => {
    const step = 0.05;
    const thetas = Array.from({ length: 60 / step }, (_, i) => `${260 + (i + 0.5) * step} K` as const);
    for (let seed = 1; seed <= 8; seed++) {
      const pairs = randomPairs(seed, { variables: { t: "K" } });
      const integral = (functional: "quantile" | "expectile"): number => {
        const sum: number[] = [];
        const metric = elementaryScore<T>("t", { functional, level: 0.8, thetas, keep });
        for (const { value } of rowsOf(metric, pairs)) addExact(sum, value * step);
        return exactValue(sum);
      };
      const wanted = only(quantileScore<T>("t", { level: 0.8, keep }), pairs);
      if (Number.isNaN(wanted)) continue;
      expect(Math.abs(integral("quantile") - wanted)).toBeLessThan(0.1);
      const expectile = only(expectileScore<T>("t", { level: 0.8, keep }), pairs) / 2;
      expect(Math.abs(integral("expectile") - expectile)).toBeLessThan(0.02 * Math.max(1, expectile));
    }
  });

  test("threshold-weighted errors below and above a threshold add up; without bounds they are the plain ones", () =>
    cases((pairs) => {
      const sum = (make: (options: any) => Metric<T>): number =>
        only(make({ keep, interval: [null, "290 K"] }), pairs) +
        only(make({ keep, interval: ["290 K", null] }), pairs);
      const open = { keep, interval: [null, null] } as const;
      const plain = [
        [(more: any) => thresholdWeightedAbsoluteError<T>("t", more), meanAbsoluteError<T>("t", { keep })],
        [(more: any) => thresholdWeightedSquaredError<T>("t", more), meanSquaredError<T>("t", { keep })],
        [
          (more: any) => thresholdWeightedQuantileScore<T>("t", { ...more, level: 0.3 }),
          quantileScore<T>("t", { level: 0.3, keep }),
        ],
        [
          (more: any) => thresholdWeightedExpectileScore<T>("t", { ...more, level: 0.3 }),
          expectileScore<T>("t", { level: 0.3, keep }),
        ],
        [
          (more: any) => thresholdWeightedHuberScore<T>("t", { ...more, limit: "4 K" }),
          huberScore<T>("t", { limit: "4 K", keep }),
        ],
      ] as const;
      for (const [make, metric] of plain) {
        const wanted = only(metric, pairs);
        close(sum(make), wanted);
        close(only(make(open), pairs), wanted);
      }
    }));

  test("FIRM with risk 0.5 and one threshold is half of the share of wrong sides", () =>
    cases((pairs) => {
      const firm = only(
        firmScore<T>("t", { thresholds: ["290 K"], risk: 0.5, keep, weights: "none" }),
        pairs,
      );
      let [wrong, n] = [0, 0];
      for (const { forecast, target } of pairs) {
        target.t!.values.forEach((o, i) => {
          const f = forecast.t!.values[i]!;
          if (Number.isNaN(f + o)) return;
          n += 1;
          if (f > 290 !== o > 290) wrong += 1;
        });
      }
      if (n > 0) close(firm, wrong / n / 2);
    }));

  test("percentBias = 100 meanError / mean o, and the mean of o has efficiency 0", () =>
    cases((pairs) => {
      const bias = only(meanError<T>("t", { keep }), pairs);
      const meanO = bias / (only(multiplicativeBias<T>("t", { keep }), pairs) - 1);
      if (Number.isNaN(bias)) return;
      const percent = only(percentBias<T>("t", { keep }), pairs);
      expect(Math.abs(percent - (100 * bias) / meanO)).toBeLessThan(1e-6);
      const zeros = mapped(pairs, (value) => value).map((pair) => ({
        ...pair,
        forecast: { t: { unit: "K", values: pair.target.t!.values.map((o) => (Number.isNaN(o) ? o : 0)) } },
      }));
      const mean = -only(meanError<T>("t", { keep }), zeros);
      const constant = zeros.map((pair) => ({
        ...pair,
        computed: new Map(),
        forecast: {
          t: { unit: "K", values: pair.target.t!.values.map((o) => (Number.isNaN(o) ? o : mean)) },
        },
      }));
      const efficiency = only(nashSutcliffeEfficiency<T>("t", { keep }), constant);
      if (Number.isFinite(efficiency)) expect(Math.abs(efficiency)).toBeLessThan(1e-6);
    }));

  test("a sketch is off by at most half of its width", () =>
    cases((pairs) => {
      const options = { levels: [0, 0.1, 0.5, 0.9, 1], keep };
      const exact = rowsOf(quantile<T>("t", options), pairs);
      const sketched = rowsOf(quantile<T>("t", { ...options, sketch: "0.5 K" }), pairs);
      expect(sketched.map(({ n }) => n)).toEqual(exact.map(({ n }) => n));
      for (const [i, { value }] of sketched.entries()) {
        if (exact[i]!.n > 0) expect(Math.abs(value - exact[i]!.value)).toBeLessThanOrEqual(0.25 + 1e-9);
      }
    }));

  test("weight 0 is no pair, a pair twice weighs twice, and the mean over leads by n is the pooled mean", () =>
    cases((pairs) => {
      const byLead = rowsOf(meanSquaredError<T>("t", { weights: "none" }), pairs);
      const n = byLead.reduce((sum, row) => sum + row.n, 0);
      const mean = byLead.reduce((sum, row) => sum + (row.n === 0 ? 0 : row.n * row.value), 0) / n;
      close(only(meanSquaredError<T>("t", { weights: "none", keep }), pairs), mean);
      const twice = pairs.map((pair) => ({ ...pair, initTime: pair.initTime + 1, computed: new Map() }));
      for (const make of [meanError, errorStandardDeviation, pearsonCorrelation, multiplicativeBias]) {
        const metric = make<T>("t", { keep });
        close(only(metric, [...pairs, ...twice]), only(metric, pairs));
      }
    }));

  test("anomaly correlation does not see a factor on the forecast's anomalies", () =>
    cases((pairs) => {
      const bold = pairs.map((pair) => {
        const c = pair.climatology(normals).values;
        const values = Float64Array.from(pair.forecast.t!.values, (f, i) => c[i]! + 2 * (f - c[i]!));
        return { ...pair, forecast: { t: { unit: "K", values } } };
      });
      for (const centred of [false, true]) {
        const metric = anomalyCorrelation<T>("t", { climatology, centred, keep });
        close(only(metric, bold), only(metric, pairs));
      }
    }));

  test("a constant forecast has no correlation, however far from zero and in whatever weights", () =>
    cases((pairs) => {
      const constant = pairs.map((pair) => ({
        ...pair,
        forecast: {
          t: { unit: "K", values: pair.forecast.t!.values.map((f) => (Number.isNaN(f) ? f : 288.15)) },
        },
      }));
      for (const weights of ["area", "cosine", "none"] as const) {
        for (const metric of [
          pearsonCorrelation<T>("t", { keep, weights }),
          klingGuptaEfficiency<T>("t", { keep, weights }),
        ]) {
          expect(only(metric, constant)).toSatisfy(
            (value: number) => Number.isNaN(value) || pairs.length === 0,
          );
        }
      }
    }));

  test("flip-flop index: reversing the runs or adding a constant changes nothing", () =>
    cases((pairs) => {
      const metric = flipFlopIndex<T>("t", { times: "mean" });
      const index = only(metric, pairs);
      const reversed = pairs.map((pair) => ({ ...pair, initTime: -pair.initTime }));
      close(only(metric, reversed), index);
      close(
        only(
          metric,
          mapped(pairs, (value) => value + 5),
        ),
        index,
      );
    }));
});

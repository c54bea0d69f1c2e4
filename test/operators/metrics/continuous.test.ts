import { describe, expect, test } from "vitest";
import { exactSum, exactValue } from "../../../src/kernels/exactSum.ts";
import { gridPlaces, pointPlaces } from "../../../src/kernels/places.ts";
import { orderOfCounts, orderStatistics, quantileOf } from "../../../src/kernels/scores/orderStatistics.ts";
import { concatenated, joinSamples, type Sample, sampleOf } from "../../../src/kernels/scores/sample.ts";
import { chained, divergence, type ThresholdWeight } from "../../../src/kernels/scores/thresholdWeight.ts";
import { addProduct } from "../../../src/kernels/scores/twoProduct.ts";
import { binCounts } from "../../../src/kernels/tables/binCounts.ts";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { Pair } from "../../../src/model/pair.ts";
import {
  anomalyCorrelation,
  elementaryScore,
  errorExceedance,
  errorStandardDeviation,
  exceedanceFrequency,
  firmScore,
  flipFlopIndex,
  klingGuptaEfficiency,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanError,
  medianAbsoluteError,
  nashSutcliffeEfficiency,
  oddsRatio,
  pearsonCorrelation,
  percentBias,
  percentWithin,
  quantile,
  quantileScore,
  relativeIntensity,
  rootMeanSquaredError,
  spearmanCorrelation,
  symmetricMeanAbsolutePercentageError,
  thresholdWeightedAbsoluteError,
  thresholdWeightedSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { continuousDocs } from "../../../src/operators/metrics/values/continuousDocs.ts";
import { random } from "../../../src/testing/random.ts";

type T = { t: "K" };
const NAN = Number.NaN;

/** One pair of points. */
const pair = (
  forecast: readonly number[],
  target: readonly number[],
  more: Partial<Pair> & { readonly single?: boolean; readonly unit?: string } = {},
): Pair => {
  const { single = false, unit = "K", ...rest } = more;
  const values = (numbers: readonly number[]) =>
    single ? Float32Array.from(numbers) : Float64Array.from(numbers);
  const zeros = new Float64Array(forecast.length);
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
    leadHours: 0,
    validTime: 0,
    matched: true,
    places: pointPlaces(zeros, zeros),
    forecast: { t: { unit, values: values(forecast) } },
    target: { t: { unit, values: values(target) } },
    climatology: () => ({ unit, values: zeros }),
    ...rest,
  };
};
const rowsOf = (metric: Metric<any>, ...pairs: Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, one) => metric.merge(state, metric.observe(one)), metric.zero()));
const value = (metric: Metric<any>, ...pairs: Pair[]): number => rowsOf(metric, ...pairs)[0]!.value;

describe("moments", () => {
  test("variances of numbers near 1e6 and 1e9 that vary by 1e-3 keep their digits", () => {
    for (const offset of [0, 1e6, 1e9]) {
      const next = random(7);
      // Multiples of 2^-20, so that an offset changes no digit of them.
      const noise = () => Math.round(next() * 1024) / 1_048_576;
      const x = Array.from({ length: 5000 }, noise);
      const y = x.map((one) => one / 2 + noise());
      const shifted = (numbers: readonly number[]) => numbers.map((one) => one + offset);
      const near = pair(x, y);
      const far = pair(shifted(x), shifted(y));
      for (const make of [pearsonCorrelation, nashSutcliffeEfficiency, errorStandardDeviation]) {
        const wanted = value(make<T>("t"), near);
        expect(wanted).not.toBeNaN();
        expect(Math.abs(value(make<T>("t"), far) - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));
      }
    }
  });

  test("a forecast that is off by a constant has error standard deviation 0", () => {
    const o = [280.1, 290.3, 301.7, NAN, 275.25];
    expect(
      value(
        errorStandardDeviation<T>("t"),
        pair(
          o.map((one) => one + 8),
          o.map((one) => one),
          { single: false },
        ),
      ),
    ).toBeLessThan(1e-13);
    expect(value(errorStandardDeviation<T>("t"), pair([5, 6], [3, 4]))).toBe(0);
  });

  test("products are exact", () => {
    const [a, b] = [1.1, 1 / 3];
    const sum: number[] = [];
    addProduct(sum, a, b);
    addProduct(sum, -a, b);
    expect(sum).toEqual([]);
    // (2^27 + 1)^2 = 2^54 + 2^28 + 1 does not fit in 53 bits.
    const large = 2 ** 27 + 1;
    addProduct(sum, large, large);
    expect(exactValue(exactSum([...sum, -(2 ** 54)]))).toBe(2 ** 28 + 1);
  });
});

describe("undefined is said", () => {
  const constant = pair([2, 2, 2], [1, 2, 3]);
  const zero = pair([1, 2, 3], [0, 0, 0]);
  const empty = pair([0, 0, 0], [0, 0, 0]);
  test.each([
    ["correlation of a constant", pearsonCorrelation<T>("t"), constant, NAN, 3],
    ["rank correlation of a constant", spearmanCorrelation<T>("t"), constant, NAN, 3],
    ["rank correlation of one pair", spearmanCorrelation<T>("t"), pair([1], [2]), NAN, 1],
    ["efficiency of a constant target", nashSutcliffeEfficiency<T>("t"), zero, -Infinity, 3],
    ["efficiency of a perfect constant", nashSutcliffeEfficiency<T>("t"), empty, NAN, 3],
    ["KGE of a constant", klingGuptaEfficiency<T>("t"), constant, NAN, 3],
    ["percent bias over nothing", percentBias<T>("t"), zero, Infinity, 3],
    ["percent bias of nothing over nothing", percentBias<T>("t"), empty, NAN, 3],
    ["percentage error over nothing", meanAbsolutePercentageError<T>("t"), zero, Infinity, 3],
    ["percentage error of nothing over nothing", meanAbsolutePercentageError<T>("t"), empty, NAN, 0],
    ["symmetric percentage error over nothing", symmetricMeanAbsolutePercentageError<T>("t"), zero, 1, 3],
    ["relative intensity of nothing", relativeIntensity<T>("t"), empty, 0, 3],
    ["flip-flop index of two runs", flipFlopIndex<T>("t"), zero, NAN, 0],
    ["median of nothing", medianAbsoluteError<T>("t"), pair([NAN], [1]), NAN, 0],
  ] as const)("%s", (_, metric, one, wanted, n) => {
    expect(rowsOf(metric, one)).toMatchObject([{ value: wanted, n }]);
  });
});

describe("options", () => {
  const f = pair([1, 5, 9], [2, 2, 2]);
  test.each([
    ["a level outside 0 to 1", () => quantileScore<T>("t", { level: 1 }), "level is 1"],
    ["a misspelled option", () => meanError<T>("t", { weigths: "none" } as never), '"weigths"'],
    ["a threshold without unit", () => percentWithin<T>("t", { tolerance: "2" as never }), "tolerance"],
    ["an empty list", () => errorExceedance<T>("t", { thresholds: [] }), "thresholds is []"],
    ["a limit that has no use", () => elementaryScore<T>("t", { thetas: ["1 K"], limit: "1 K" }), "huber"],
    [
      "bounds that descend",
      () => thresholdWeightedAbsoluteError<T>("t", { interval: ["9 K", "1 K"] }),
      "9 K",
    ],
    [
      "a slope without end",
      () => thresholdWeightedAbsoluteError<T>("t", { interval: ["1 K", "9 K"], positive: [null, "10 K"] }),
      "null",
    ],
    [
      "a weight too few",
      () => firmScore<T>("t", { thresholds: ["1 K", "2 K"], thresholdWeights: [1], risk: 0.5 }),
      "2 thresholds",
    ],
    ["the mean of runs told apart", () => meanError<T>("t", { runs: "mean", keep: ["init_time"] }), "runs"],
    [
      "no climatology",
      () => anomalyCorrelation<T>("t", { climatology: "c" as never }),
      "climatologyQuantile",
    ],
    ["a circle of no length", () => meanError<T>("t", { circular: "0 K" }), "circle"],
    ["a level above 1", () => quantile<T>("t", { levels: [1.5] }), "[1.5]"],
    ["both sides of a threshold", () => exceedanceFrequency<T>("t", {}), "either"],
    ["a sketch of width 0", () => medianAbsoluteError<T>("t", { sketch: "0 K" }), "sketch"],
  ])("%s is refused", (_, make, words) => {
    expect(make).toThrow(
      expect.objectContaining({ tag: "Options", message: expect.stringContaining(words) }),
    );
  });

  test("numbers of another unit are refused", () => {
    for (const metric of [
      percentWithin<any>("t", { tolerance: "2 degC" }),
      meanError<any>("t", { circular: "360 degree" }),
      meanError<any>("t", { given: { above: "2 m" } }),
      quantile<any>("t", { levels: [0.5], sketch: "1 m" }),
      thresholdWeightedAbsoluteError<any>("t", { interval: ["2 m", null] }),
      firmScore<any>("t", { thresholds: ["2 m"], risk: 0.5 }),
      exceedanceFrequency<any>("t", { above: ["2 m"] }),
      flipFlopIndex<any>("t", { thresholds: ["2 m"] }),
    ]) {
      expect(() => metric.observe(f)).toThrow(expect.objectContaining({ tag: "Unit" }));
    }
  });

  test("every option that changes the number is a parameter", () => {
    expect(
      meanError<T>("t", {
        circular: "360 K",
        given: { above: "2 K", strictly: true, side: "either" },
        runs: "mean",
        keep: [],
      }).parameters,
    ).toEqual({
      weights: "area",
      keep: "nothing",
      runs: "mean",
      circular: "360 K",
      given: "either > 2 K",
    });
    expect(
      thresholdWeightedSquaredError<T>("t", { interval: ["3 K", null], positive: ["1.50 K", null] })
        .parameters,
    ).toEqual({ weights: "area", interval: "3 K..", positive: "1.5 K.." });
  });

  test("directions go the shorter way around, with a sign", () => {
    const one = pair([350, 10, 180, 725], [10, 350, 0, 0]);
    expect(value(meanAbsoluteError<T>("t", { circular: "360 K" }), one)).toBe((20 + 20 + 180 + 5) / 4);
    expect(value(meanError<T>("t", { circular: "360 K" }), one)).toBe((-20 + 20 + 180 + 5) / 4);
    expect(value(meanError<T>("t", { circular: "360 K" }), pair([0], [180]))).toBe(180);
    expect(value(medianAbsoluteError<T>("t", { circular: "360 K" }), one)).toBe(20);
    expect(value(percentWithin<T>("t", { tolerance: "20 K", circular: "360 K" }), one)).toBe(75);
  });

  test("errors are told in the precision of the data where they are compared with a threshold", () => {
    const one = pair([0.7, 0.2], [0.2, 0.7], { single: true });
    const rows = rowsOf(exceedanceFrequency<T>("t", { above: ["0.7 K"] }), one);
    expect(rows.map(({ value, parameters }) => [parameters!.side, value])).toEqual([
      ["forecast", 0.5],
      ["target", 0.5],
    ]);
    expect(rowsOf(meanError<T>("t", { given: { above: "0.7 K" } }), one)[0]!.n).toBe(1);
  });

  test("the mean of runs leaves out runs without a value", () => {
    const runs = [
      pair([1, 3], [0, 0]),
      pair([4, 4], [0, 0], { initTime: 1 }),
      pair([NAN, NAN], [0, 0], { initTime: 2 }),
    ];
    const row = rowsOf(rootMeanSquaredError<T>("t", { runs: "mean" }), ...runs);
    expect(row).toHaveLength(1);
    expect(row[0]).toMatchObject({ initTime: null, leadHours: 0, value: (Math.sqrt(5) + 4) / 2, n: 4 });
  });
});

describe("threshold-weighted scores", () => {
  // Numbers made with `scores` 2.7.0.
  const one = pair([300, 305, 310, 315, NAN], [299, 309, 304, 320, 300]);
  test("on half of the line, an interval and a trapezoid", () => {
    expect(value(thresholdWeightedAbsoluteError<T>("t", { interval: ["303 K", null] }), one)).toBe(3.75);
    expect(value(thresholdWeightedSquaredError<T>("t", { interval: ["303 K", "312 K"] }), one)).toBe(52 / 4);
    expect(
      value(
        thresholdWeightedAbsoluteError<T>("t", {
          interval: ["303 K", "312 K"],
          positive: ["300 K", "318 K"],
        }),
        one,
      ),
    ).toBeCloseTo(10.75 / 4, 12);
  });

  test("the integral of the weight, and that of its own, against sums of small steps", () => {
    const weights: ThresholdWeight[] = [
      { from: 300, full: 303, ends: 312, to: 318 },
      { from: -Infinity, full: -Infinity, ends: 305, to: 309 },
      { from: 301, full: 306, ends: Infinity, to: Infinity },
      { from: 303, full: 303, ends: 312, to: 312 },
      { from: 303, full: 303, ends: 305, to: 308 },
    ];
    const at = (w: ThresholdWeight, x: number): number =>
      x < w.from || x >= w.to
        ? 0
        : x < w.full
          ? (x - w.from) / (w.full - w.from)
          : x < w.ends
            ? 1
            : (w.to - x) / (w.to - w.ends);
    const step = 1 / 128;
    for (const weight of weights) {
      for (const [f, o] of [
        [296, 322],
        [322, 296],
        [301, 304],
        [310, 316],
        [316, 302],
        [290, 295],
      ] as const) {
        const steps = Math.round(Math.abs(o - f) / step);
        const sign = Math.sign(o - f);
        let [area, twice] = [0, 0];
        for (let k = 0; k < steps; k++) {
          const w = at(weight, f + sign * (k + 0.5) * step) * step;
          twice += (area + w / 2) * step;
          area += w;
        }
        expect(chained(weight, o) - chained(weight, f)).toBeCloseTo(sign * area, 2);
        expect(divergence(weight, f, o)).toBeCloseTo(twice, 1);
        expect(divergence(weight, f, f)).toBe(0);
      }
    }
  });
});

describe("samples", () => {
  test("joining many small samples keeps every number in few arrays", () => {
    const next = random(3);
    const numbers = Array.from({ length: 3000 }, next);
    let sample: Sample = [];
    for (let i = 0; i < numbers.length; i += 3) {
      sample = joinSamples(sample, sampleOf(Float64Array.from(numbers.slice(i, i + 3))));
    }
    expect([...concatenated(sample)].sort()).toEqual([...numbers].sort());
    expect(sample.length).toBeLessThan(12);
    for (let k = 0; k + 1 < sample.length; k++) {
      expect(sample[k]!.length).toBeGreaterThanOrEqual(2 * sample[k + 1]!.length);
    }
  });

  test("order statistics of a sketch are those of the rounded numbers", () => {
    const next = random(5);
    const numbers = Float64Array.from({ length: 500 }, () => Math.round((next() - 0.5) * 400) / 8);
    const order = orderOfCounts(binCounts(numbers, 0.125), 0.125);
    const exact = orderStatistics([numbers]);
    expect(order.n).toBe(500);
    for (let rank = 0; rank < 500; rank++) expect(order.at(rank) + 0).toBe(exact.at(rank) + 0);
  });

  test("types of quantiles, and infinities", () => {
    const order = orderStatistics([Float64Array.of(3, 1, 2, Infinity)]);
    expect(quantileOf(order, 0.5)).toBe(2.5);
    expect(quantileOf(order, 1)).toBe(Infinity);
    expect(quantileOf(orderStatistics([Float64Array.of(Infinity, Infinity)]), 0.5)).toBe(Infinity);
    const ten = orderStatistics([Float64Array.from({ length: 10 }, (_, i) => i + 1)]);
    expect(quantileOf(ten, 0.25, "interpolated_inverted_cdf")).toBe(2.5);
    expect(quantileOf(ten, 0.25, "weibull")).toBe(2.75);
    expect(quantileOf(ten, 0.25, "normal_unbiased")).toBeCloseTo(2.9375, 12);
  });

  test("rank correlation shares ranks and is 1 for any increasing map", () => {
    const x = [1, 4, 4, 9, 16];
    expect(
      value(
        spearmanCorrelation<T>("t"),
        pair(
          x,
          x.map((one) => one * one * one),
        ),
      ),
    ).toBe(1);
    expect(value(spearmanCorrelation<T>("t"), pair([1, 2, 3, 4], [1, 2, 2, 3]))).toBeCloseTo(
      4.5 / Math.sqrt(5 * 4.5),
      14,
    );
  });
});

describe("flip-flop index", () => {
  const runs = (values: readonly number[]): Pair[] =>
    values.map((one, k) => pair([one, 5], [0, 0], { initTime: k, leadHours: -k, validTime: 100 }));
  test("a monotone series has 0, a place that a run lacks has none", () => {
    expect(rowsOf(flipFlopIndex<T>("t"), ...runs([1, 2, 4, 8]))).toMatchObject([
      { value: 0, n: 2, validTime: 100, leadHours: null, initTime: null },
    ]);
    expect(rowsOf(flipFlopIndex<T>("t"), ...runs([1, NAN, 4, 8]))).toMatchObject([{ value: 0, n: 1 }]);
    expect(value(flipFlopIndex<T>("t"), ...runs([1, 4, 2, 8]))).toBe((3 + 2 + 6 - 7) / 2 / 2);
  });

  test("rows of places of a grid are named by their latitude and longitude", () => {
    const places = gridPlaces(
      { latitude: Float64Array.of(10, 20), longitude: Float64Array.of(350) },
      { rows: { start: 0, stop: 2 }, columns: [{ start: 0, stop: 1 }] },
    );
    const rows = rowsOf(
      flipFlopIndex<T>("t", { space: "each", thresholds: ["0 K", "2 K"] }),
      ...runs([1, 4, 2, 8]).map((one) => ({ ...one, places })),
    );
    expect(rows.map(({ by, parameters, value }) => [by, parameters!.threshold, value])).toEqual([
      ["latitude=10;longitude=-10", "0 K", 1],
      ["latitude=10;longitude=-10", "2 K", 1],
      ["latitude=20;longitude=-10", "0 K", 1],
      ["latitude=20;longitude=-10", "2 K", 0],
    ]);
  });
});

test("every metric has its line of documentation, once", () => {
  const names = continuousDocs.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(36);
  expect(names).not.toContain(oddsRatio.name);
});

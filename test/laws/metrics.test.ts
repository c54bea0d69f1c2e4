import { describe, test } from "vitest";
import type { Metric } from "../../src/model/metric.ts";
import type { ClimatologyField } from "../../src/model/pair.ts";
import {
  durationMeanError,
  earlySignal,
  latitudeBand,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  minimumMeanAbsoluteError,
  onsetMeanError,
  rootMeanSquaredError,
} from "../../src/operators/metrics/index.ts";
import { metricLaws } from "./laws.ts";

type T = { t: "K" };
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
  text: "normals quantile 0.85",
};

describe("every metric obeys the laws", () => {
  const pointwise = [meanError, meanAbsoluteError, meanSquaredError, rootMeanSquaredError];
  for (const make of pointwise) {
    for (const keep of [
      undefined,
      [],
      ["init_time"],
      ["lead_time", "valid_time"],
      ["init_time", "lead_time"],
    ] as const) {
      for (const weights of ["area", "cosine", "none"] as const) {
        const metric = make<T>("t", keep === undefined ? { weights } : { keep, weights });
        test(`${metric.name} ${JSON.stringify(metric.parameters)}`, () =>
          metricLaws(metric, { runs: keep === undefined ? 100 : 30 }));
      }
    }
  }
  const series = [
    maximumMeanAbsoluteError<T>("t"),
    maximumMeanAbsoluteError<T>("t", { within: "12 h", weights: "none" }),
    minimumMeanAbsoluteError<T>("t"),
    maximumLowestMeanAbsoluteError<T>("t"),
    maximumLowestMeanAbsoluteError<T>("t", { within: "48 h" }),
    durationMeanError<T>("t", { above: "290 K" }),
    durationMeanError<T>("t", { below: "280 K", strictly: true, weights: "none" }),
    durationMeanError<T>("t", { above: normals }),
    durationMeanError<T>("t", { above: "290 K", space: "each" }),
    durationMeanError<T>("t", { below: normals, space: "each" }),
    onsetMeanError<T>("t", { above: "290 K" }),
    onsetMeanError<T>("t", { below: normals }),
  ];
  for (const metric of series) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}`, () =>
      // A perfect run that lacks samples near the peak cannot have its height.
      metricLaws(metric, { perfect: metric.parameters.within === undefined ? 0 : null }));
  }
  for (const first of ["space", "time"] as const) {
    for (const space of ["any", "all", "half"] as const) {
      for (const time of ["any", "all", "half"] as const) {
        const metric = earlySignal<T>("t", { above: "290 K", space, time, first });
        test(`earlySignal ${space} ${time} ${first} first`, () =>
          metricLaws(metric, { runs: 40, perfect: null }));
      }
    }
  }
  const byDensity: readonly Metric<T>[] = [
    durationMeanError<T>("t", { above: "290 K", space: "each", weights: "density" }),
    earlySignal<T>("t", { above: "290 K", space: "half", first: "time", weights: "density" }),
    earlySignal<T>("t", { above: normals, space: "half", weights: "density", by: [latitudeBand(20)] }),
  ];
  for (const metric of byDensity) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}`, () =>
      metricLaws(metric, { runs: 15, perfect: metric.name === "earlySignal" ? null : 0 }));
  }
  test("earlySignal with a climatology, where the target is warm", () =>
    metricLaws(earlySignal<T>("t", { above: normals, where: { above: "280 K" }, keep: ["init_time"] }), {
      perfect: null,
    }));
});

describe("a broken metric is found", () => {
  const good = meanError<T>("t");
  const broken = {
    "keeps only one side": { ...good, merge: (a: any, b: any) => (a.size === 0 ? b : a) },
    "adds in order": {
      ...good,
      zero: () => 0,
      observe: (pair: any) => pair.forecast.t.values.reduce((a: number, b: number) => a + (b || 0) / 3, 0),
      merge: (a: number, b: number) => a + b,
      finish: (state: number) => (state === 0 ? [] : [{ value: state, n: 1 }]),
    },
    "is silent without samples": {
      ...good,
      finish: (state: any) => good.finish(state).filter(({ n }) => n > 0),
    },
    "a zero that means no data": {
      ...good,
      finish: (state: any) =>
        good.finish(state).map((row) => ({ ...row, value: row.n === 0 ? 0 : row.value })),
    },
    "keeps the arrays of the pair": {
      ...good,
      zero: () => [],
      observe: ({ matched, forecast, target }: any) =>
        matched ? [[forecast.t.values, target.t.values] as const] : [],
      merge: (a: any[], b: any[]) => [...a, ...b],
      finish: (state: any[]) => {
        const errors = state.flatMap(([f, o]) => [...f].map((value, i) => value - o[i]));
        const seen = errors.filter((error) => !Number.isNaN(error));
        const value = seen.length === 0 ? Number.NaN : Math.max(...seen);
        return state.length === 0 ? [] : [{ value, n: seen.length }];
      },
    },
    "a perfect forecast is not perfect": {
      ...good,
      finish: (state: any) => good.finish(state).map((row) => ({ ...row, value: row.value + 1 })),
    },
  };
  for (const [name, metric] of Object.entries(broken)) {
    test(name, ({ expect }) => expect(() => metricLaws(metric)).toThrow("breaks the law"));
  }
});

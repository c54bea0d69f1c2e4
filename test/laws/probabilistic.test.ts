import { describe, expect, test } from "vitest";
import type { Field } from "../../src/model/field.ts";
import type { ClimatologyField, Pair } from "../../src/model/pair.ts";
import {
  brierDecomposition,
  brierScore,
  cdfContinuousRankedProbabilityScore,
  continuousRankedProbabilityScore,
  dawidSebastianiScore,
  discriminationDiagram,
  energyScore,
  ensembleMeanRootMeanSquaredError,
  ensembleSpread,
  gaussianContinuousRankedProbabilityScore,
  intervalScore,
  logarithmicScore,
  pitHistogram,
  quantileContinuousRankedProbabilityScore,
  quantileIntervalScore,
  rankedProbabilityScore,
  rankHistogram,
  relativeEconomicValue,
  reliabilityDiagram,
  rocArea,
  rocCurve,
  rocSkillScore,
  spreadSkillRatio,
  thresholdWeightedContinuousRankedProbabilityScore,
  unbiasedEnsembleMeanRootMeanSquaredError,
  variogramScore,
  wassersteinDistance,
  weightedIntervalScore,
} from "../../src/operators/metrics/probabilistic/index.ts";
import { type LawOptions, randomPairs } from "../../src/testing.ts";
import { metricLaws } from "./laws.ts";

type T = { t: "K" };
type P = { t: "K"; p: "1" };
type Q = { t: "K"; low: "K"; high: "K"; spread: "K" };
type U = { u: "K"; v: "K" };
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
const none = { perfect: null } as const;
const probability = {
  perfect: null,
  variables: { t: "K", p: "1" },
  ranges: { p: [0, 1] },
} as const;
const quantiles = {
  perfect: null,
  variables: { t: "K", low: "K", high: "K", spread: "K" },
  ranges: { spread: [0, 9] },
} as const;

/** Targets that are 0 or 1, and probabilities; or categories 0 to 2. */
const whole =
  (names: readonly string[], most: number) =>
  (seed: number): readonly Pair[] =>
    randomPairs(seed, {
      variables: Object.fromEntries(names.map((name) => [name, "1"])),
      range: [0, 1],
      ranges: Object.fromEntries(names.map((name) => [name, [0, 1]])),
    }).map((pair) => ({
      ...pair,
      target: Object.fromEntries(
        Object.entries(pair.target).map(([name, { unit, values }]) => [
          name,
          { unit, values: values.map((value) => Math.round(value * most)) },
        ]),
      ),
    }));

const laws: readonly (readonly [metric: any, options: LawOptions])[] = [
  [continuousRankedProbabilityScore<T>("t"), {}],
  [continuousRankedProbabilityScore<T>("t", { estimator: "ecdf", parts: true, weights: "cosine" }), {}],
  [thresholdWeightedContinuousRankedProbabilityScore<T>("t", { above: "290 K" }), {}],
  [
    thresholdWeightedContinuousRankedProbabilityScore<T>("t", {
      below: normals,
      estimator: "ecdf",
      keep: [],
    }),
    {},
  ],
  [thresholdWeightedContinuousRankedProbabilityScore<T>("t", { above: "280 K", below: "300 K" }), {}],
  [brierScore<T>("t", { above: ["280 K", "290 K", "300 K"] }), {}],
  [brierScore<T>("t", { below: normals, strictly: true, estimator: "fair or ecdf", weights: "none" }), {}],
  [brierScore<P>("t", { above: "290 K", probability: "p" }), probability],
  [brierScore<any>("e", { probability: "e" }), { pairs: whole(["e"], 1) }],
  [brierDecomposition<T>("t", { above: ["280 K", "290 K"] }), none],
  [brierDecomposition<P>("t", { above: "290 K", probability: "p", bins: 4, closed: "right" }), probability],
  [brierDecomposition<P>("t", { above: "290 K", probability: "p", bins: "isotonic" }), probability],
  [reliabilityDiagram<T>("t", { above: "290 K", bins: 4 }), none],
  [discriminationDiagram<P>("t", { above: "290 K", probability: "p" }), probability],
  [rocCurve<T>("t", { above: "290 K", thresholds: [0, 0.3, 0.6, 1] }), none],
  [rocCurve<P>("t", { above: "290 K", probability: "p" }), probability],
  [rocArea<T>("t", { above: ["280 K", "290 K"] }), { perfect: 1 }],
  [rocArea<P>("t", { above: "290 K", probability: "p", thresholds: [0, 0.5], keep: [] }), probability],
  [rocSkillScore<T>("t", { above: "290 K", reference: 0.4 }), { perfect: 1 }],
  [relativeEconomicValue<T>("t", { above: "290 K", costLossRatios: [0.2, 0.5] }), none],
  [rankHistogram<T>("t"), none],
  [rankHistogram<T>("t", { ties: "lowest", keep: ["init_time"] }), none],
  [pitHistogram<T>("t", { bins: 5 }), none],
  [pitHistogram<Q>("t", { mean: "high", standardDeviation: "spread" }), quantiles],
  [pitHistogram<Q>("t", { cdf: { "280 K": "low", "300 K": "high" } }), quantiles],
  [ensembleSpread<T>("t"), none],
  [ensembleSpread<T>("t", { average: "standard deviation", points: "forecast" }), none],
  [ensembleMeanRootMeanSquaredError<T>("t"), {}],
  [unbiasedEnsembleMeanRootMeanSquaredError<T>("t"), {}],
  [unbiasedEnsembleMeanRootMeanSquaredError<T>("t", { root: false, keep: [] }), {}],
  [spreadSkillRatio<T>("t"), none],
  [spreadSkillRatio<T>("t", { ratio: "finite", points: "forecast" }), none],
  [rankedProbabilityScore<T>("t", { edges: ["280 K", "290 K", normals] }), {}],
  [
    rankedProbabilityScore<any>("c", { categories: ["c", "d", "e"] }),
    { perfect: null, pairs: whole(["c", "d", "e"], 2) },
  ],
  [logarithmicScore<T>("t", { above: ["285 K", "295 K"], unit: "bit" }), {}],
  [logarithmicScore<T>("t"), none],
  [logarithmicScore<Q>("t", { mean: "high", standardDeviation: "spread" }), quantiles],
  [dawidSebastianiScore<T>("t"), none],
  [gaussianContinuousRankedProbabilityScore<T>("t"), {}],
  [gaussianContinuousRankedProbabilityScore<Q>("t", { mean: "low", standardDeviation: "spread" }), quantiles],
  [quantileContinuousRankedProbabilityScore<T>("t", { quantiles: { 0.5: "t" } }), {}],
  [weightedIntervalScore<Q>("t", { quantiles: { 0.1: "low", 0.5: "t", 0.9: "high" } }), quantiles],
  [intervalScore<T>("t", { lower: "t", upper: "t", coverage: 0.8 }), {}],
  [intervalScore<Q>("t", { lower: "low", upper: "high", coverage: 0.8, parts: true }), quantiles],
  [
    quantileIntervalScore<Q>("t", {
      lower: "low",
      upper: "high",
      lowerLevel: 0.1,
      upperLevel: 0.7,
      parts: true,
    }),
    quantiles,
  ],
  [
    cdfContinuousRankedProbabilityScore<Q>("t", { cdf: { "280 K": "low", "300 K": "high" }, parts: true }),
    quantiles,
  ],
  [wassersteinDistance<T>("t"), {}],
  [wassersteinDistance<Q>("t", { analyses: ["low", "high"], distance: "crps" }), quantiles],
  [energyScore<T>("t"), { runs: 40 }],
  [energyScore<U>("u", { components: ["v"], estimator: "ecdf", weights: "none" }), { runs: 40 }],
  [variogramScore<T>("t", { order: [0.5, 1, 0.7] }), { runs: 40 }],
];

describe("every metric of ensembles and probabilities obeys the laws", () => {
  test.each(laws.map(([metric, options]) => [metric.name, metric.parameters, metric, options] as const))(
    "%s %j",
    (name, _parameters, metric, options) => {
      const isFirst = laws.find(([{ name: other }]) => other === name)![0] === metric;
      metricLaws(metric, { runs: isFirst ? 100 : 40, ...options });
    },
  );
});

describe("a broken metric of members is found", () => {
  const good = ensembleMeanRootMeanSquaredError<T>("t");
  const first = {
    ...good,
    observe: (pair: Pair) =>
      good.observe({
        ...pair,
        forecast: { t: { unit: "K", values: pair.forecast.t!.members![0]! } },
      } as never),
  };
  test("that sees the first member only", () =>
    expect(() => metricLaws(first)).toThrow("any order of members"));
  const western = {
    ...good,
    observe: (pair: Pair) => good.observe({ ...pair, target: { t: westOnly(pair) } } as never),
  };
  test("that knows one notation of longitudes only", () =>
    expect(() => metricLaws(western)).toThrow("longitudes of 0 to 360 or of -180 to 180"));
});

/** The target west of Greenwich, where that is said by a sign. */
const westOnly = ({ target, places }: Pair): Field => {
  const { values } = target.t!;
  const width = places.kind === "grid" ? places.longitude.length : values.length;
  return {
    unit: "K",
    values: values.map((value, i) => (places.longitude[i % width]! < 0 ? value : Number.NaN)),
  };
};

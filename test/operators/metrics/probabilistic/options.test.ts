/** What is refused, what is undefined, and what rows say of themselves. */

import { describe, expect, test } from "vitest";
import { probabilisticDocs } from "../../../../src/operators/metrics/probabilistic/docs.ts";
import * as all from "../../../../src/operators/metrics/probabilistic/index.ts";
import {
  brierDecomposition,
  brierScore,
  cdfContinuousRankedProbabilityScore,
  continuousRankedProbabilityScore,
  dawidSebastianiScore,
  energyScore,
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
  variogramScore,
  weightedIntervalScore,
} from "../../../../src/operators/metrics/probabilistic/index.ts";
import { pairOf, rowsOf, valueIn } from "./pairOf.ts";

type T = { t: "K" };
const any = (options: object) => options as never;

describe("refused with a message that says what is expected", () => {
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      "a misspelled option",
      () => continuousRankedProbabilityScore<T>("t", any({ estimater: "fair" })),
      /estimater/,
    ],
    [
      "another estimator",
      () => continuousRankedProbabilityScore<T>("t", any({ estimator: "qd" })),
      /"fair" or "ecdf"/,
    ],
    ["no tail", () => thresholdWeightedContinuousRankedProbabilityScore<T>("t", {}), /above/],
    [
      "an interval upside down",
      () => thresholdWeightedContinuousRankedProbabilityScore<T>("t", { above: "300 K", below: "290 K" }),
      /lower number first/,
    ],
    ["no event", () => brierScore<T>("t", {}), /above/],
    ["both sides", () => brierScore<T>("t", { above: "290 K", below: "280 K" }), /either/],
    ["no number", () => brierScore<T>("t", any({ above: "warm" })), /288.15 K/],
    ["a threshold twice", () => brierScore<T>("t", { above: ["290 K", "290 K"] }), /twice/],
    ["no threshold of none", () => brierScore<T>("t", { above: [] }), /threshold/],
    [
      "a fair probability",
      () => brierScore<any>("t", { probability: "p", estimator: "fair" }),
      /of an ensemble/,
    ],
    [
      "bins that leave something out",
      () => brierDecomposition<T>("t", { above: "290 K", bins: [0.2, 1] }),
      /0 to 1/,
    ],
    ["no bins", () => reliabilityDiagram<T>("t", { above: "290 K", bins: 0 }), /whole number/],
    [
      "edges that do not ascend",
      () => reliabilityDiagram<T>("t", { above: "290 K", bins: [0, 1, 1] }),
      /ascend/,
    ],
    ["bins beyond 0 to 1", () => pitHistogram<T>("t", { bins: [0, 2] }), /0 to 1/],
    ["no thresholds", () => rocArea<T>("t", { above: "290 K", thresholds: [] }), /numbers like/],
    ["a reference of 1", () => rocSkillScore<T>("t", { above: "290 K", reference: 1 }), /less than 1/],
    ["no ratios", () => relativeEconomicValue<T>("t", { above: "290 K", costLossRatios: [2] }), /0 to 1/],
    ["half a normal distribution", () => pitHistogram<any>("t", { mean: "m" }), /both/],
    [
      "two kinds",
      () => logarithmicScore<any>("t", { above: "290 K", mean: "m", standardDeviation: "s" }),
      /not both/,
    ],
    [
      "edges and categories",
      () => rankedProbabilityScore<any>("t", { edges: ["1 K"], categories: ["a"] }),
      /either/,
    ],
    ["one category", () => rankedProbabilityScore<any>("t", { categories: ["a"] }), /two categories/],
    [
      "a level of 1",
      () => quantileContinuousRankedProbabilityScore<any>("t", { quantiles: { 1: "q" } }),
      /between/,
    ],
    [
      "levels without a median",
      () => weightedIntervalScore<any>("t", { quantiles: { 0.1: "a", 0.9: "b" } }),
      /0.5/,
    ],
    ["a coverage of 80", () => intervalScore<any>("t", { lower: "a", upper: "b", coverage: 80 }), /between/],
    [
      "levels upside down",
      () => quantileIntervalScore<any>("t", { lower: "a", upper: "b", lowerLevel: 0.9, upperLevel: 0.1 }),
      /lower one first/,
    ],
    [
      "one point of a distribution",
      () => cdfContinuousRankedProbabilityScore<any>("t", { cdf: { "1 K": "a" } }),
      /two or more/,
    ],
    ["order 0", () => variogramScore<T>("t", { order: 0 }), /above 0/],
  ];
  test.each(refused)("%s", (_name, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ tag: "Options" }));
  });
});

describe("refused where the data are seen", () => {
  test("a threshold in another unit", () => {
    const pair = pairOf({ t: { members: [[1]], target: [1] } });
    expect(() => brierScore<any>("t", { above: "1 mm" }).observe(pair)).toThrow(/in mm/);
    const cdf = cdfContinuousRankedProbabilityScore<any>("t", { cdf: { "0 mm": "t", "1 mm": "t" } });
    expect(() => cdf.observe(pair)).toThrow(expect.objectContaining({ tag: "Unit" }));
  });
  test("a probability that is none", () => {
    const of = (unit: string, p: number, target: number) => () =>
      brierScore<any>("e", { probability: "e" }).observe(
        pairOf({ e: { unit, forecast: [p], target: [target] } }),
      );
    expect(of("1", 1.1, 0)).toThrow(expect.objectContaining({ tag: "InvalidValue" }));
    expect(of("1", 0.5, 0.5)).toThrow(/0 or 1/);
    expect(of("%", 50, 0)).toThrow(expect.objectContaining({ tag: "Unit" }));
    expect(of("1", 1.0000001, 1)).not.toThrow();
  });
  test("a negative deviation, a target that is no category, components in two units", () => {
    const normal = gaussianContinuousRankedProbabilityScore<any>("t", { mean: "t", standardDeviation: "s" });
    expect(() =>
      normal.observe(pairOf({ t: { forecast: [1], target: [1] }, s: { forecast: [-1] } })),
    ).toThrow(/0 or more/);
    const rps = rankedProbabilityScore<any>("c", { categories: ["c", "d"] });
    expect(() => rps.observe(pairOf({ c: { forecast: [1], target: [2] }, d: { forecast: [0] } }))).toThrow(
      /0 to 1/,
    );
    const energy = energyScore<any>("t", { components: ["u"] });
    const vector = pairOf({
      t: { members: [[1]], target: [1] },
      u: { unit: "m", members: [[1]], target: [1] },
    });
    expect(() => energy.observe(vector)).toThrow(/one unit/);
  });
});

describe("undefined is said", () => {
  const one = pairOf({ t: { members: [[290]], target: [291] } });
  test("one member: fair is NaN with n 0", () => {
    for (const metric of [
      continuousRankedProbabilityScore<T>("t"),
      brierScore<T>("t", { above: "280 K" }),
      ensembleSpread<T>("t"),
      spreadSkillRatio<T>("t"),
      energyScore<T>("t"),
    ]) {
      expect(rowsOf(metric, one).map(({ value, n }) => [value, n])).toEqual([[Number.NaN, 0]]);
    }
    expect(valueIn(continuousRankedProbabilityScore<T>("t", { estimator: "ecdf" }), one)).toBe(1);
  });
  test("a forecast without members is an ensemble of one", () => {
    const plain = pairOf({ t: { forecast: [290], target: [291] } });
    expect(valueIn(continuousRankedProbabilityScore<T>("t", { estimator: "ecdf" }), plain)).toBe(1);
  });
  test("no events: the ROC is NaN and keeps its n", () => {
    const pair = pairOf({ e: { unit: "1", forecast: [0.1, 0.7], target: [0, 0] } });
    expect(rowsOf(rocArea<any>("e", { probability: "e" }), pair)[0]).toMatchObject({
      value: Number.NaN,
      n: 2,
    });
    const curve = rowsOf(rocCurve<any>("e", { probability: "e", thresholds: [0.5] }), pair);
    expect(curve.map(({ value }) => value)).toEqual([Number.NaN, 0.5, Number.NaN, 0]);
  });
  test("certain and wrong is infinitely bad, certain and right costs nothing", () => {
    const of = (p: number, target: number) =>
      valueIn(
        logarithmicScore<any>("e", { probability: "e" }),
        pairOf({ e: { unit: "1", forecast: [p], target: [target] } }),
      );
    expect([of(0, 1), of(1, 0), of(1, 1), of(0, 0)]).toEqual([Infinity, Infinity, 0, 0]);
  });
  test("members all alike have no density", () => {
    const pair = (target: number) => pairOf({ t: { members: [[290], [290]], target: [target] } });
    for (const metric of [dawidSebastianiScore<T>("t"), logarithmicScore<T>("t")]) {
      expect(valueIn(metric, pair(291))).toBe(Infinity);
      expect(valueIn(metric, pair(290))).toBe(-Infinity);
    }
  });
  test("an empty bin has no frequency", () => {
    const pair = pairOf({ e: { unit: "1", forecast: [0.1, 0.9], target: [0, 1] } });
    const rows = rowsOf(reliabilityDiagram<any>("e", { probability: "e", bins: 3 }), pair);
    expect(
      rows.filter(({ by }) => by === `bin=${1 / 3}..${2 / 3}`).map(({ value, n }) => [value, n]),
    ).toEqual([
      [Number.NaN, 0],
      [Number.NaN, 0],
      [0, 2],
    ]);
  });
  test("ranks among different numbers of members are not mixed; a place that lacks one is none", () => {
    const three = pairOf({
      t: {
        members: [
          [1, 1],
          [2, Number.NaN],
          [3, 3],
        ],
        target: [2.5, 2],
      },
    });
    const two = pairOf({ t: { members: [[1], [2]], target: [0] } });
    const rows = rowsOf(rankHistogram<T>("t"), three, two);
    expect(rows.map(({ parameters, by, value, n }) => [parameters?.members, by, value, n])).toEqual([
      ["2", "rank=1", 1, 1],
      ["2", "rank=2", 0, 1],
      ["2", "rank=3", 0, 1],
      ["3", "rank=1", 0, 1],
      ["3", "rank=2", 0, 1],
      ["3", "rank=3", 1, 1],
      ["3", "rank=4", 0, 1],
    ]);
  });
});

describe("what rows say", () => {
  test("several thresholds are told apart, one is in the parameters", () => {
    const pair = pairOf({ t: { members: [[290], [292]], target: [291] } });
    const several = brierScore<T>("t", { above: ["280 K", "291 K"], estimator: "ecdf" });
    expect(several.parameters).toMatchObject({
      threshold: "280 K,291 K",
      comparison: ">=",
      estimator: "ecdf",
    });
    expect(rowsOf(several, pair).map(({ parameters, value }) => [parameters?.threshold, value])).toEqual([
      ["280 K", 0],
      ["291 K", 0.25],
    ]);
  });
  test("the unit of the logarithm, and of a variogram", () => {
    expect(logarithmicScore<T>("t").unit("K")).toBe("nat");
    expect(logarithmicScore<T>("t", { unit: "bit" }).unit("K")).toBe("bit");
    expect(variogramScore<T>("t").unit("K")).toBe("K");
    expect(variogramScore<T>("t", { order: 1 }).unit("m s-1")).toBe("m2 s-2");
    expect(variogramScore<T>("t", { order: 2 }).unit("K")).toBe("(K)4");
  });
  test("float32 probabilities lie on the edges they were written as", () => {
    const pair = pairOf({ e: { unit: "1", forecast: [0.2, 0.6], target: [0, 1] } });
    const single = {
      ...pair,
      forecast: { e: { unit: "1", values: Float32Array.of(0.2, 0.6) } },
    };
    for (const metric of [
      reliabilityDiagram<any>("e", { probability: "e", bins: 5 }),
      rocCurve<any>("e", { probability: "e", thresholds: [0.2, 0.6] }),
    ]) {
      const values = (of: typeof pair) =>
        rowsOf(metric, of)
          .filter(({ term }) => term !== "mean probability")
          .map(({ value }) => value);
      expect(values(single)).toEqual(values(pair));
    }
  });
});

describe("documentation", () => {
  test("every factory has a line, once", () => {
    const factories = Object.entries(all)
      .filter(([, value]) => typeof value === "function")
      .map(([name]) => name);
    expect(probabilisticDocs.map(({ name }) => name).sort()).toEqual(factories.sort());
  });
});

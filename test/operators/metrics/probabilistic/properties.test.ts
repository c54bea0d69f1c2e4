/** What holds among scores of ensembles and probabilities whatever the numbers are. */
import { describe, expect, test } from "vitest";
import {
  brierDecomposition,
  brierScore,
  continuousRankedProbabilityScore,
  energyScore,
  ensembleSpread,
  gaussianContinuousRankedProbabilityScore,
  intervalScore,
  pitHistogram,
  quantileContinuousRankedProbabilityScore,
  rankedProbabilityScore,
  rankHistogram,
  relativeEconomicValue,
  rocArea,
  rocCurve,
  spreadSkillRatio,
  thresholdWeightedContinuousRankedProbabilityScore,
  variogramScore,
  wassersteinDistance,
  weightedIntervalScore,
} from "../../../../src/operators/metrics/probabilistic/index.ts";
import { random, whole } from "../../../../src/testing/random.ts";
import { gaussians, onGrid, pairOf, rowsOf, valueIn } from "./pairOf.ts";

type T = { t: "K" };
const ecdf = { estimator: "ecdf" } as const;
const seeds = Array.from({ length: 30 }, (_, seed) => seed);

interface Sample {
  readonly members: number[][];
  readonly target: number[];
}

/** Members and targets with ties, at a few places. */
const sample = (seed: number, count?: number): Sample => {
  const next = random(seed);
  const size = whole(next, 3, 12);
  const value = () => (next() < 0.3 ? 280 + whole(next, 0, 4) * 5 : 280 + next() * 20);
  const values = () => Array.from({ length: size }, value);
  return {
    members: Array.from({ length: count ?? whole(next, 2, 9) }, values),
    target: values(),
  };
};
const ensemble = ({ members, target }: Sample) => pairOf({ t: { members, target } });
const mapped = ({ members, target }: Sample, map: (x: number) => number): Sample => ({
  members: members.map((member) => member.map(map)),
  target: target.map(map),
});
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Probabilities with ties and events, both kinds. */
const chances = (seed: number) => {
  const next = random(seed);
  const size = whole(next, 6, 40);
  const p = Array.from({ length: size }, () => (next() < 0.4 ? whole(next, 0, 5) / 5 : next()));
  const event = p.map((value, i) => (i === 0 ? 1 : i === 1 ? 0 : next() < value ? 1 : 0));
  return { p, event };
};
const probability = { probability: "e" } as const;
const given = ({ p, event }: { p: readonly number[]; event: readonly number[] }) =>
  pairOf({ e: { unit: "1", forecast: p, target: event } });

describe.each(seeds)("seed %d", (seed) => {
  const some = sample(seed);
  const pair = ensemble(some);
  const m = some.members.length;
  const crps = (estimator: "fair" | "ecdf") => continuousRankedProbabilityScore<T>("t", { estimator });
  const crpsEcdf = valueIn(crps("ecdf"), pair);
  const error = mean(some.members.map((member) => mean(member.map((x, i) => Math.abs(x - some.target[i]!)))));

  test("CRPS of one member is its absolute error; of more it is not negative, nor above the mean error", () => {
    const one = sample(seed, 1);
    const absolute = mean(one.members[0]!.map((x, i) => Math.abs(x - one.target[i]!)));
    expect(valueIn(crps("ecdf"), ensemble(one))).toBeCloseTo(absolute, 11);
    expect(valueIn(crps("fair"), ensemble(one))).toBeNaN();
    expect(crpsEcdf).toBeGreaterThanOrEqual(0);
    expect(crpsEcdf).toBeLessThanOrEqual(error + 1e-12);
  });

  test("every member twice: ecdf stays; ecdf - fair is the spread among members", () => {
    const twice = ensemble({ ...some, members: [...some.members, ...some.members] });
    expect(valueIn(crps("ecdf"), twice)).toBeCloseTo(crpsEcdf, 11);
    const among = mean(
      some.members.flatMap((a) => some.members.map((b) => mean(a.map((x, i) => Math.abs(x - b[i]!))))),
    );
    expect(crpsEcdf - valueIn(crps("fair"), pair)).toBeCloseTo(among / (2 * (m - 1)), 11);
  });

  test("CRPS is the quantile CRPS of the sorted members", () => {
    const sorted = some.target.map((_, i) => some.members.map((member) => member[i]!).sort((a, b) => a - b));
    const names = some.members.map((_, k) => `q${k}`);
    const quantiles = Object.fromEntries(names.map((name, k) => [(k + 0.5) / m, name]));
    const of = pairOf({
      t: { target: some.target },
      ...Object.fromEntries(names.map((name, k) => [name, { forecast: sorted.map((x) => x[k]!) }])),
    });
    const metric = quantileContinuousRankedProbabilityScore<any>("t", { quantiles });
    expect(valueIn(metric, of)).toBeCloseTo(crpsEcdf, 11);
  });

  test("CRPS is the integral of the Brier score over thresholds", () => {
    const edges = [...new Set([...some.members.flat(), ...some.target])].sort((a, b) => a - b);
    const middles = edges.slice(1).map((b, k) => [(edges[k]! + b) / 2, b - edges[k]!] as const);
    const integral = middles.reduce(
      (sum, [threshold, width]) =>
        sum + width * valueIn(brierScore<T>("t", { above: `${threshold} K`, ...ecdf }), pair),
      0,
    );
    expect(integral).toBeCloseTo(crpsEcdf, 10);
  });

  test("tails add up, far out one tail is all", () => {
    for (const estimator of ["fair", "ecdf"] as const) {
      const tail = (limits: object) =>
        valueIn(
          thresholdWeightedContinuousRankedProbabilityScore<T>("t", { ...limits, estimator } as never),
          pair,
        );
      const all = valueIn(crps(estimator), pair);
      expect(tail({ above: "290 K" }) + tail({ below: "290 K" })).toBeCloseTo(all, 11);
      expect(tail({ above: "100 K" })).toBeCloseTo(all, 11);
      expect(tail({ above: "100 K", below: "400 K" })).toBeCloseTo(all, 11);
      expect(tail({ below: "100 K" })).toBe(0);
    }
  });

  test("CRPS(k x + m) = |k| CRPS(x)", () => {
    const turned = ensemble(mapped(some, (x) => -2.5 * x + 40));
    expect(valueIn(crps("ecdf"), turned)).toBeCloseTo(2.5 * crpsEcdf, 10);
  });

  test("RPS is the sum of the Brier scores at its edges; of two categories one of them", () => {
    const edges = ["285 K", "290 K", "295 K"] as const;
    for (const estimator of ["fair", "ecdf"] as const) {
      const scores = rowsOf(brierScore<T>("t", { above: edges, estimator }), pair).map(({ value }) => value);
      const rps = (some: readonly `${number} K`[]) =>
        valueIn(rankedProbabilityScore<T>("t", { edges: some, estimator }), pair);
      expect(rps(edges)).toBeCloseTo(scores[0]! + scores[1]! + scores[2]!, 12);
      expect(rps(["290 K"])).toBeCloseTo(scores[1]!, 12);
    }
  });

  test("rank and PIT histograms add up to 1 and see order only", () => {
    for (const metric of [
      rankHistogram<T>("t"),
      rankHistogram<T>("t", { ties: "lowest" }),
      pitHistogram<T>("t"),
    ]) {
      const rows = rowsOf(metric, pair);
      const shares = rows.filter(({ term }) => term === undefined).map(({ value }) => value);
      expect(shares.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      const bent = ensemble(mapped(some, (x) => Math.exp((x - 290) / 7)));
      expect(rowsOf(metric, bent)).toEqual(rows);
    }
  });

  test("distances from one analysis are the mean error and the CRPS", () => {
    expect(valueIn(wassersteinDistance<T>("t"), pair)).toBeCloseTo(error, 11);
    const distance = wassersteinDistance<T>("t", { distance: "crps", estimator: "ecdf" });
    expect(valueIn(distance, pair)).toBeCloseTo(crpsEcdf, 11);
  });

  test("the energy score of one place is its CRPS, of more it does not see their order", () => {
    for (const estimator of ["fair", "ecdf"] as const) {
      const first = ensemble({
        members: some.members.map(([x]) => [x!]),
        target: some.target.slice(0, 1),
      });
      const energy = energyScore<T>("t", { estimator });
      expect(valueIn(energy, first)).toBeCloseTo(valueIn(crps(estimator), first), 11);
      const back = ensemble({
        members: some.members.map((member) => member.toReversed()),
        target: some.target.toReversed(),
      });
      expect(valueIn(energy, back)).toBeCloseTo(valueIn(energy, pair), 11);
    }
  });

  test("the variogram score does not see a constant", () => {
    const metric = variogramScore<T>("t", { order: 1 });
    const warmer = ensemble({ ...some, members: some.members.map((member) => member.map((x) => x + 16)) });
    expect(valueIn(metric, warmer)).toBeCloseTo(valueIn(metric, pair), 8);
  });

  test("interval scores are sums of quantile scores", () => {
    const [low, high] = [some.members[0]!, some.members[1]!];
    const median = low.map((x, i) => (x + high[i]!) / 2);
    const of = pairOf({
      t: { target: some.target },
      low: { forecast: low },
      high: { forecast: high },
      median: { forecast: median },
    });
    const interval = intervalScore<any>("t", { lower: "low", upper: "high", coverage: 0.8 });
    const quantile = (quantiles: object) =>
      valueIn(quantileContinuousRankedProbabilityScore<any>("t", { quantiles }), of);
    const is = valueIn(interval, of);
    expect(is).toBeCloseTo((quantile({ 0.1: "low", 0.9: "high" }) * 2) / 0.2, 10);
    const absolute = mean(median.map((x, i) => Math.abs(x - some.target[i]!)));
    const metric = weightedIntervalScore<any>("t", { quantiles: { 0.1: "low", 0.5: "median", 0.9: "high" } });
    expect(valueIn(metric, of)).toBeCloseTo((absolute / 2 + 0.1 * is) / 1.5, 10);
  });

  const chance = chances(seed);
  const chancePair = given(chance);
  test("Brier score = reliability - resolution + uncertainty, and with the terms within bins", () => {
    for (const bins of ["distinct", 4, [0, 0.3, 1]] as const) {
      const metric = brierDecomposition<any>("e", { bins, ...probability });
      const part = (term: string) => valueIn(metric, chancePair, term);
      const within = part("within-bin variance") - part("within-bin covariance");
      const sum = part("reliability") - part("resolution") + part("uncertainty") + within;
      expect(sum).toBeCloseTo(valueIn(brierScore<any>("e", probability), chancePair), 12);
      expect(part("Brier score")).toBeCloseTo(sum, 12);
      if (bins === "distinct") expect(within).toBeCloseTo(0, 12);
      expect(part("pointwise reliability")).toBeCloseTo(
        part("reliability") + part("within-bin variance"),
        12,
      );
    }
    const isotonic = brierDecomposition<any>("e", { bins: "isotonic", ...probability });
    const part = (term: string) => valueIn(isotonic, chancePair, term);
    expect(part("miscalibration") - part("discrimination") + part("uncertainty")).toBeCloseTo(
      part("Brier score"),
      12,
    );
    expect(part("miscalibration")).toBeGreaterThanOrEqual(-1e-12);
    expect(part("discrimination")).toBeGreaterThanOrEqual(-1e-12);
  });

  test("the base rate as forecast has Brier score c (1 - c); of 0 and 1 it is the share of wrong ones", () => {
    const c = mean(chance.event);
    const constant = given({ ...chance, p: chance.p.map(() => c) });
    expect(valueIn(brierScore<any>("e", probability), constant)).toBeCloseTo(c * (1 - c), 12);
    const sure = chance.p.map((p) => (p >= 0.5 ? 1 : 0));
    const wrong = mean(sure.map((p, i) => (p === chance.event[i] ? 0 : 1)));
    expect(valueIn(brierScore<any>("e", probability), given({ ...chance, p: sure }))).toBeCloseTo(wrong, 12);
  });

  test("the ROC area is the chance of order, and sees order only", () => {
    const area = (p: readonly number[]) => valueIn(rocArea<any>("e", probability), given({ ...chance, p }));
    const of = (kind: number) => chance.p.filter((_, i) => chance.event[i] === kind);
    const order = mean(of(1).flatMap((a) => of(0).map((b) => (a > b ? 1 : a === b ? 0.5 : 0))));
    expect(area(chance.p)).toBeCloseTo(order, 12);
    expect(area(chance.p.map((p) => p * p * 0.5))).toBe(area(chance.p));
    expect(area(chance.p.map((p) => 1 - p))).toBeCloseTo(1 - order, 12);
    expect(area(chance.p.map(() => 0.3))).toBe(0.5);
  });

  test("economic value is at most 1, and POD - POFD for a user at the base rate", () => {
    const c = mean(chance.event);
    const thresholds = [0.2, 0.5];
    const metric = relativeEconomicValue<any>("e", {
      costLossRatios: [0.1, c, 0.8],
      thresholds,
      ...probability,
    });
    const rows = rowsOf(metric, chancePair);
    expect(rows).toHaveLength(9);
    expect(Math.max(...rows.map(({ value }) => value))).toBeLessThanOrEqual(1 + 1e-12);
    const curve = rowsOf(rocCurve<any>("e", { thresholds, ...probability }), chancePair);
    for (const threshold of thresholds) {
      const at = rows.find(
        ({ parameters }) => parameters?.cost_loss === `${c}` && parameters?.probabilities === `${threshold}`,
      )!;
      const [pod, pofd] = curve.filter(({ parameters }) => parameters?.probabilities === `${threshold}`);
      expect(at.value).toBeCloseTo(pod!.value - pofd!.value, 11);
    }
  });
});

describe("distributions", () => {
  const gaussian = gaussianContinuousRankedProbabilityScore<any>("t", { mean: "m", standardDeviation: "s" });
  const of = (m: number, s: number, y: number) =>
    pairOf({ t: { target: [y] }, m: { forecast: [m] }, s: { forecast: [s] } });
  test("Gaussian CRPS on the mean, and of a deviation that vanishes", () => {
    expect(valueIn(gaussian, of(5, 2, 5))).toBeCloseTo((2 * (Math.SQRT2 - 1)) / Math.sqrt(Math.PI), 14);
    expect(valueIn(gaussian, of(5, 1e-9, 8))).toBeCloseTo(3, 8);
    expect(valueIn(gaussian, of(5, 0, 8))).toBe(3);
    expect(valueIn(gaussian, of(5, 0, 5))).toBe(0);
  });

  test("members and target drawn alike: the plain ratio is that of a small ensemble, the others are 1", () => {
    const next = gaussians(3);
    const size = 40_000;
    const centre = Array.from({ length: size }, next);
    const pair = pairOf({
      t: {
        members: Array.from({ length: 5 }, () => centre.map((x) => x + 2 * next())),
        target: centre.map((x) => x + 2 * next()),
      },
    });
    const ratio = (kind: "plain" | "finite" | "unbiased") =>
      valueIn(spreadSkillRatio<T>("t", { ratio: kind }), pair);
    // Within four standard errors of 40,000 samples.
    expect(Math.abs(ratio("plain") - Math.sqrt(5 / 6))).toBeLessThan(0.015);
    expect(Math.abs(ratio("finite") - 1)).toBeLessThan(0.015);
    expect(Math.abs(ratio("unbiased") - 1)).toBeLessThan(0.015);
    expect(valueIn(ensembleSpread<T>("t"), pair)).toBeCloseTo(2, 1);
    for (const { value } of rowsOf(rankHistogram<T>("t"), pair)) expect(value).toBeCloseTo(1 / 6, 2);
  });
});

describe("weights", () => {
  test("of rows of a grid count as places seen more often", () => {
    const some = sample(5, 4);
    const first = (k: number) => ({
      members: some.members.map((member) => [member[k]!]),
      target: [some.target[k]!],
    });
    const both = {
      members: some.members.map((member) => member.slice(0, 2)),
      target: some.target.slice(0, 2),
    };
    const grid = onGrid(ensemble(both), [0, 60], 1);
    const metric = continuousRankedProbabilityScore<T>("t", { weights: "cosine" });
    const [a, b] = [0, 1].map((k) => valueIn(metric, ensemble(first(k))));
    expect(valueIn(metric, grid)).toBeCloseTo((a! + 0.5 * b!) / 1.5, 12);
    const energy = energyScore<T>("t", { estimator: "ecdf", weights: "none" });
    expect(valueIn(energy, grid)).toBe(valueIn(energy, ensemble(both)));
  });
});

import { describe, expect, test } from "vitest";
import { correlationSignificance } from "../../../src/kernels/statistics/correlationSignificance.ts";
import { dieboldMarianoTest } from "../../../src/kernels/statistics/dieboldMarianoTest.ts";
import { exponentialFit } from "../../../src/kernels/statistics/exponentialFit.ts";
import { falseDiscoveryRate } from "../../../src/kernels/statistics/falseDiscoveryRate.ts";
import { moments } from "../../../src/kernels/statistics/moments.ts";
import { pairedTTest } from "../../../src/kernels/statistics/pairedTTest.ts";
import { sharedRanks } from "../../../src/kernels/statistics/sharedRanks.ts";
import { signTest, wilcoxonTest } from "../../../src/kernels/statistics/signTest.ts";

const nan = Number.NaN;

describe("degenerate samples", () => {
  test("t-test of one, of none, of a constant that is no sum of halves", () => {
    expect(pairedTTest([3])).toMatchObject({ n: 1, mean: 3, standardError: nan, pValue: nan });
    expect(pairedTTest([])).toMatchObject({ n: 0, mean: nan, pValue: nan });
    for (const method of ["plain", "cosine", "ar2", "newey-west"] as const) {
      const constant = new Array<number>(7).fill(0.1);
      expect(pairedTTest(constant, { method })).toMatchObject({
        mean: 0.1,
        standardError: 0,
        pValue: 0,
        upper: 0.1,
      });
    }
  });
  test("missing differences are taken out", () => {
    const [a, b] = [pairedTTest([1, nan, 2, 4]), pairedTTest([1, 2, 4])];
    expect(a).toEqual(b);
    expect(dieboldMarianoTest([1, nan, 2, 4]).n).toBe(3);
    expect(wilcoxonTest([1, nan, -2, 0]).n).toBe(2);
  });
  test("Diebold-Mariano of all zeros, of fewer than the horizon, of nothing", () => {
    expect(dieboldMarianoTest([0, 0, 0]).statistic).toBeNaN();
    expect(dieboldMarianoTest([1, 2], { horizon: 2 }).statistic).toBeNaN();
    expect(dieboldMarianoTest([]).mean).toBeNaN();
  });
  test("correlation of constants, of two pairs, of equal series", () => {
    expect(correlationSignificance([1, 1, 1], [1, 2, 3])).toMatchObject({ correlation: nan, pValue: nan });
    expect(correlationSignificance([1, 2], [3, 4]).pValue).toBeNaN();
    expect(correlationSignificance([1, 5, 2, 7], [1, 5, 2, 7])).toMatchObject({ correlation: 1, pValue: 0 });
    expect(moments([1, nan, 3], [2, 5, nan]).n).toBe(1);
  });
  test("missing p-values are no tests", () => {
    const { adjusted, significant } = falseDiscoveryRate([0.01, nan, 0.04]);
    expect(Array.from(adjusted)).toEqual([0.02, nan, 0.04]);
    expect(Array.from(significant)).toEqual([1, 0, 1]);
  });
  test("a pair that lacks a side is no step of the walk", () => {
    const { walk, bound, wins, defeats } = signTest([1, nan, 1, 3], [2, 1, 1, 2]);
    expect(Array.from(walk)).toEqual([1, 1, 1, 0]);
    expect(bound[1]).toBe(bound[0]);
    expect([wins, defeats]).toEqual([1, 1]);
  });
});

test("a strong difference is significant", () => {
  const [a, b] = [Array.from({ length: 30 }, () => 1), Array.from({ length: 30 }, (_, i) => 2 + (i % 3))];
  expect(signTest(a, b).significant.at(-1)).toBe(1);
  expect(signTest(a, b).pValue).toBeLessThan(1e-8);
  expect(wilcoxonTest(a.map((value, i) => value - b[i]!)).pValue).toBeLessThan(1e-5);
});

test("ties share their ranks", () => {
  const { ranks, ties } = sharedRanks(Float64Array.from([3, 1, 3, 2, 3]));
  expect(Array.from(ranks)).toEqual([4, 1, 4, 2, 4]);
  expect(ties).toBe(24);
});

test.each([
  () => pairedTTest([1, 2], { method: "ols" as never }),
  () => pairedTTest([1, 2], { confidence: 95 }),
  () => dieboldMarianoTest([1, 2], { horizon: 0 }),
  () => dieboldMarianoTest([1, 2], { method: "DM" as never }),
  () => signTest([1], [2], { confidence: 0 }),
  () => falseDiscoveryRate([0.1], { method: "bonferroni" as never }),
])("what there is not is refused", (call) => expect(call).toThrow("expected"));

test("the fitted exponential is the one that was there", () => {
  for (const [height, range] of [
    [2, 0.8],
    [0.3, 4],
    [5, 30],
  ] as const) {
    const found = exponentialFit(
      Array.from({ length: 12 }, (_, lag) => height * Math.exp((-3 * lag) / range)),
    );
    expect(found.height).toBeCloseTo(height, 7);
    expect(found.range).toBeCloseTo(range, 6);
  }
  expect(exponentialFit([1, -0.5, 0.2, 0]).height).toBeCloseTo(1, 10);
});

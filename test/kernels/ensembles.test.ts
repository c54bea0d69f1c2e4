import { describe, expect, test } from "vitest";
import { cdfTotal } from "../../src/kernels/ensembles/cdfTotal.ts";
import { crpsScores } from "../../src/kernels/ensembles/crpsScores.ts";
import { ensembleMoments } from "../../src/kernels/ensembles/ensembleMoments.ts";
import { groupTotal, mergeGroups } from "../../src/kernels/ensembles/groupTotal.ts";
import { isotonicFit } from "../../src/kernels/ensembles/isotonicFit.ts";
import { memberDistance } from "../../src/kernels/ensembles/memberDistance.ts";
import { sortedMembers } from "../../src/kernels/ensembles/sortedMembers.ts";
import { sortNumbers } from "../../src/kernels/ensembles/sortNumbers.ts";
import { exactValue } from "../../src/kernels/exactSum.ts";
import { binOf } from "../../src/kernels/tables/binOf.ts";
import { random, whole } from "../../src/testing/random.ts";

const numbers = (next: () => number, count: number): Float64Array =>
  Float64Array.from({ length: count }, () => (next() < 0.3 ? whole(next, 0, 3) : next() * 4));

describe("sortNumbers", () => {
  test.each([0, 1, 2, 23, 24, 25, 48, 49, 51, 100, 1000])("%d numbers as the platform", (count) => {
    const next = random(count);
    const values = numbers(next, count + 3);
    const wanted = values.slice();
    wanted.subarray(2, 2 + count).sort();
    sortNumbers(values, 2, count, new Float64Array(count));
    expect(values).toEqual(wanted);
  });
});

describe("sortedMembers", () => {
  const next = random(1);
  const members = Array.from({ length: 4 }, () =>
    Float32Array.from({ length: 10 }, () => (next() < 0.3 ? Number.NaN : next())),
  );

  test("leaves out what is missing, place by place", () => {
    const sorted = sortedMembers(members, Uint32Array.of(0, 4, 10));
    for (const [leaf, start, stop] of [
      [1, 4, 10],
      [0, 0, 4],
    ] as const) {
      const { values, counts } = sorted.leaf(leaf);
      for (let i = start; i < stop; i++) {
        const wanted = members.map((member) => member[i]!).filter((value) => !Number.isNaN(value));
        const from = (i - start) * 4;
        expect([...values.subarray(from, from + counts[i - start]!)]).toEqual(wanted.sort((a, b) => a - b));
      }
    }
  });

  test("-0 and 0 are one number", () => {
    const { values } = sortedMembers([Float64Array.of(-0), Float64Array.of(0)], Uint32Array.of(0, 1)).leaf(0);
    expect([...values].every((value) => Object.is(value, 0))).toBe(true);
  });
});

describe("scores of an ensemble as sums over pairs of members", () => {
  const next = random(7);
  const members = Array.from({ length: 6 }, () => numbers(next, 50));
  const target = numbers(next, 50);
  const borders = Uint32Array.of(0, 20, 50);
  const pairs = (i: number): number =>
    members.reduce((sum, a) => sum + members.reduce((other, b) => other + Math.abs(a[i]! - b[i]!), 0), 0);

  test.each([
    ["fair", 2 * 6 * 5],
    ["ecdf", 2 * 6 * 6],
  ] as const)("CRPS %s", (estimator, divisor) => {
    const { under, over, spread } = crpsScores(members, target, borders, estimator);
    for (let i = 0; i < 50; i++) {
      const error = members.reduce((sum, member) => sum + Math.abs(member[i]! - target[i]!), 0) / 6;
      expect(under[i]! + over[i]!).toBeCloseTo(error, 12);
      expect(spread[i]).toBeCloseTo(pairs(i) / divisor, 12);
    }
  });

  test("moments", () => {
    const { mean, variance, counts } = ensembleMoments(members, borders);
    for (let i = 0; i < 50; i++) {
      const m = members.reduce((sum, member) => sum + member[i]!, 0) / 6;
      const squares = members.reduce((sum, member) => sum + (member[i]! - m) * (member[i]! - m), 0);
      expect(counts[i]).toBe(6);
      expect(mean[i]).toBeCloseTo(m, 12);
      expect(variance[i]).toBeCloseTo(squares / 5, 12);
    }
  });
});

describe("memberDistance", () => {
  test("is the integral over the steps of both", () => {
    const next = random(3);
    const x = numbers(next, 7).sort();
    const y = numbers(next, 5).sort();
    const distance = { wasserstein: 0, mutual: 0, first: 0, second: 0 };
    memberDistance(x, 0, 7, y, 0, 5, distance);
    const mean = (a: Float64Array, b: Float64Array): number =>
      [...a].reduce((sum, p) => sum + [...b].reduce((other, q) => other + Math.abs(p - q), 0), 0);
    expect(distance.mutual).toBeCloseTo(mean(x, y) / 35, 12);
    expect(distance.first).toBeCloseTo(mean(x, x) / 2, 12);
    expect(distance.second).toBeCloseTo(mean(y, y) / 2, 12);
    // Quantile by quantile: 35 of each side, as many of each member.
    const each = (sorted: Float64Array, times: number) =>
      [...sorted].flatMap((value) => Array(times).fill(value));
    const [a, b] = [each(x, 5), each(y, 7)];
    const wanted = a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / 35;
    expect(distance.wasserstein).toBeCloseTo(wanted, 12);
  });
});

describe("cdfTotal", () => {
  /** Three times the score at one place. */
  const scoreOf = (at: readonly number[], of: readonly number[], observed: number) => {
    const one = { borders: Uint32Array.of(0, 1), weights: Float64Array.of(1), columns: undefined };
    const fields = of.map((value) => Float64Array.of(value));
    const [under, over] = cdfTotal(at, fields, Float64Array.of(observed), one).sums.map(exactValue);
    return { under: under! / 3, over: over! / 3 };
  };
  const thresholds = [0, 1, 3, 4];
  const cdf = [0, 0.3, 0.8, 1];
  test.each([-1.5, 0, 0.4, 1, 2, 3.5, 4, 6])("observation %d as a fine sum", (observed) => {
    const score = scoreOf(thresholds, cdf, observed);
    const at = (x: number): number => {
      if (x <= 0) return 0;
      if (x >= 4) return 1;
      const k = x < 1 ? 0 : x < 3 ? 1 : 2;
      const share = (x - thresholds[k]!) / (thresholds[k + 1]! - thresholds[k]!);
      return cdf[k]! + share * (cdf[k + 1]! - cdf[k]!);
    };
    let [under, over] = [0, 0];
    const step = 1e-3;
    for (let x = -3 + step / 2; x < 8; x += step) {
      if (x < observed) under += at(x) * at(x) * step;
      else over += (1 - at(x)) * (1 - at(x)) * step;
    }
    expect(score.under).toBeCloseTo(under, 2);
    expect(score.over).toBeCloseTo(over, 2);
    expect(score.under).toBeGreaterThanOrEqual(0);
  });
  // The numbers of `crps_cdf` of the library scores, by its exact integration.
  test.each([
    [[5, 8, 11], [0.3, 0.5, 0.9], 3, 2.38],
    [[5, 8, 11], [0.3, 0.5, 0.9], 14, 4.43],
    [[5, 8, 11], [0, 0.5, 0.9], 14, 4.19],
    [[5, 11], [0.1, 1], 3.5, 2.835],
  ])("outside of thresholds %j F keeps its first and last value, %j, to %d", (at, of, observed, wanted) => {
    const score = scoreOf(at, of, observed);
    expect(score.under + score.over).toBeCloseTo(wanted, 12);
    expect(Math.min(score.under, score.over)).toBe(0);
  });
});

describe("binOf", () => {
  const edges = [0, 0.2, 0.4, 1];
  test.each([
    [0, 0, 0],
    [0.2, 1, 0],
    [0.3, 1, 1],
    [0.4, 2, 1],
    [1, 2, 2],
    [-0.1, -1, -1],
    [1.1, -1, -1],
    [Number.NaN, -1, -1],
  ])("%d lies in bin %d, closed on the right in %d", (value, left, right) => {
    expect(binOf(value, edges, "left")).toBe(left);
    expect(binOf(value, edges, "right")).toBe(right);
  });
});

describe("isotonicFit", () => {
  test("pools what falls", () => {
    expect(isotonicFit([0.2, 0.5, 0.1, 0.9], [1, 1, 3, 1])).toEqual([0.2, 0.2, 0.2, 0.9].map(close));
    expect(isotonicFit([], [])).toEqual([]);
  });
  const close = (value: number) => expect.closeTo(value, 12);
});

describe("groupTotal", () => {
  const leaves = { borders: Uint32Array.of(0, 3, 6), weights: Float64Array.of(1, 10), columns: undefined };
  test("sums by group, weighted, missing left out", () => {
    const groups = groupTotal(
      Int32Array.of(0, 1, 0, -1, 1, 1),
      [0.5, 0.25, 7],
      [Float64Array.of(1, 2, 4, Number.NaN, 8, 16)],
      leaves,
    );
    expect([...groups.keys()]).toEqual([0.5, 0.25]);
    const of = (name: number) => {
      const { n, weight, sums } = groups.get(name)!;
      return [n, exactValue(weight), exactValue(sums[0]!)];
    };
    expect(of(0.5)).toEqual([2, 2, 5]);
    expect(of(0.25)).toEqual([3, 21, 242]);
  });
  test("columns weigh", () => {
    const columns = Float64Array.of(1, 2, 3);
    const groups = groupTotal(Int32Array.of(0, 0, 0, 0, -1, 0), [1], [], { ...leaves, columns });
    expect(exactValue(groups.get(1)!.weight)).toBe(6 + 40);
  });
  test("merges what both have", () => {
    const a = groupTotal(Int32Array.of(0, 1, 1, -1, -1, -1), [1, 2], [], leaves);
    const b = groupTotal(Int32Array.of(0, 0, -1, -1, -1, -1), [2], [], leaves);
    expect([...mergeGroups(a, b)].map(([name, { n }]) => [name, n])).toEqual([
      [1, 1],
      [2, 4],
    ]);
    expect(a.get(2)!.n).toBe(2);
  });
});

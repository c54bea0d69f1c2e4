import { describe, expect, test } from "vitest";
import { blockBootstrap } from "../../../src/kernels/statistics/blockBootstrap.ts";
import {
  bootstrapConfidenceInterval,
  intervalOf,
  meanOfDraw,
} from "../../../src/kernels/statistics/bootstrapConfidenceInterval.ts";
import { linearQuantile } from "../../../src/kernels/statistics/linearQuantile.ts";
import { pairwiseSum } from "../../../src/kernels/statistics/pairwiseSum.ts";
import { randomNumbers } from "../../../src/kernels/statistics/randomNumbers.ts";
import { resampleDraws } from "../../../src/kernels/statistics/resampleDraws.ts";

/** The generator once more, in whole numbers of any size. */
const reference = (seed: number, count: number): number[] => {
  const mask = 0xffffffffn;
  let weyl = BigInt(seed) & mask;
  const word = (): bigint => {
    weyl = (weyl + 0x9e3779b9n) & mask;
    let z = weyl;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & mask;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & mask;
    return z ^ (z >> 16n);
  };
  const s = [word(), word(), word(), word()];
  const turned = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  return Array.from({ length: count }, () => {
    const result = (turned((s[1]! * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1]! << 9n) & mask;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = turned(s[3]!, 11n);
    return Number(result) / 2 ** 32;
  });
};

describe("random numbers", () => {
  test.each([0, 1, 7, 4_294_967_295])("of seed %d are those of the definition", (seed) => {
    const next = randomNumbers(seed);
    expect(Array.from({ length: 200 }, next)).toEqual(reference(seed, 200));
  });
  test("are spread evenly", () => {
    const next = randomNumbers(3);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[Math.floor(next() * 10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe("draws", () => {
  test("the same seed gives the same, another gives others", () => {
    const draws = (seed: number) => resampleDraws(20, { resamples: 5, seed });
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });
  const successive = (draw: Uint32Array, n: number): number =>
    draw.reduce((sum, at, i) => sum + (i > 0 && at === (draw[i - 1]! + 1) % n ? 1 : 0), 0);
  test.each(["moving", "circular"] as const)("%s blocks stay together and are cut at the end", (blocks) => {
    for (const draw of resampleDraws(14, { resamples: 200, block: 4, blocks })) {
      expect(draw).toHaveLength(14);
      for (let i = 0; i < 14; i++) {
        if (i % 4 !== 0) expect(draw[i]).toBe((draw[i - 1]! + 1) % 14);
        else if (blocks === "moving") expect(draw[i]).toBeLessThanOrEqual(10);
      }
    }
  });
  test("every start of a block comes up", () => {
    const starts = (blocks: "moving" | "circular") =>
      new Set(resampleDraws(14, { resamples: 500, block: 4, blocks }).map((draw) => draw[0]));
    expect(starts("moving").size).toBe(11);
    expect(starts("circular").size).toBe(14);
  });
  test("stationary blocks have their mean length", () => {
    const draws = resampleDraws(100, { resamples: 200, block: 5, blocks: "stationary" });
    const kept = draws.reduce((sum, draw) => sum + successive(draw, 100), 0) / (200 * 99);
    expect(kept).toBeCloseTo(0.8 + 0.2 / 100, 1);
  });
  test("a block longer than the sample is the sample; no sample, no draws", () => {
    for (const draw of resampleDraws(3, { resamples: 10, block: 50 })) expect(successive(draw, 3)).toBe(2);
    expect(resampleDraws(0)).toEqual([]);
  });
  test.each([{ resamples: 0 }, { block: 0 }, { block: 1.5 }, { seed: 0.5 }, { blocks: "random" as never }])(
    "%j is refused",
    (options) => expect(() => resampleDraws(5, options)).toThrow("bootstrap"),
  );
});

describe("intervals", () => {
  const values = Float64Array.from([3, 1, 4, 1, 5, 9, 2, 6]);
  test("cover a mean about as often as they say", () => {
    const next = randomNumbers(11);
    let covered = 0;
    for (let i = 0; i < 300; i++) {
      const sample = Float64Array.from({ length: 40 }, () => next() + next() + next());
      const { lower, upper } = bootstrapConfidenceInterval(40, meanOfDraw(sample), {
        resamples: 300,
        seed: i,
        confidence: 0.9,
      });
      if (lower <= 1.5 && upper >= 1.5) covered += 1;
    }
    expect(covered / 300).toBeGreaterThan(0.84);
    expect(covered / 300).toBeLessThan(0.95);
  });
  test("replicates without a value take no part; without any there is no interval", () => {
    const options = { interval: "percentile", confidence: 0.5 } as const;
    expect(intervalOf(2, [1, Number.NaN, 3], options)).toEqual({ lower: 1.5, upper: 2.5 });
    expect(intervalOf(2, [Number.NaN], options)).toEqual({ lower: Number.NaN, upper: Number.NaN });
    expect(intervalOf(2, [Infinity, Infinity], options)).toEqual({ lower: Infinity, upper: Infinity });
  });
  test("block bootstrap of seeds is that of its draws", () => {
    const draws = resampleDraws(8, { resamples: 9, block: 3, blocks: "circular", seed: 5 });
    expect(blockBootstrap(values, { resamples: 9, block: 3, seed: 5 })).toEqual(
      blockBootstrap(values, { draws }),
    );
  });
  test.each([{ confidence: 1 }, { interval: "bayes" as never }])("%j is refused", (options) =>
    expect(() => bootstrapConfidenceInterval(8, meanOfDraw(values), options)).toThrow("bootstrap"),
  );
});

test("quantiles are linear between order statistics", () => {
  expect(linearQuantile([1, 2, 4], 0.75)).toBe(3);
  expect(linearQuantile([1, 2, Infinity], 0.25)).toBe(1.5);
  expect(linearQuantile([7], 0.3)).toBe(7);
  expect(linearQuantile([], 0.5)).toBeNaN();
});

test("the pairwise sum adds everything once", () => {
  for (const n of [0, 1, 7, 8, 9, 128, 129, 1000]) {
    expect(pairwiseSum(Float64Array.from({ length: n }, (_, i) => i))).toBe(0 + (n * (n - 1)) / 2);
  }
});

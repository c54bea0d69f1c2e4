import { describe, expect, test } from "vitest";
import { erfc, normalDensity, normalProbability } from "../../src/kernels/ensembles/normal.ts";

/** Of the C library, one on each side of every border between approximations. */
const known: readonly (readonly [number, number])[] = [
  [0, 1.0],
  [0.1, 0.8875370839817152],
  [0.24, 0.734299941046208],
  [0.26, 0.7131002767842508],
  [0.5, 0.4795001221869535],
  [0.8, 0.2578990352923395],
  [0.84, 0.23485728854500548],
  [0.85, 0.2293319423916475],
  [1, 0.15729920705028513],
  [1.2, 0.08968602177036465],
  [1.24, 0.07949481570097033],
  [1.26, 0.0747640581898705],
  [1.5, 0.033894853524689274],
  [2, 0.004677734981047265],
  [2.8, 7.501319466545911e-5],
  [2.9, 4.109787809945886e-5],
  [4, 1.541725790028002e-8],
  [6, 2.1519736712498916e-17],
  [10, 2.088487583762545e-45],
  [20, 5.3958656116079005e-176],
  [26, 5.663192408856143e-296],
];

describe("the normal distribution", () => {
  test.each(known)("erfc(%d)", (x, value) => {
    expect(Math.abs(erfc(x) - value)).toBeLessThanOrEqual(4e-16 * Math.max(value, 1e-300 / 4e-16));
  });
  test("far out", () => {
    expect(erfc(40)).toBe(0);
    expect(erfc(Number.POSITIVE_INFINITY)).toBe(0);
    expect(erfc(Number.NaN)).toBeNaN();
  });
  test("probability", () => {
    expect(normalProbability(0)).toBe(0.5);
    expect(normalProbability(-1.3) + normalProbability(1.3)).toBeCloseTo(1, 15);
    expect(normalProbability(1.959963984540054)).toBeCloseTo(0.975, 15);
  });
  test("density is the slope of the probability", () => {
    for (const z of [-2, -0.3, 0, 0.7, 3]) {
      const slope = (normalProbability(z + 1e-5) - normalProbability(z - 1e-5)) / 2e-5;
      expect(slope).toBeCloseTo(normalDensity(z), 9);
    }
  });
});

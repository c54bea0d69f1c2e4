import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addExact, exactSum, exactValue, mergeExact } from "../../src/kernels/exactSum.ts";

/** A finite double as a whole number of 2^-1074. */
const asInteger = (x: number): bigint => {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
  return bits >> 63n === 1n ? -magnitude : magnitude;
};

/** The double nearest to a whole number of 2^-1074, half to even. */
const asDouble = (whole: bigint): number => {
  const magnitude = whole < 0n ? -whole : whole;
  const bits = magnitude.toString(2).length;
  const shift = BigInt(Math.max(0, bits - 53));
  let kept = magnitude >> shift;
  const rest = magnitude - (kept << shift);
  const half = shift === 0n ? 0n : 1n << (shift - 1n);
  if (shift > 0n && (rest > half || (rest === half && kept % 2n === 1n))) kept += 1n;
  let value = Number(kept);
  const scale = Number(shift) - 1074;
  for (let i = 0; i < scale; i++) value *= 2;
  for (let i = 0; i > scale; i--) value /= 2;
  return whole < 0n ? -value : value;
};

const exact = (values: readonly number[]): number =>
  asDouble(values.reduce((sum, x) => sum + asInteger(x), 0n));

// Below the normal numbers halving is not exact: the reference stays above them.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e280, max: 1e280 })
  .filter((x) => x === 0 || Math.abs(x) > 1e-280);
const numbers = fc.array(
  fc.oneof(
    number,
    fc.constantFrom(1, 1e16, -1e16, 1e-16, 0.1, 3, -3, 2 ** 53, -(2 ** 53), 2 ** -53, 1e100, -1e100),
  ),
  { maxLength: 40 },
);

describe("exactSum", () => {
  test("is the exact total, rounded once", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const total = exact(values);
        fc.pre(total === 0 || Math.abs(total) > 1e-280);
        expect(exactValue(exactSum(values))).toBe(total);
      }),
      { numRuns: 300 },
    );
  });

  test("does not depend on order or grouping, to the bit", () => {
    fc.assert(
      fc.property(numbers, fc.integer(), fc.nat(), (values, seed, cut) => {
        const at = values.length === 0 ? 0 : cut % values.length;
        const mixed = [...values].sort((a, b) => Math.sin(a * 7 + seed) - Math.sin(b * 7 + seed));
        const one = exactValue(exactSum(values));
        expect(exactValue(exactSum(mixed))).toBe(one);
        const left = exactSum(mixed.slice(0, at));
        const right = exactSum(mixed.slice(at));
        const before = structuredClone([left, right]);
        expect(exactValue(mergeExact(left, right))).toBe(one);
        expect(exactValue(mergeExact(right, left))).toBe(one);
        expect([left, right]).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  test("rounds half to even, and a smaller part decides a tie", () => {
    expect(exactValue(exactSum([1, 2 ** -53]))).toBe(1);
    expect(exactValue(exactSum([1, 2 ** -53, 2 ** -120]))).toBe(1 + 2 ** -52);
    expect(exactValue(exactSum([1, 2 ** -53, -(2 ** -120)]))).toBe(1);
    expect(exactValue(exactSum([1e16, 1, -1e16]))).toBe(1);
    expect(exactValue([])).toBe(0);
  });

  test("infinities and NaN stand for the whole sum, in any order", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    const all = [
      [[1, inf, 2], inf],
      [[1, -inf, 1e300], nan],
      [[inf, -inf], nan],
      [[nan, 1], nan],
      [[1e300, 1e300, -1e300], nan],
    ] as const;
    for (const [values, wanted] of all) {
      for (const order of [values, [...values].reverse()]) {
        expect(exactValue(exactSum(order))).toBe(wanted);
        const [first, ...rest] = order;
        expect(exactValue(mergeExact(exactSum([first!]), exactSum(rest)))).toBe(wanted);
      }
    }
  });

  test("adds in place", () => {
    const sum: number[] = [];
    for (let i = 0; i < 10; i++) addExact(sum, 0.1);
    expect(exactValue(sum)).toBe(1);
  });
});

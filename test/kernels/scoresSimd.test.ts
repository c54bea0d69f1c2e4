/** SIMD and scalar sums of scores are the same bits: counts, and every number of every exact sum. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Leaves } from "../../src/kernels/leafTotal.ts";
import { scalarRowsTotal, simdRowsTotal, type WriteRows } from "../../src/kernels/scores/scoreTotal.ts";
import { valuesModule } from "../../src/kernels/valuesModule.ts";

const module = valuesModule!;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -30, max: 330, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1e-310, 1e300) },
  { weight: 2, arbitrary: fc.constant(nan) },
  { weight: 1, arbitrary: fc.constantFrom(inf, -inf) },
);

const sumOf = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

/** Up to five leaves of up to nine places, two places before the first, columns weighed or not. */
const leaves: fc.Arbitrary<Leaves> = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([lengths, weighs]) => {
    const all = weighs ? lengths.map(() => lengths[0]!) : lengths;
    return {
      borders: Uint32Array.from([2, ...all.map((_, i) => 2 + sumOf(all.slice(0, i + 1)))]),
      weights: Float64Array.from(all, (_, i) => Math.sin(i + 1)),
      columns: weighs ? Float64Array.from({ length: all[0]! }, (_, i) => 1 / (i + 1)) : undefined,
    };
  });
const places = 47;
const numbers = fc.array(value, { minLength: 5 * places, maxLength: 5 * places });

test("rows of scores", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), leaves, numbers, (many, on, scores) => {
      const write: WriteRows = (start, stop, rows) => {
        for (const [k, row] of rows.entries()) row.set(scores.slice(places * k + start, places * k + stop));
      };
      expect(simdRowsTotal(module, many, on, write)).toStrictEqual(scalarRowsTotal(many, on, write));
    }),
    { numRuns: 300 },
  );
});

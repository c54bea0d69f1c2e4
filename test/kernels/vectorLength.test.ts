/** SIMD and scalar lengths are the same bits, in the precision of the first component. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { valuesModule } from "../../src/kernels/valuesModule.ts";
import { scalarVectorLength, simdVectorLength, vectorLength } from "../../src/kernels/vectorLength.ts";

const value = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -60, max: 60, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1e-23, 3e38) },
);
const type = fc.constantFrom(Float32Array, Float64Array);

test("SIMD gives the bits of the scalar code", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value), { maxLength: 20 }),
      type,
      type,
      fc.nat(3),
      (wind, U, V, start) => {
        const u = U.from([...Array<number>(start).fill(1), ...wind.map(([x]) => x)]).subarray(start);
        const v = V.from(wind.map(([, y]) => y));
        const wanted = scalarVectorLength(u, v);
        expect(simdVectorLength(valuesModule!, u, v)).toStrictEqual(wanted);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([Float32Array, Float64Array])("%o of several tiles", (Type) => {
  const u = new Type(20_003).map((_, i) => 30 * Math.sin(i));
  const v = new Type(20_003).map((_, i) => (i % 9 === 0 ? Number.NaN : 30 * Math.cos(i * i)));
  const wanted = scalarVectorLength(u, v);
  expect(vectorLength(u, v).findIndex((x, i) => !Object.is(x, wanted[i]))).toBe(-1);
});

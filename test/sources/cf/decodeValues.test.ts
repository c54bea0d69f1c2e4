/** SIMD decodes to the bits of the scalar code, and says the same of infinite values. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valuesModule } from "../../../src/kernels/valuesModule.ts";
import { decodeValues, scalarDecodeValues, simdDecodeValues } from "../../../src/sources/cf/decodeValues.ts";
import type { Decoding } from "../../../src/sources/cf/decoding.ts";

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: low } = Number;
const identity = { multiply: 1, divide: 1, add: 0 };
const plain: Decoding = {
  markers: [],
  low,
  high: inf,
  scale: 1,
  offset: 0,
  conversion: identity,
  plain: true,
};

const value = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 3, arbitrary: fc.constantFrom(nan, 0, -0, -9999, Math.fround(9.96921e36), 1e-45, 100, -100) },
);
const withInfinite = fc.oneof(
  { weight: 60, arbitrary: value },
  { weight: 1, arbitrary: fc.constantFrom(inf, low) },
);
const values = fc.array(withInfinite, { maxLength: 40 });

const decoding = fc.record({
  markers: fc.subarray([-9999, Math.fround(9.96921e36), 0, inf]),
  low: fc.constantFrom(low, -100, -0.5),
  high: fc.constantFrom(inf, 100, 2),
  scale: fc.constantFrom(1, 0.01, -2),
  offset: fc.constantFrom(0, 273.15, -0.1),
  conversion: fc.constantFrom(
    identity,
    { multiply: 1, divide: 1, add: 273.15 },
    { multiply: 1, divide: 9.80665, add: 0 },
    { multiply: 5, divide: 9, add: 255.372 },
  ),
  plain: fc.constant(false),
});

const sameBits = (a: Float32Array | Float64Array, b: Float32Array | Float64Array) => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) expect([i, a[i]]).toEqual([i, b[i]]);
};

const check = (Type: Float32ArrayConstructor | Float64ArrayConstructor, stored: number[], how: Decoding) => {
  // Not at the beginning of its buffer, with something behind it that must stay.
  const place = () => {
    const whole = new Type(stored.length + 2).fill(inf);
    whole.set(stored, 1);
    return [whole, whole.subarray(1, 1 + stored.length)] as const;
  };
  const [whole, simd] = place();
  const [wanted, scalar] = place();
  expect(simdDecodeValues(valuesModule!, simd, how)).toBe(scalarDecodeValues(scalar, how));
  sameBits(whole, wanted);
};

describe("SIMD gives the bits of the scalar code", () => {
  test("float64: markers, bounds, packing and units", () => {
    fc.assert(
      fc.property(values, decoding, (stored, how) => check(Float64Array, stored, how)),
      {
        numRuns: 500,
      },
    );
  });

  test("float32: markers and bounds", () => {
    fc.assert(
      fc.property(values, decoding, (stored, { markers, low, high }) =>
        check(Float32Array, stored, { ...plain, markers, low, high }),
      ),
      { numRuns: 500 },
    );
  });

  test.each([Float32Array, Float64Array])("%o of several tiles", (Type) => {
    const stored = Array.from({ length: 20_003 }, (_, i) => (i % 10 === 0 ? -9999 : Math.sin(i)));
    check(Type, stored, { ...plain, markers: [-9999] });
    check(Type, stored, plain);
    for (const at of [0, 8_191, 8_192, 20_002]) check(Type, stored.with(at, low), plain);
  });
});

test("a bound that is no float32 is compared as it is", () => {
  const found = Float32Array.of(0.1, 0.2);
  decodeValues(found, { ...plain, low: 0.1, high: 0.2 });
  // The float32 nearest to 0.1 is above 0.1, the one nearest to 0.2 above 0.2.
  expect([...found]).toEqual([Math.fround(0.1), nan]);
});

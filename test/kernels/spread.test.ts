/** SIMD interpolates to the bits of the code that goes place by place; rows that are copied are the same too. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gridPlaces } from "../../src/kernels/places.ts";
import { spread, spreadPlaces } from "../../src/kernels/spread.ts";
import { spreadTiles } from "../../src/kernels/spreadTiles.ts";
import type { Stencil } from "../../src/kernels/stencil.ts";
import { valuesModule } from "../../src/kernels/valuesModule.ts";
import type { Values } from "../../src/model/field.ts";

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -300, max: 300, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, 0, -0, Number.POSITIVE_INFINITY, 5e-324, 3e38, -1e-42),
  },
);

/** Lines on an axis of `length` positions, in any order; some outside, some with no weight. */
const stencil = (length: number): fc.Arbitrary<Stencil> =>
  fc
    .array(
      fc.tuple(
        fc.oneof({ weight: 9, arbitrary: fc.nat(length - 1) }, { weight: 1, arbitrary: fc.constant(-1) }),
        fc.nat(length - 1),
        fc.constantFrom(0, 0, 0.25, 0.1, 2 / 3),
      ),
      { maxLength: 13 },
    )
    .map((lines) => ({
      first: Int32Array.from(lines, ([first]) => first),
      second: Int32Array.from(lines, ([first, second, weight]) =>
        first < 0 || weight === 0 ? first : second,
      ),
      weight: Float64Array.from(lines, ([first, , weight]) => (first < 0 ? 0 : weight)),
    }));

const sample = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
  .chain(([rows, width]) =>
    fc.record({
      width: fc.constant(width),
      values: fc
        .tuple(
          fc.constantFrom(Float32Array, Float64Array),
          fc.array(value, { minLength: rows * width, maxLength: rows * width }),
        )
        .map(([Type, all]): Values => Type.from([9, ...all]).subarray(1)),
      down: stencil(rows),
      across: stencil(width),
    }),
  );

describe("SIMD gives the bits of the scalar code", () => {
  test("any rows and columns", () => {
    fc.assert(
      fc.property(sample, ({ width, values, down, across }) => {
        const out = () => new Float64Array(down.first.length * across.first.length).fill(7);
        expect(spreadTiles(valuesModule!, values, width, down, across, out())).toStrictEqual(
          spreadPlaces(values, width, down, across, out()),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("several tiles, finer and coarser than the source", () => {
    for (const [rows, width, height, columns] of [
      [40, 50, 157, 201],
      [400, 300, 90, 333],
    ] as const) {
      const axis = (count: number, length: number): Stencil => {
        const at = Float64Array.from({ length: count }, (_, i) => (i * (length - 1.001)) / count);
        const first = Int32Array.from(at, Math.floor);
        return { first, second: first.map((index) => index + 1), weight: at.map((x, i) => x - first[i]!) };
      };
      const down = axis(height, rows);
      const across = axis(columns, width);
      // The first weights are 0: there the second is not looked at.
      const values = Float32Array.from({ length: rows * width }, (_, i) =>
        i % 37 === 5 ? Number.NaN : 280 + Math.sin(i),
      );
      const out = () => new Float64Array(height * columns);
      const wanted = spreadPlaces(values, width, down, across, out());
      const found = spreadTiles(valuesModule!, values, width, down, across, out());
      expect(found.findIndex((x, i) => !Object.is(x, wanted[i]))).toBe(-1);
    }
  });
});

test("rows that are only copied: another order, a part, one outside; float32 stays float32", () => {
  const places = gridPlaces(
    { latitude: Float64Array.of(0, 1, 2, 3), longitude: Float64Array.of(0, 1, 2, 3) },
    { rows: { start: 0, stop: 3 }, columns: [{ start: 1, stop: 3 }] },
  );
  const window = { rows: { start: 0, stop: 2 }, columns: [{ start: 0, stop: 3 }] };
  const line = (...first: number[]): Stencil => ({
    first: Int32Array.from(first),
    second: Int32Array.from(first),
    weight: new Float64Array(first.length),
  });
  const put = spread(window, places, line(1, 0, -1), line(1, 2));
  const { NaN: nan } = Number;
  expect(put(Float32Array.of(1, 2, 3, 4, nan, 6))).toEqual(Float32Array.of(nan, 6, 2, 3, nan, nan));
  expect(put(Float64Array.of(1, 2, 3, 4, nan, 6))).toEqual(Float64Array.of(nan, 6, 2, 3, nan, nan));
});

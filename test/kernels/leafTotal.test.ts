/** SIMD and scalar totals are the same bits: counts, and every number of every exact sum. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { type ErrorTotal, errorTotal, errorWork, scalarErrorTotal } from "../../src/kernels/errorTotal.ts";
import { type Leaves, leafTotals } from "../../src/kernels/leafTotal.ts";
import { meanTotal, meanWork, scalarMeanTotal } from "../../src/kernels/meanTotal.ts";
import { errorVariance, scalarErrorVariance, varianceWork } from "../../src/kernels/scores/errorVariance.ts";
import { momentTotal, momentWork, scalarMomentTotal } from "../../src/kernels/scores/momentTotal.ts";
import { squaredTotal } from "../../src/kernels/squaredTotal.ts";
import { valuesModule } from "../../src/kernels/valuesModule.ts";
import { scalarValueTotal, valueTotal } from "../../src/kernels/valueTotal.ts";
import type { Values } from "../../src/model/field.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** What leaves hold: much of it missing, or usual, or the ends of what numbers are. */
const usual = fc.double({ min: 180, max: 330, noNaN: true });
const odd = fc.constantFrom(0, -0, nan, 5e-324, -5e-324, 1e-45, 1e-310, 3.4e38, -3.4e38, 1e308, 2 ** -140, 1);
const endless = fc.constantFrom(inf, -inf, nan, 1e300, -1e300, 0, 280);
const value = fc.oneof(
  { weight: 6, arbitrary: usual },
  { weight: 2, arbitrary: fc.constant(nan) },
  { weight: 1, arbitrary: odd },
);
const strange = fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: endless });

const lengths = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }),
  fc.array(fc.constantFrom(0, 31, 125, 240), { maxLength: 5 }),
);

type Width = 4 | 8;
const width = fc.constantFrom<Width>(4, 8);

/** Values in an array of their width that begins `offset` values after its buffer. */
const arrayOf = (width: Width, values: readonly number[], offset: number): Values => {
  const Type = width === 4 ? Float32Array : Float64Array;
  const whole = new Type(values.length + offset).fill(7);
  whole.set(values, offset);
  return whole.subarray(offset);
};

interface Sample {
  readonly f: Values;
  readonly o: Values;
  readonly c: Values;
  readonly leaves: Leaves;
}

/** Arrays with `lead` places before the first leaf; columns weigh apart where all leaves are of one length. */
const sample = (of: fc.Arbitrary<number>): fc.Arbitrary<Sample> =>
  fc.tuple(lengths, fc.integer({ min: 0, max: 3 }), fc.boolean()).chain(([several, lead, weighted]) => {
    const all = weighted ? several.map(() => several[0]!) : several;
    const borders = Uint32Array.from([lead, ...all.map((_, i) => sumTo(all, i + 1) + lead)]);
    const size = borders.at(-1)!;
    const many = fc.array(of, { minLength: size, maxLength: size });
    return fc
      .record({
        values: fc.tuple(many, many, many),
        widths: fc.tuple(width, width, width),
        offset: fc.integer({ min: 0, max: 3 }),
        weights: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: all.length,
          maxLength: all.length,
        }),
        columns: fc.array(fc.constantFrom(0, 0.1, 0.25, 1 / 3, 1), {
          minLength: all[0] ?? 0,
          maxLength: all[0] ?? 0,
        }),
      })
      .map(({ values: [f, o, c], widths, offset, weights, columns }) => ({
        f: arrayOf(widths[0], f, offset),
        o: arrayOf(widths[1], o, offset + 1),
        c: arrayOf(widths[2], c, offset),
        leaves: {
          borders,
          weights: Float64Array.from(weights),
          columns: weighted ? Float64Array.from(columns) : undefined,
        },
      }));
  });

const squared = ({ n, weight, squared }: ErrorTotal) => ({ n, weight, squared });

const sumTo = (all: readonly number[], stop: number): number =>
  all.slice(0, stop).reduce((sum, length) => sum + length, 0);

describe("SIMD gives the bits of the scalar code", () => {
  test("this engine has it", () => {
    expect(valuesModule).toBeDefined();
  });

  for (const [name, values] of [
    ["usual and odd values", value],
    ["endless values", strange],
  ] as const) {
    test(`errors, ${name}`, () => {
      fc.assert(
        fc.property(sample(values), ({ f, o, leaves }) => {
          const all = scalarErrorTotal(f, o, leaves);
          expect(errorTotal(f, o, leaves)).toStrictEqual(all);
          expect(squaredTotal(f, o, leaves)).toMatchObject(squared(all));
        }),
        { numRuns: 300 },
      );
    });

    test(`means, ${name}`, () => {
      fc.assert(
        fc.property(sample(values), fc.boolean(), ({ f, o, c, leaves }, withThreshold) => {
          const threshold = withThreshold ? c : undefined;
          expect(meanTotal(f, o, threshold, leaves)).toStrictEqual(scalarMeanTotal(f, o, threshold, leaves));
        }),
        { numRuns: 300 },
      );
    });

    test(`moments, ${name}`, () => {
      fc.assert(
        fc.property(sample(values), fc.boolean(), ({ f, o, c, leaves }, withNormal) => {
          const normal = withNormal ? c : undefined;
          expect(momentTotal(f, o, leaves, normal)).toStrictEqual(scalarMomentTotal(f, o, leaves, normal));
          expect(errorVariance(f, o, leaves)).toStrictEqual(scalarErrorVariance(f, o, leaves));
        }),
        { numRuns: 300 },
      );
    });

    test(`several at once, ${name}`, () => {
      fc.assert(
        fc.property(sample(values), ({ f, o, c, leaves }) => {
          const other = { ...leaves, weights: leaves.weights.map((weight) => 1 - weight) };
          const works = [
            ...[meanWork(f, o, c, leaves), errorWork(f, o, leaves), errorWork(f, o, other)],
            ...[momentWork(f, o, other), momentWork(f, o, leaves, c), varianceWork(f, o, leaves)],
            ...[varianceWork(o, c, other), errorWork(c, f, leaves)],
          ];
          expect(leafTotals(works)).toStrictEqual(works.map((work) => work.scalar()));
        }),
        { numRuns: 100 },
      );
    });

    test(`values, ${name}`, () => {
      fc.assert(
        fc.property(sample(values), ({ f, leaves: { borders } }) => {
          expect(valueTotal(f, borders)).toStrictEqual(scalarValueTotal(f, borders));
        }),
        { numRuns: 300 },
      );
    });
  }
});

describe("tiles", () => {
  /** A field that is not the same anywhere, a tenth of it missing. */
  const field = (Type: Float32ArrayConstructor | Float64ArrayConstructor, size: number, seed: number) => {
    let state = seed;
    return new Type(size).map(() => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % 10 === 0 ? nan : 200 + state / 4e7;
    });
  };
  const even = (count: number, length: number): Leaves => ({
    borders: Uint32Array.from({ length: count + 1 }, (_, i) => i * length),
    weights: Float64Array.from({ length: count }, (_, i) => Math.sin(i + 1) ** 2),
    columns: undefined,
  });

  test.each([
    ["many leaves of many tiles", 120, 721],
    ["a tile that a leaf fills", 3, 16_384],
    ["a leaf longer than a tile", 3, 40_001],
    ["leaves of one place", 17_000, 1],
  ])("%s", (_, count, length) => {
    const leaves = even(count, length);
    for (const [F, O] of [
      [Float32Array, Float32Array],
      [Float64Array, Float32Array],
    ] as const) {
      const f = field(F, count * length, 1);
      const o = field(O, count * length, 2);
      const c = field(Float64Array, count * length, 3);
      expect(errorTotal(f, o, leaves)).toStrictEqual(scalarErrorTotal(f, o, leaves));
      expect(squaredTotal(f, o, leaves)).toStrictEqual(squared(scalarErrorTotal(f, o, leaves)));
      expect(meanTotal(f, o, c, leaves)).toStrictEqual(scalarMeanTotal(f, o, c, leaves));
      expect(meanTotal(f, o, undefined, leaves)).toStrictEqual(scalarMeanTotal(f, o, undefined, leaves));
      expect(valueTotal(f, leaves.borders)).toStrictEqual(scalarValueTotal(f, leaves.borders));
      const works = [momentWork(f, o, leaves), momentWork(f, o, leaves, c), varianceWork(f, o, leaves)];
      expect(leafTotals(works)).toStrictEqual(works.map((work) => work.scalar()));
    }
  });

  test("no leaves, and leaves without a place", () => {
    const none = { n: 0, weight: [], error: [], absolute: [], squared: [] };
    const empty = new Float32Array();
    for (const borders of [Uint32Array.of(0), Uint32Array.of(0, 0, 0)]) {
      const leaves = { borders, weights: new Float64Array(2).fill(1), columns: undefined };
      expect(errorTotal(empty, empty, leaves)).toStrictEqual(none);
    }
  });
});

test("an engine without SIMD gives the same by the scalar code", async () => {
  vi.resetModules();
  vi.doMock("../../src/kernels/wasm/instance.ts", () => ({ wasmModule: () => undefined }));
  const plain = await import("../../src/kernels/errorTotal.ts");
  const means = await import("../../src/kernels/meanTotal.ts");
  const squares = await import("../../src/kernels/squaredTotal.ts");
  const values = await import("../../src/kernels/valueTotal.ts");
  const f = Float32Array.from({ length: 999 }, (_, i) => (i % 7 === 0 ? nan : Math.sin(i)));
  const o = Float32Array.from({ length: 999 }, (_, i) => (i % 11 === 0 ? nan : Math.cos(i)));
  const leaves = {
    borders: Uint32Array.of(0, 333, 666, 999),
    weights: Float64Array.of(0.1, 0.2, 0.3),
    columns: undefined,
  };
  expect(plain.errorTotal(f, o, leaves)).toStrictEqual(errorTotal(f, o, leaves));
  expect(squares.squaredTotal(f, o, leaves)).toMatchObject(squaredTotal(f, o, leaves));
  expect(means.meanTotal(f, o, o, leaves)).toStrictEqual(meanTotal(f, o, o, leaves));
  expect(values.valueTotal(f, leaves.borders)).toStrictEqual(valueTotal(f, leaves.borders));
  vi.doUnmock("../../src/kernels/wasm/instance.ts");
});

/** Counts of events and categories: SIMD, scalar and the plainest way agree, also weighted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactValue } from "../../src/kernels/exactSum.ts";
import { leafTotals } from "../../src/kernels/leafTotal.ts";
import { quantileIn } from "../../src/kernels/scores/quantileIn.ts";
import { sortedQuantile } from "../../src/kernels/scores/sortedQuantile.ts";
import { anyNearby } from "../../src/kernels/tables/anyNearby.ts";
import { categoryCounts, scalarCells, simdCells } from "../../src/kernels/tables/categoryCounts.ts";
import { mergeCounts } from "../../src/kernels/tables/cellCounts.ts";
import { eventCounts, eventWork, scalarEventCounts } from "../../src/kernels/tables/eventCounts.ts";
import { exceedanceWork } from "../../src/kernels/tables/exceedanceTotal.ts";
import { indicator } from "../../src/kernels/tables/indicator.ts";
import { justAbove } from "../../src/kernels/tables/justAbove.ts";
import { nearbyCounts } from "../../src/kernels/tables/nearbyCounts.ts";
import { tablesModule } from "../../src/kernels/tables/tablesModule.ts";
import type { Values } from "../../src/model/field.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1, 2, 3) },
  { weight: 2, arbitrary: fc.constant(nan) },
  { weight: 1, arbitrary: fc.constantFrom(inf, -inf, 5e-324, -5e-324, 1e300) },
);
const arrays = fc
  .tuple(fc.constantFrom(4, 8), fc.constantFrom(4, 8), fc.integer({ min: 0, max: 70 }))
  .chain(([fw, ow, n]) => {
    const side = (width: number) =>
      fc
        .array(value, { minLength: n, maxLength: n })
        .map((list): Values => (width === 4 ? Float32Array.from(list) : Float64Array.from(list)));
    return fc.tuple(side(fw), side(ow));
  });
const thresholds = fc.array(fc.constantFrom(0, 1, 2, 0.7, -3, inf), { minLength: 1, maxLength: 4 });

/** The nearest number a side can hold: what thresholds are given as. */
const held = (values: Values, list: readonly number[]): number[] =>
  list.map((t) => (values instanceof Float32Array ? Math.fround(t) : t));

describe("eventCounts", () => {
  test("SIMD and scalar give the counts of the plainest way", () => {
    let seen = 0;
    fc.assert(
      fc.property(arrays, thresholds, fc.boolean(), ([f, o], list, weighted) => {
        const [ft, ot] = [held(f, list), held(o, list).reverse()];
        const plain = new Float64Array(4 * list.length);
        for (const k of list.keys()) {
          for (const [i, x] of f.entries()) {
            const y = o[i]!;
            if (Number.isNaN(x) || Number.isNaN(y)) continue;
            seen += 1;
            plain[4 * k + (x >= ft[k]! ? (y >= ot[k]! ? 0 : 1) : y >= ot[k]! ? 2 : 3)]! += 1;
          }
        }
        const leaves = {
          borders: Uint32Array.of(0, f.length >> 1, f.length),
          weights: Float64Array.of(0.1, 0.7),
          columns: weighted ? Float64Array.from({ length: 35 }, (_, i) => 1 / (i + 1)) : undefined,
        };
        for (const weighed of [false, true]) {
          const found = eventCounts(f, o, ft, ot, leaves, weighed);
          expect(found.counts).toEqual(plain);
          expect(found).toStrictEqual(scalarEventCounts(f, o, ft, ot, leaves, weighed));
        }
        for (const comparison of [">=", "<", ">", "<="] as const) {
          const work = exceedanceWork(f, o, comparison, ft, ot, leaves);
          expect(leafTotals([work, eventWork(f, o, ft, ot, leaves, true)])[0]).toStrictEqual(work.scalar());
        }
      }),
      { seed: 7, numRuns: 150 },
    );
    expect(seen).toBeGreaterThan(1000);
  });

  test("more places than a tile holds", () => {
    const f = Float32Array.from({ length: 40_001 }, (_, i) => (i * 7) % 10);
    const o = Float32Array.from({ length: 40_001 }, (_, i) => (i * 3) % 10);
    const leaves = { borders: Uint32Array.of(0, 40_001), weights: Float64Array.of(1), columns: undefined };
    const { counts } = eventCounts(f, o, [5], [5], leaves, false);
    expect(counts).toEqual(scalarEventCounts(f, o, [5], [5], leaves, false).counts);
    expect(counts.reduce((sum, count) => sum + count)).toBe(40_001);
  });

  test("weights of leaves and columns", () => {
    const f = Float64Array.of(1, 0, 1, 0, 1, nan);
    const o = Float64Array.of(1, 1, 0, 0, 1, 1);
    const leaves = { borders: Uint32Array.of(0, 3, 6), weights: Float64Array.of(0.5, 2), columns: undefined };
    const even = eventCounts(f, o, [1], [1], leaves, true);
    expect([...even.counts]).toEqual([2, 1, 1, 1]);
    expect(even.sums!.map(exactValue)).toEqual([2.5, 0.5, 0.5, 2]);
    const uneven = eventCounts(f, o, [1], [1], { ...leaves, columns: Float64Array.of(1, 3, 5) }, true);
    expect([...uneven.counts]).toEqual([2, 1, 1, 1]);
    expect(uneven.sums!.map(exactValue)).toEqual([0.5 + 2 * 3, 0.5 * 5, 0.5 * 3, 2]);
    expect(eventCounts(f, o, [1], [1], leaves, false).sums).toBeUndefined();
    const twice = mergeCounts(even, uneven);
    expect([...twice.counts]).toEqual([4, 2, 2, 2]);
    expect(twice.sums!.map(exactValue)).toEqual([9, 3, 2, 4]);
    expect([...even.counts]).toEqual([2, 1, 1, 1]);
  });
});

test("categories are closed below and open above; what lies outside is left out", () => {
  const f = Float32Array.of(0, 1, 2, 3, -1, nan, 1.5);
  const o = Float32Array.of(1, 1, 0, 1, 1, 1, 2.5);
  const leaves = {
    borders: Uint32Array.of(0, 7),
    weights: Float64Array.of(2),
    columns: Float64Array.of(1, 2, 3, 4, 5, 6, 7),
  };
  const { counts, sums } = categoryCounts(f, o, [0, 1, 3], [0, 1, 3], leaves, true);
  expect([...counts]).toEqual([0, 1, 1, 2]);
  expect(sums!.map(exactValue)).toEqual([0, 2, 6, 18]);
});

test("the last category holds Infinity where its edge is Infinity, and a finite one holds less than its edge", () => {
  const f = Float64Array.of(inf, 2, 3, 4, nan);
  const o = Float64Array.of(1, 2, inf, 5, inf);
  const leaves = { borders: Uint32Array.of(0, 5), weights: Float64Array.of(1), columns: undefined };
  const counts = (edges: readonly number[]) => [...categoryCounts(f, o, edges, edges, leaves, false).counts];
  expect(counts([-inf, 2, 4, inf])).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 1]);
  expect(counts([-inf, 2, 4])).toEqual([0, 0, 0, 1]);
});

test("events against a field of thresholds", () => {
  const values = Float32Array.of(1, 2, 3, nan, 2);
  const field = Float64Array.of(2, 2, 2, 2, nan);
  const met = { ">=": [0, 1, 1], ">": [0, 0, 1], "<=": [1, 1, 0], "<": [1, 0, 0] } as const;
  for (const [comparison, wanted] of Object.entries(met)) {
    expect([...indicator(values, comparison as ">=", field)]).toEqual([...wanted, nan, nan]);
  }
});

test("the next number above", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const next = justAbove(x, false);
      expect(next > x).toBe(true);
      const middle = x / 2 + next / 2;
      expect(middle === x || middle === next || !Number.isFinite(next)).toBe(true);
    }),
    { seed: 3, numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const next = justAbove(x, true);
      expect(next > x && Math.fround(next) === next).toBe(true);
      const middle = Math.fround((x + next) / 2);
      expect(middle === x || middle === next || !Number.isFinite(next)).toBe(true);
    }),
    { seed: 3, numRuns: 200 },
  );
  expect(justAbove(-0, false)).toBe(Number.MIN_VALUE);
  expect(justAbove(0, true)).toBe(2 ** -149);
  // No number is above it, Infinity neither.
  for (const single of [true, false]) expect(inf >= justAbove(inf, single)).toBe(false);
});

test("quantiles lie between order statistics", () => {
  expect([0, 0.25, 0.5, 0.75, 1].map((level) => sortedQuantile([1, 2, 4], level))).toEqual([1, 1.5, 2, 3, 4]);
  expect(sortedQuantile([7], 0.3)).toBe(7);
  expect(sortedQuantile([], 0.3)).toBeNaN();
});

test("a quantile of numbers in any order is that of them sorted", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ noNaN: true, min: -9, max: 9 }), fc.integer({ min: 0, max: 3 })), {
        maxLength: 80,
      }),
      fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ noNaN: true, min: 0, max: 1 })),
      (list, level) => {
        const wanted = sortedQuantile(Float64Array.from(list).sort(), level);
        const got = quantileIn(Float64Array.from(list), level);
        // The sign of a zero is not told from the other.
        expect(got + 0).toBe(wanted + 0);
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test("categories by SIMD and without", () => {
  const edges = [-inf, -1, 0.7, 2, nan];
  fc.assert(
    fc.property(arrays, ([f, o]) => {
      const [ft, ot] = [Float64Array.from(held(f, edges)), Float64Array.from(held(o, edges))];
      const [simd, scalar] = [new Float64Array(36).fill(3), new Float64Array(36).fill(3)];
      simdCells(tablesModule!, f, o, ft, ot)(f.length >> 2, f.length, simd);
      scalarCells(f, o, ft, ot)(f.length >> 2, f.length, scalar);
      expect(simd).toEqual(scalar);
    }),
    { seed: 13, numRuns: 200 },
  );
  const f = Float32Array.from({ length: 40_001 }, (_, i) => (i * 7) % 5);
  const [simd, scalar] = [new Float64Array(9), new Float64Array(9)];
  const two = Float64Array.of(1, 3);
  simdCells(tablesModule!, f, f, two, two)(0, f.length, simd);
  scalarCells(f, f, two, two)(0, f.length, scalar);
  expect(simd).toEqual(scalar);
});

test("any event nearby, on every window, at borders and around the globe", () => {
  const shape = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant(rows),
        fc.constant(columns),
        fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 6), {
          minLength: rows * columns,
          maxLength: rows * columns,
        }),
      ),
    );
  const reach = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(shape, reach, reach, fc.boolean(), ([rows, columns, list], up, aside, wraps) => {
      const codes = Uint8Array.from(list);
      const near = anyNearby(codes, rows, columns, { up, aside, wraps });
      const table = new Float64Array(8);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          const own = codes[r * columns + c]!;
          let any = own & 4;
          for (let i = Math.max(0, r - up); i <= Math.min(rows - 1, r + up); i++) {
            for (let j = c - aside; j <= c + aside; j++) {
              const column = wraps ? ((j % columns) + columns) % columns : j;
              if (column >= 0 && column < columns) any |= codes[i * columns + column]! & 3;
            }
          }
          expect(near[r * columns + c]).toBe(any);
          if (own >= 4) continue;
          table[(any & 1 ? 0 : 2) + (any & 2 ? 0 : 1)]! += c + 1;
          table[4 + (own & 1 ? 0 : 2) + (any & 2 ? 0 : 1)]! += c + 1;
        }
      }
      const leaves = {
        borders: Uint32Array.from({ length: rows + 1 }, (_, row) => row * columns),
        weights: new Float64Array(rows).fill(1),
        columns: Float64Array.from({ length: columns }, (_, column) => column + 1),
      };
      const { sums } = nearbyCounts(codes, near, leaves, true);
      expect(sums!.map(exactValue)).toEqual([...table]);
      const alike = { ...leaves, columns: undefined };
      const { counts } = nearbyCounts(codes, near, alike, false);
      expect(nearbyCounts(codes, near, alike, true).sums!.map(exactValue)).toEqual([...counts]);
    }),
    { seed: 5, numRuns: 400 },
  );
});

/** Modules give the same bits where arrays lie in their memory as where they are copied in, and touch nothing beside. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorTotal } from "../../../src/kernels/errorTotal.ts";
import { momentTotal } from "../../../src/kernels/scores/momentTotal.ts";
import { markEvents } from "../../../src/kernels/spatial/markEvents.ts";
import { spreadTiles } from "../../../src/kernels/spreadTiles.ts";
import { squaredTotal } from "../../../src/kernels/squaredTotal.ts";
import { categoryCounts } from "../../../src/kernels/tables/categoryCounts.ts";
import { eventCounts } from "../../../src/kernels/tables/eventCounts.ts";
import { valuesModule } from "../../../src/kernels/valuesModule.ts";
import { newArena } from "../../../src/kernels/wasm/arena.ts";
import type { Values } from "../../../src/model/field.ts";
import { decodeValues } from "../../../src/sources/cf/decodeValues.ts";
import { unblosc } from "../../../src/sources/codecs/blosc.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { describeShared } from "../../shared.ts";
import { encodedBuffers } from "../../sources/codecs/buffers.ts";

const guard = 64;
const arena = newArena(64_000_000)!;

/** Runs `work` on copies of the arrays in the arena, with bytes around that must stay. */
const inArena = <R>(arrays: readonly (Values | Uint8Array)[], work: (...copies: never[]) => R): R => {
  const places = arrays.map(({ byteLength }) => arena.take((byteLength + 3 * guard) & ~63, 64_000_000)!);
  const around = places.map((at, i) => {
    const end = at + guard + arrays[i]!.byteLength;
    return [new Uint8Array(arena.buffer, at, guard), new Uint8Array(arena.buffer, end, guard)].map((bytes) =>
      bytes.fill(0xa5),
    );
  });
  const copies = arrays.map((array, i) => {
    const Type = array.constructor as Float32ArrayConstructor;
    const copy = new Type(arena.buffer, places[i]! + guard, array.length);
    copy.set(array);
    return copy;
  });
  const result = work(...(copies as never[]));
  expect(around.flat().every((bytes) => bytes.every((byte) => byte === 0xa5))).toBe(true);
  for (const at of places) arena.give(at);
  return result;
};

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 180, max: 330, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(Number.NaN, 0, -0, 5e-324, 3e38, -9999) },
);
const typed = (size: number) =>
  fc
    .tuple(fc.boolean(), fc.array(value, { minLength: size, maxLength: size }))
    .map(([single, list]): Values => (single ? Float32Array.from(list) : Float64Array.from(list)));
const sides = fc.integer({ min: 1, max: 60 }).chain((size) => fc.tuple(typed(size), typed(size)));

describe("in an arena", () => {
  test("totals over leaves, both sides there or one", () => {
    fc.assert(
      fc.property(sides, fc.integer({ min: 1, max: 7 }), ([f, o], leaves) => {
        const length = Math.floor(f.length / leaves);
        const on = {
          borders: Uint32Array.from({ length: leaves + 1 }, (_, i) => i * length),
          weights: Float64Array.from({ length: leaves }, (_, i) => 1 / (i + 1)),
          columns: undefined,
        };
        for (const total of [squaredTotal, errorTotal]) {
          const wanted = total(f, o, on);
          expect(inArena([f, o], (a: Values, b: Values) => total(a, b, on))).toStrictEqual(wanted);
          expect(inArena([o], (b: Values) => total(f, b, on))).toStrictEqual(wanted);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("counts of events and categories, marks, and several sums of the same arrays", () => {
    fc.assert(
      fc.property(sides, fc.boolean(), ([f, o], weighed) => {
        const on = {
          borders: Uint32Array.from([0, f.length >> 1, f.length]),
          weights: Float64Array.of(0.5, 1),
          columns: undefined,
        };
        const count = (a: Values, b: Values) => eventCounts(a, b, [250, 300], [0, 280], on, weighed);
        const moments = (a: Values, b: Values) => momentTotal(a, b, on);
        const edges = [-Infinity, 200, 280, Infinity].map(Math.fround);
        const categories = (a: Values, b: Values) => categoryCounts(a, b, edges, edges, on, weighed);
        const marks = (a: Values, b: Values) => {
          const codes = new Uint8Array(a.length);
          markEvents(codes, a, ">", 280, 1, 4);
          markEvents(codes, a, "<=", b, 2, 4);
          return codes;
        };
        const works: readonly ((a: Values, b: Values) => unknown)[] = [count, moments, categories, marks];
        for (const work of works) {
          expect(inArena([f, o], work)).toStrictEqual(work(f, o));
          expect(inArena([f], (a: Values) => work(a, o))).toStrictEqual(work(f, o));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("rows put onto a grid", () => {
    const lines = fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.constantFrom(0, 0.25, 2 / 3)), { maxLength: 9 });
    const stencil = (list: readonly (readonly [number, number, number])[]) => ({
      first: Int32Array.from(list, ([first]) => first),
      second: Int32Array.from(list, ([first, second, weight]) => (weight === 0 ? first : second)),
      weight: Float64Array.from(list, ([, , weight]) => weight),
    });
    fc.assert(
      fc.property(typed(25), lines, lines, (values, down, across) => {
        const [rows, columns] = [stencil(down), stencil(across)];
        const put = (from: Values) =>
          spreadTiles(valuesModule!, from, 5, rows, columns, new Float64Array(down.length * across.length));
        expect(inArena([values], put)).toStrictEqual(put(values));
      }),
      { numRuns: 200 },
    );
  });

  test("stored numbers become values where they lie, at any length", () => {
    const identity = { multiply: 1, divide: 1, add: 0 };
    const stored = { markers: [], low: -Infinity, high: Infinity, scale: 1, offset: 0, conversion: identity };
    const ways = [
      { ...stored, plain: true },
      { ...stored, markers: [-9999], high: 320, plain: true },
      { ...stored, markers: [-9999], scale: 2, offset: 1, plain: false },
    ];
    fc.assert(
      fc.property(sides, fc.nat(2), ([f], way) => {
        const how = ways[way]!;
        const values = how.plain ? f : Float64Array.from(f);
        const copy = values.slice();
        const wanted = decodeValues(copy, how);
        const found = inArena([values], (there: Values) => [decodeValues(there, how), there.slice()]);
        expect(found).toStrictEqual([wanted, copy]);
      }),
      { numRuns: 300 },
    );
  });
});

describeShared("blosc in an arena", () => {
  const all = encodedBuffers().filter(({ config }) => config.id === "blosc");

  test("frames of all kinds, from there, to there and both", () => {
    for (const { id, encoded, raw } of all) {
      for (const [from, to] of [
        [true, true],
        [true, false],
        [false, true],
      ]) {
        const decode = (source: Uint8Array, room: Uint8Array) => {
          let taken = 0;
          const take = (bytes: number) => (taken++ === 0 ? room : new Uint8Array(bytes));
          return Buffer.from(unblosc(source, exactly(raw.length), { take, give() {} }));
        };
        const empty = new Uint8Array(raw.length);
        const got =
          from && to
            ? inArena([encoded, empty], decode)
            : from
              ? inArena([encoded], (source: Uint8Array) => decode(source, empty))
              : inArena([empty], (room: Uint8Array) => decode(encoded, room));
        expect(got.equals(raw), id).toBe(true);
      }
    }
    expect(all.length).toBeGreaterThan(100);
  });
});

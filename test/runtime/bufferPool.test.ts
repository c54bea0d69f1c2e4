import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pooledSize } from "../../src/kernels/pooledSize.ts";
import { bufferPool } from "../../src/runtime/bufferPool.ts";

const KB = 1024;

describe("bufferPool", () => {
  test("what is given back serves the next ask of about its size", () => {
    const pool = bufferPool(1e6, () => {});
    const first = pool.take(100 * KB);
    const { buffer, byteOffset } = first;
    expect([first.length, pool.resident, pool.free]).toEqual([100 * KB, pooledSize(100 * KB), 0]);
    pool.give(first);
    expect(pool.free).toBe(pool.resident);
    const again = pool.take(97 * KB);
    expect([again.length, again.buffer, again.byteOffset]).toEqual([97 * KB, buffer, byteOffset]);
    pool.give(again.subarray(5, 10)); // any view of it
    expect(pool.free).toBe(pool.resident);
    const small = pool.take(50 * KB); // would waste half of it
    expect(small.buffer).not.toBe(buffer);
  });

  test("what was given back twice, small arrays and those of others are left alone", () => {
    const pool = bufferPool(1e6, () => {});
    const array = pool.take(40 * KB);
    pool.give(array);
    pool.give(array);
    expect(pool.free).toBe(40 * KB);
    expect(pool.take(40 * KB).buffer).toBe(array.buffer);
    expect(pool.take(40 * KB).buffer).not.toBe(array.buffer);
    const small = pool.take(100);
    pool.give(small);
    pool.give(new Uint8Array(40 * KB));
    expect([pool.resident, pool.free]).toEqual([80 * KB, 0]);
  });

  test("above the limit free buffers of other sizes go, and garbage is collected when that matters", () => {
    let collections = 0;
    const pool = bufferPool(20e6, () => {
      collections += 1;
    });
    const arrays = Array.from({ length: 9 }, () => pool.take(2e6));
    for (const array of arrays) pool.give(array);
    expect(pool.free).toBe(pool.resident);
    pool.give(pool.take(3e6));
    expect([pool.resident <= 20e6, collections]).toEqual([true, 0]); // one of 2 MB: not worth it
    expect(pool.dropped).toBe(pooledSize(2e6));
    pool.take(9e6);
    pool.take(9e6);
    expect([pool.resident <= 20e6, collections, pool.dropped < 8e6]).toEqual([true, 2, true]);
  });

  test("a lower limit lets free buffers go, those in use when they are given back", () => {
    const pool = bufferPool(1e6, () => {});
    const [a, b] = [pool.take(100 * KB), pool.take(100 * KB)];
    const size = pooledSize(100 * KB);
    pool.give(a);
    pool.resize(size / 2);
    expect([pool.resident, pool.free, pool.dropped]).toEqual([size, 0, size]);
    pool.give(b);
    expect([pool.resident, pool.free, pool.dropped]).toEqual([0, 0, 2 * size]);
    pool.resize(1e6);
    pool.give(pool.take(100 * KB));
    pool.trim();
    expect([pool.resident, pool.dropped]).toEqual([0, 0]);
  });

  test("a workspace gives back all that was taken of it, once", () => {
    const pool = bufferPool(1e7, () => {});
    const memory = pool.workspace();
    const [f, d, tiny] = [memory.float32(20_000), memory.float64(20_000), memory.float64(2)];
    expect([f.length, d.length, tiny.length, pool.free]).toEqual([20_000, 20_000, 2, 0]);
    expect(d.byteOffset % 8).toBe(0);
    memory.free();
    expect(pool.free).toBe(pool.resident);
    const other = pool.take(80_000);
    memory.free(); // what is another's by now stays
    expect(pool.free).toBe(pool.resident - pooledSize(80_000));
    expect(other.buffer).toBe(f.buffer);
  });

  test("small arrays of a unit lie in the arena where there is one, and are given back with the others", () => {
    const pool = bufferPool(1e9, () => {}, 1e8);
    const memory = pool.workspace();
    const arrays = [memory.float32(2001), memory.float64(20_000), memory.float32(1999), memory.float64(9)];
    const [small, large, next, tiny] = arrays as [Float32Array, Float64Array, Float32Array, Float64Array];
    expect([small.buffer, next.buffer]).toEqual([large.buffer, large.buffer]);
    expect(tiny.buffer).not.toBe(large.buffer);
    expect(arrays.slice(0, 3).map(({ byteOffset }) => byteOffset % 64)).toEqual([0, 0, 0]);
    for (const [i, array] of arrays.entries()) array.fill(i);
    expect(arrays.map((array, i) => [...array].every((value) => value === i))).toEqual(
      arrays.map(() => true),
    );
    expect([pool.resident, pool.free]).toEqual([8064 + pooledSize(160_000) + 8000, 0]);
    memory.free();
    expect(pool.free).toBe(pool.resident);
    const without = bufferPool(1e9, () => {});
    without.workspace().float32(2001);
    expect(without.resident).toBe(0);
  });

  test("with much memory buffers are cut from slabs, which go when none of theirs is in use", () => {
    const pool = bufferPool(1e9, () => {});
    const [a, b] = [pool.take(4e6), pool.take(4e6)];
    expect(a.buffer).toBe(b.buffer);
    expect(pool.resident).toBeGreaterThan(32 * KB * KB);
    pool.give(a.subarray(100)); // a view finds its place
    expect(pool.take(4e6).byteOffset).toBe(a.byteOffset);
    pool.give(a);
    pool.resize(0);
    expect(pool.resident).toBeGreaterThan(0);
    pool.give(b);
    expect([pool.resident, pool.free]).toEqual([0, 0]);
  });

  test("with an arena buffers lie in one memory, lowest first; cut, it goes with the last of them", () => {
    let collections = 0;
    const pool = bufferPool(400e6, () => void collections++, 512e6);
    const [a, b] = [pool.take(4e6), pool.take(4e6)];
    expect(a.buffer).toBe(b.buffer);
    expect([pool.resident, pool.free]).toEqual([2 * pooledSize(4e6), 0]);
    pool.give(a.subarray(100));
    const again = pool.take(3e6);
    expect([again.buffer, again.byteOffset]).toEqual([a.buffer, a.byteOffset]);
    const large = pool.take(210e6); // half of the limit is the arena's
    expect(large.buffer).not.toBe(a.buffer);
    pool.give(large);
    pool.resize(50e6);
    expect(pool.take(4e6).buffer).not.toBe(a.buffer);
    const before = collections;
    pool.give(again);
    expect(pool.resident).toBeGreaterThan(2 * 4e6);
    pool.give(b);
    expect(pool.resident).toBe(pooledSize(4e6));
    expect(collections).toBeGreaterThan(before);
  });

  test("an arena of which little is in use is left when memory is asked for", () => {
    const pool = bufferPool(400e6, () => {}, 512e6);
    const arrays = Array.from({ length: 8 }, () => pool.take(4e6));
    for (const array of arrays.slice(1)) pool.give(array);
    pool.trim();
    const other = pool.take(4e6);
    expect(other.buffer).not.toBe(arrays[0]!.buffer);
    pool.give(arrays[0]!);
    expect(pool.resident).toBe(pooledSize(4e6));
    pool.give(other);
    expect(pool.free).toBe(pool.resident);
    pool.trim();
    expect(pool.resident).toBe(0);
  });

  test("arenas that were left and are still in use take of the share of the next one", () => {
    const pool = bufferPool(400e6, () => {}, 512e6);
    const arrays = Array.from({ length: 40 }, () => pool.take(4e6));
    for (const array of arrays.slice(0, -1)) pool.give(array);
    pool.trim();
    const more = Array.from({ length: 12 }, () => pool.take(4e6));
    const inArena = more.filter(({ buffer }) => buffer === more[0]!.buffer);
    expect(inArena.length).toBe(Math.floor((200e6 - 40 * pooledSize(4e6)) / pooledSize(4e6)));
  });

  test.each([1e6, 1e9])("buffers in use never share memory, and the books are right (limit %d)", (limit) => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 1, max: 300 * KB }) }),
      fc.record({ give: fc.nat(99) }),
      fc.record({ resize: fc.integer({ min: 0, max: limit }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const pool = bufferPool(limit, () => {});
        const out: { array: Uint8Array; mark: number }[] = [];
        let marks = 0;
        for (const one of steps) {
          if ("take" in one) {
            const mark = ++marks % 256;
            const array = pool.take(one.take);
            expect([array.length, array.byteOffset % 8]).toEqual([one.take, 0]);
            array.fill(mark);
            out.push({ array, mark });
          } else if ("give" in one) {
            const [gone] = out.splice(one.give % (out.length || 1), 1);
            if (gone !== undefined) pool.give(gone.array);
          } else pool.resize(one.resize);
          const used = out.reduce((sum, { array }) => sum + (array.length < 32 * KB ? 0 : array.length), 0);
          expect(pool.resident - pool.free).toBeGreaterThanOrEqual(used);
          expect(pool.resident - pool.free).toBeLessThanOrEqual(used / 0.74);
          expect(pool.free).toBeGreaterThanOrEqual(0);
        }
        for (const { array, mark } of out) expect(array[0] === mark && array.at(-1) === mark).toBe(true);
        for (const { array } of out) pool.give(array);
        expect(pool.free).toBe(pool.resident);
        pool.trim();
        expect([pool.resident, pool.free]).toEqual([0, 0]);
      }),
      { numRuns: limit > 1e8 ? 40 : 200, seed: 9 },
    );
  });
});

/** Blocks of an arena: in use they never meet, the lowest room is taken first, and what is given back serves again. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryOfArena, newArena, scratchIn, shareArena } from "../../../src/kernels/wasm/arena.ts";

const step = fc.oneof(
  fc.record({ take: fc.integer({ min: 1, max: 40 }).map((n) => n * 4096) }),
  fc.record({ give: fc.nat(99), within: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
);

describe("arena", () => {
  test("blocks in use never meet, lie below the limit, and the books are right", () => {
    const most = 1_000_000;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const arena = newArena(2_000_000)!;
        const blocks: { at: number; bytes: number }[] = [];
        const first = arena.take(4096, most)!;
        expect(arena.give(first)).toBe(4096);
        for (const one of steps) {
          if ("take" in one) {
            const at = arena.take(one.take, most);
            const ends = [first, ...blocks.map(({ at, bytes }) => at + bytes)].filter(
              (end) =>
                end + one.take <= first + most &&
                blocks.every(({ at, bytes }) => end + one.take <= at || at + bytes <= end),
            );
            expect(at).toBe(ends.length === 0 ? undefined : Math.min(...ends));
            if (at === undefined) refused += 1;
            else blocks.push({ at, bytes: one.take });
          } else {
            const [gone] = blocks.splice(one.give % (blocks.length || 1), 1);
            if (gone !== undefined)
              expect(arena.give(gone.at + Math.floor(gone.bytes * one.within))).toBe(gone.bytes);
          }
          expect(arena.used).toBe(blocks.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(arena.touched).toBeGreaterThanOrEqual(
            Math.max(0, ...blocks.map(({ at, bytes }) => at + bytes - first)),
          );
        }
      }),
      { numRuns: 100, seed: 3 },
    );
    expect(refused).toBeGreaterThan(10);
  });

  test("what lies in no block gives nothing back", () => {
    const arena = newArena(100_000)!;
    const at = arena.take(4096, 100_000)!;
    expect([arena.give(at - 1), arena.give(at + 4096), arena.used]).toEqual([0, 0, 4096]);
    expect([arena.give(at), arena.give(at)]).toEqual([4096, 0]);
  });

  test("each module has scratch of its own there, and other memory is no arena", () => {
    const { buffer } = newArena(100_000)!;
    const places = Array.from({ length: 9 }, () => scratchIn(buffer, 1000)?.at);
    expect(new Set(places).size).toBe(9);
    expect(places[8]).toBeUndefined();
    // Another thread has the other half: it knows nothing of this one.
    const [own, shared] = [
      Math.max(...places.slice(0, 8).map(Number)),
      structuredClone(memoryOfArena(buffer))!,
    ];
    shareArena(shared);
    const others = Array.from({ length: 9 }, () => scratchIn(shared.buffer, 1000)?.at);
    expect(new Set(others).size).toBe(9);
    expect(Math.min(...others.slice(0, 8).map(Number))).toBeGreaterThan(own);
    expect(scratchIn(new ArrayBuffer(8), 1000)).toBeUndefined();
  });
});

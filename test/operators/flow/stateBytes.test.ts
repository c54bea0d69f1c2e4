import { expect, test } from "vitest";
import { stateBytes } from "../../../src/operators/flow/stateBytes.ts";

test("plain values", () => {
  expect([stateBytes(1), stateBytes(null), stateBytes(undefined), stateBytes("ab")]).toEqual([8, 8, 8, 28]);
  expect(stateBytes(new Float64Array(10))).toBe(96 + 80);
  expect(stateBytes({ a: 1, b: new Float32Array(4) })).toBe(32 + 16 + 8 + 112);
  expect([stateBytes([]), stateBytes(new Map()), stateBytes(new Set())]).toEqual([32, 64, 64]);
});

test("grows in proportion to what is in a list, map or set, and looks at a few only", () => {
  const counts = [100, 1000, 10_000];
  const lists = counts.map((n) => stateBytes(Array.from({ length: n }, (_, i) => i)));
  const maps = counts.map((n) =>
    stateBytes(new Map(Array.from({ length: n }, (_, i) => [i, new Float64Array(2)]))),
  );
  const sets = counts.map((n) =>
    stateBytes(new Set(Array.from({ length: n }, (_, i) => `key ${i % 10}`.repeat(n)))),
  );
  expect(lists).toEqual(counts.map((n) => 32 + 8 * n));
  expect(maps).toEqual(counts.map((n) => 64 + n * (40 + 32 + 8 + 112)));
  expect(sets[0]).toBeGreaterThan(64);
  let looked = 0;
  const long = {
    get big() {
      looked += 1;
      return 1;
    },
  };
  stateBytes(Array.from({ length: 5000 }, () => long));
  expect(looked).toBe(16);
});

test("looks from the first to the last, at any depth, and at all of a short list", () => {
  const leaves = (tiny: number) => Array.from({ length: 200 }, (_, i) => new Uint8Array(i < tiny ? 1 : 1000));
  const close = (bytes: number) => [bytes / 1.3, bytes * 1.3] as const;
  for (const state of [leaves(10), new Map(leaves(10).entries()), { runs: [[leaves(10), leaves(0)]] }]) {
    const held = ("runs" in state ? 390 : 190) * 1000;
    const [least, most] = close(held + 100 * 200);
    expect(stateBytes(state)).toBeGreaterThan(least);
    expect(stateBytes(state)).toBeLessThan(most);
  }
  expect(stateBytes([[[[1, 2, 3, 4, new Float64Array(1000)]]]])).toBeGreaterThan(8000);
});

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

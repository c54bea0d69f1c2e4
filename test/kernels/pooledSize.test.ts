import fc from "fast-check";
import { expect, test } from "vitest";
import { leastPooled, pooledSize } from "../../src/kernels/pooledSize.ts";

test("small arrays have their own size; from 32 KiB on there are eight sizes a doubling", () => {
  expect([0, 1, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537].map(pooledSize)).toEqual([
    0, 1, 32_767, 32_768, 36_864, 65_536, 65_536, 73_728,
  ]);
  const sizes = new Set(Array.from({ length: 32_768 }, (_, i) => pooledSize(32_769 + i)));
  expect(sizes.size).toBe(8);
});

test("is enough, wastes at most an eighth, grows with the bytes, is its own size, keeps eight bytes aligned", () => {
  const bytes = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const size = pooledSize(a);
      expect(size).toBeGreaterThanOrEqual(a);
      expect(size).toBeLessThanOrEqual(a + a / 8);
      expect(pooledSize(size)).toBe(size);
      if (a >= leastPooled) expect(size % 4096).toBe(0);
      expect(pooledSize(Math.max(a, b))).toBeGreaterThanOrEqual(pooledSize(Math.min(a, b)));
    }),
    { numRuns: 2000, seed: 1 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { hash32 } from "../../src/kernels/hash32.ts";

test("is a whole number of 32 bits, the same for the same text", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const hash = hash32(text);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
      expect(hash32(`${text}`)).toBe(hash);
    }),
  );
});

test("texts that differ a little have hashes that do not meet, and fill a table evenly", () => {
  const names = Array.from({ length: 50_000 }, (_, i) => `store/array/${Math.floor(i / 250)}.${i % 250}.0`);
  const hashes = names.map(hash32);
  expect(new Set(hashes).size).toBeGreaterThan(names.length - 5); // 0.3 expected to meet
  const slots = new Uint32Array(256);
  for (const hash of hashes) slots[hash & 255]! += 1;
  // 195 each: a deviation of six sigma is 84.
  expect(Math.max(...slots) - Math.min(...slots)).toBeLessThan(168);
  const high = new Uint32Array(256);
  for (const hash of hashes) high[hash >>> 24]! += 1;
  expect(Math.max(...high) - Math.min(...high)).toBeLessThan(168);
});

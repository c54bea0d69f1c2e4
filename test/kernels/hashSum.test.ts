import fc from "fast-check";
import { expect, test } from "vitest";
import { hashOfHex, hexOf } from "../../src/kernels/hash.ts";
import { addHash, emptySum } from "../../src/kernels/hashSum.ts";

test("adds modulo 2^64, as big integers do", () => {
  const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(fc.array(hash), (all) => {
      const text = (value: bigint) => value.toString(16).padStart(16, "0");
      const sum = all.reduce((total, one) => addHash(total, hashOfHex(text(one))), emptySum);
      expect(hexOf(sum)).toBe(text(all.reduce((total, one) => (total + one) % 2n ** 64n, 0n)));
    }),
  );
});

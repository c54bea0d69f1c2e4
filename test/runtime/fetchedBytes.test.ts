import fc from "fast-check";
import { expect, test } from "vitest";
import { FetchedBytes } from "../../src/runtime/fetchedBytes.ts";

test("nothing read: not known", () => {
  const fetched = new FetchedBytes();
  expect([fetched.bytes, fetched.amplification]).toEqual([0, null]);
});

test("bytes read / bytes of each chunk once, for any hashes", () => {
  // Few slots, so that many meet; the largest hash there is; many, so that the table grows.
  const hash = fc.oneof(
    fc.nat(2000),
    fc.nat(30).map((i) => i * 4096),
    fc.constantFrom(0, 2 ** 32 - 1, 2 ** 31),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hash, fc.nat(1000)), { minLength: 1, maxLength: 3000, size: "max" }),
      (reads) => {
        const fetched = new FetchedBytes();
        const once = new Map<number, number>();
        let all = 0;
        for (const [one, bytes] of reads) {
          fetched.add(one, bytes);
          all += bytes;
          if (!once.has(one)) once.set(one, bytes);
        }
        const needed = [...once.values()].reduce((sum, bytes) => sum + bytes, 0);
        expect(fetched.bytes).toBe(all);
        expect(fetched.amplification).toBe(needed === 0 ? null : all / needed);
      },
    ),
    { numRuns: 60, seed: 2 },
  );
});

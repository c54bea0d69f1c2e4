import { expect, test } from "vitest";
import { hashOf, hashOfHex, hashText, hexOf } from "../../src/kernels/hash.ts";

test("is FNV-1a of 64 bits", () => {
  expect(["", "a", "foobar"].map(hashText)).toEqual([
    "cbf29ce484222325",
    "af63dc4c8601ec8c",
    "85944171f73967e8",
  ]);
  expect(hashOf("a")).toEqual([0xaf63dc4c, 0x8601ec8c]);
});

test("a hash is its 16 digits", () => {
  const hashes = [
    [0, 0],
    [1, 0x10000],
    [0xffffffff, 0x80000000],
  ] as const;
  expect(hashes.map(hexOf)).toEqual(["0000000000000000", "0000000100010000", "ffffffff80000000"]);
  expect(hashes.map(hexOf).map(hashOfHex)).toEqual(hashes);
});

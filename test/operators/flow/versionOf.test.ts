import { expect, test } from "vitest";
import { lacks, versionOf } from "../../../src/operators/flow/versionOf.ts";

const map = (...entries: [string, string][]) => new Map(entries);

test("one text for the versions of some chunks, whatever their order", () => {
  const both = versionOf(map(["a", "1"], ["b", "2"]));
  expect(both).toMatch(/^[0-9a-f]{16}$/);
  expect(versionOf(map(["b", "2"], ["a", "1"]))).toBe(both);
  expect(versionOf(map(["a", "2"], ["b", "1"]))).not.toBe(both);
  expect(versionOf(map(["a", "1"]))).not.toBe(both);
  expect(versionOf(map())).toBe("0000000000000000");
});

test("whether any chunk was not there", () => {
  expect(lacks(map(["a", "1"], ["b", "absent"]))).toBe(true);
  expect(lacks(map(["a", "1"]))).toBe(false);
});

import { expect, test } from "vitest";
import { versionOf } from "../../src/kernels/versionOf.ts";

test("one text for the versions of some chunks, whatever their order", () => {
  const versions = new Map([
    ["a/t/0.0", '"one"'],
    ["a/t/0.1", "absent"],
    ["a/u/0.0", "120:1700000000000.25"],
  ]);
  const text = versionOf(versions);
  expect(text).toMatch(/^[0-9a-f]{16}$/);
  expect(versionOf([...versions].reverse())).toBe(text);
  expect(versionOf([...versions].slice(1))).not.toBe(text);
  expect(versionOf(new Map([...versions, ["a/t/0.0", '"two"']]))).not.toBe(text);
  expect(versionOf([])).toBe("0000000000000000");
});

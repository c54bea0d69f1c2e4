import { expect, test } from "vitest";
import { versionOf } from "../../src/kernels/versionOf.ts";
import { versionOf as ofReading } from "../../src/operators/flow/versionOf.ts";

test("the version of what was looked at is that of what was read", () => {
  const versions = new Map([
    ["a/t/0.0", '"one"'],
    ["a/t/0.1", "absent"],
    ["a/u/0.0", "120:1700000000000.25"],
  ]);
  expect(versionOf(versions)).toBe(ofReading(versions));
  expect(versionOf([...versions].reverse())).toBe(ofReading(versions));
  expect(versionOf([...versions].slice(1))).not.toBe(ofReading(versions));
});

import { expect, test } from "vitest";
import { SlowChunks, type TimedChunk } from "../../../src/runtime/stages/slowChunks.ts";

const chunk = (ms: number, more: Partial<TimedChunk> = {}): TimedChunk => ({
  stage: "waitStore",
  source: "ERA5",
  case: 3,
  key: "t2m/0.1",
  host: "example.org",
  ms,
  bytes: 1000,
  attempts: 1,
  ...more,
});

const known = (ms: number, count: number) => {
  const slow = new SlowChunks();
  for (let i = 0; i < count; i++) expect(slow.seen(chunk(ms), 0)).toBe(undefined);
  return slow;
};

test("a chunk above 8 times the median of its source and stage is slow", () => {
  const slow = known(50, 20);
  expect(slow.seen(chunk(400), 1)).toBe(undefined);
  expect(slow.seen(chunk(401), 7)).toEqual({ event: "slow", t: 7, ...chunk(401), median_ms: 50 });
  expect(slow.seen(chunk(401, { source: "IFS" }), 8)).toBe(undefined);
  expect(slow.seen(chunk(401, { stage: "decode" }), 8)).toBe(undefined);
});

test("below 100 ms, or before 8 are known, nothing is slow", () => {
  expect(known(1, 20).seen(chunk(99), 0)).toBe(undefined);
  expect(known(1, 20).seen(chunk(100), 0)).toBeDefined();
  expect(known(1, 7).seen(chunk(5000), 0)).toBe(undefined);
  expect(known(1, 8).seen(chunk(5000), 0)).toBeDefined();
});

test("the median is of the latest 64: a source that became slow is not told for ever", () => {
  const slow = known(20, 1000);
  const told = Array.from({ length: 64 }, () => slow.seen(chunk(1000), 0)).filter((event) => event);
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(33);
  expect(slow.seen(chunk(1000), 0)).toBe(undefined);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Failure } from "../../../src/model/row.ts";
import { type Looked, pauseByRhythm } from "../../../src/runtime/watch/rhythm.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-rhythm-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const first = Date.UTC(2024, 0, 1);
const calm = { times: 0, wait: 0 };
const looked = (newest: Readonly<Record<string, number>>, more: Partial<Looked> = {}): Looked => ({
  newest: new Map(Object.entries(newest)),
  failures: [],
  slowed: calm,
  requests: 10,
  ...more,
});

test("the pause follows when inits arrive, also after a restart; what was there at the start teaches nothing", () => {
  const file = join(root, "rhythm.json");
  let now = first + 30 * day;
  const effects = { now: () => now, random: () => 1 };
  const pause = pauseByRhythm(file, effects);
  const unknown = pause(looked({ slow: first, quick: first }));
  // One arrives six hours after it began, the other one after three.
  for (let n = 31; n < 40; n++) {
    now = first + n * day + 3 * hour;
    pause(looked({ slow: first + (n - 1) * day, quick: first + n * day }));
    now = first + n * day + 6 * hour;
    pause(looked({ slow: first + n * day, quick: first + n * day }));
  }
  for (const asked of [pause, pauseByRhythm(file, effects)]) {
    const before = looked({ slow: first + 39 * day, quick: first + 39 * day });
    for (const due of [3, 6]) {
      now = first + 40 * day + due * hour - hour;
      expect(asked(before)).toBe(15 * minute); // nothing is due: the longest
      now = first + 40 * day + due * hour;
      expect(asked(before)).toBeLessThan(unknown / 4); // it is due
      // Once it is there the other one is waited for.
      const after = looked({ slow: first + 39 * day, quick: first + 40 * day });
      expect(asked(after)).toBe(due === 3 ? 15 * minute : 15 * second);
    }
  }
  writeFileSync(file, "[[0,");
  expect(pauseByRhythm(file, effects)(looked({}))).toBe(unknown);
});

test("a forecast that failed for a while has not arrived when it is back", () => {
  const file = join(root, "back.json");
  let now = first;
  const pause = pauseByRhythm(file, { now: () => now, random: () => 1 });
  pause(looked({ one: first - day, other: first - day }));
  now = first + 3 * hour;
  pause(looked({ other: first }));
  pause(looked({ one: first, other: first }));
  const learned = readFileSync(file, "utf8");
  now = first + 9 * hour;
  pause(looked({ other: first }));
  pause(looked({ one: first, other: first }));
  expect(readFileSync(file, "utf8")).toBe(learned);
});

test("what failed is tried again soon, then later and later, but never later than it would have been", () => {
  const effects = { now: () => first, random: () => 1 };
  const failures = [{} as Failure];
  const pause = pauseByRhythm(join(root, "failed.json"), effects);
  const waits = Array.from({ length: 6 }, () => pause(looked({}, { failures })) / second);
  const usual = pause(looked({})) / second;
  expect(waits).toEqual([10, 20, 40, 80, usual, usual]);
  expect(pause(looked({}, { failures }))).toBe(10 * second);
});

test("a host that asks for less is asked less, whatever was asked for here, and whatever failed", () => {
  const effects = { now: () => first, random: () => 1 };
  const pause = pauseByRhythm(join(root, "slowed.json"), effects, 2 * second);
  expect(pause(looked({}))).toBe(2 * second);
  const failures = [{} as Failure];
  const stormy = { failures, slowed: { times: 3, wait: 50 * second } };
  expect(pause(looked({}, stormy))).toBe(50 * second);
  expect(pause(looked({}, stormy))).toBe(100 * second);
  expect([pause(looked({})), pause(looked({})), pause(looked({}))]).toEqual([
    50 * second,
    25 * second,
    2 * second,
  ]);
});

test("where a look takes many requests there are fewer looks, but for those that were asked for", () => {
  const effects = { now: () => first, random: () => 1 };
  const pause = pauseByRhythm(join(root, "many.json"), effects);
  const usual = pause(looked({}));
  expect(usual).toBeLessThan(2 * minute);
  expect(pause(looked({}, { requests: 10_000 }))).toBe(200 * second);
  expect(pause(looked({}, { requests: 1e6 }))).toBe(15 * minute);
  expect(pauseByRhythm(join(root, "many.json"), effects, minute)(looked({}, { requests: 1e6 }))).toBe(minute);
});

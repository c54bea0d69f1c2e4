import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pauseByRhythm } from "../../../src/runtime/watch/rhythm.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-rhythm-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const first = Date.UTC(2024, 0, 1);

test("the pause follows when inits arrive, also after a restart; what was there at the start teaches nothing", () => {
  const file = join(root, "rhythm.json");
  let now = first + 30 * day;
  const effects = { now: () => now, random: () => 1 };
  const pause = pauseByRhythm(file, effects);
  const unknown = pause(first);
  // Each arrives six hours after it began.
  for (let n = 31; n < 40; n++) {
    now = first + n * day + 6 * hour;
    pause(first + n * day);
  }
  const near = first + 40 * day + 6 * hour;
  for (const asked of [pause, pauseByRhythm(file, effects)]) {
    now = near - 3 * hour;
    expect(asked(first + 39 * day)).toBe(15 * minute); // nothing is due: the longest
    now = near;
    expect(asked(first + 39 * day)).toBeLessThan(unknown / 4); // it is due
  }
  writeFileSync(file, "[[0,");
  expect(pauseByRhythm(file, effects)(undefined)).toBe(unknown);
});

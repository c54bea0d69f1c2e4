import { expect, test } from "vitest";
import type { Pair } from "../../../src/model/pair.ts";
import { once, onceOf } from "../../../src/operators/metrics/once.ts";

const pairOf = (leadHours: number, computed?: Map<unknown, Map<string, unknown>>) =>
  ({ leadHours, ...(computed ? { computed } : {}) }) as unknown as Pair;

test("what has its arguments once for all pairs computes once a pair what others ask for too, and makes its text once", () => {
  let texts = 0;
  const limits = {
    toJSON() {
      texts += 1;
      return [280, 290];
    },
  };
  const seen: number[] = [];
  const compute = (pair: Pair, variable: string, _limits: object) => {
    seen.push(pair.leadHours);
    return [variable, pair.leadHours];
  };
  const one = onceOf(compute, "t", limits);
  const [a, b] = [pairOf(6, new Map()), pairOf(12, new Map())];
  const found = [one(a), one(b), one(a)];
  expect([found, seen, texts]).toEqual([[found[0], ["t", 12], ["t", 6]], [6, 12], 1]);
  expect(found[2]).toBe(found[0]);
  expect(once(compute, a, "t", limits)).toBe(found[0]);
  expect(once(compute, a, "u", limits)).not.toBe(found[0]);
  // A pair that keeps nothing.
  const bare = pairOf(18);
  expect([one(bare), one(bare), seen]).toEqual([
    ["t", 18],
    ["t", 18],
    [6, 12, 6, 18, 18],
  ]);
});

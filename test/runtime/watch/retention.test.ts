import { expect, test } from "vitest";
import { retention } from "../../../src/runtime/watch/retention.ts";

const day = 86_400_000;

const world = ({ keep }: { readonly keep?: number } = { keep: 90 * day }) => {
  const pruned: (number | undefined)[] = [];
  const forgotten: number[] = [];
  const clock = { wall: Date.UTC(2024, 0, 1), passed: 0 };
  const go = (days: number, wall = days) => {
    clock.passed += days * day;
    clock.wall += wall * day;
  };
  const records = {
    prune: async ({ before }: { readonly before?: number }) => {
      pruned.push(before);
      return 3;
    },
    forget: async (days: number) => {
      forgotten.push(days);
      return 2;
    },
  };
  return {
    pruned,
    forgotten,
    clock,
    go,
    prune: retention(records, keep, { now: () => clock.wall, elapsed: () => clock.passed }),
  };
};

test("removes what is older than is to be kept, once a day", async () => {
  const { pruned, clock, go, prune } = world();
  expect(await prune()).toBe(
    "units of 2 cases and sources that are no longer asked for were removed; " +
      "3 versions of rows were removed from the history",
  );
  go(0.4);
  expect(await prune()).toBeUndefined();
  go(0.7);
  await prune();
  expect(pruned).toEqual([Date.UTC(2024, 0, 1) - 90 * day, clock.wall - 90 * day]);
});

test("removes nothing where the clock has jumped forwards", async () => {
  const { pruned, forgotten, go, prune } = world();
  go(2, 3650);
  expect(await prune()).toMatch(/the clock has gone forwards by 3648 days/);
  expect([pruned, forgotten]).toEqual([[], []]);
});

test("history is kept for ever unless it is told; units of what is gone are not", async () => {
  const { pruned, forgotten, prune } = world({});
  expect(await prune()).toMatch(/^units of 2 .* removed$/);
  expect([pruned, forgotten]).toEqual([[], [30]]);
});

import { expect, test } from "vitest";
import { retention } from "../../../src/runtime/watch/retention.ts";

const day = 86_400_000;

const world = () => {
  const pruned: (number | undefined)[] = [];
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
  };
  return {
    pruned,
    clock,
    go,
    prune: retention(records, 90 * day, { now: () => clock.wall, elapsed: () => clock.passed }),
  };
};

test("removes what is older than is to be kept, once a day", async () => {
  const { pruned, clock, go, prune } = world();
  expect(await prune()).toMatch(/^3 versions/);
  go(0.4);
  expect(await prune()).toBeUndefined();
  go(0.7);
  await prune();
  expect(pruned).toEqual([Date.UTC(2024, 0, 1) - 90 * day, clock.wall - 90 * day]);
});

test("removes nothing where the clock has jumped forwards", async () => {
  const { pruned, go, prune } = world();
  go(2, 3650);
  expect(await prune()).toMatch(/the clock has gone forwards by 3648 days/);
  expect(pruned).toEqual([]);
});

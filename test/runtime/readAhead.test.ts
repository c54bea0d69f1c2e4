import { NEVER } from "rxjs";
import { expect, test } from "vitest";
import { MemoryBudget } from "../../src/operators/flow/budget.ts";
import { readAhead } from "../../src/runtime/readAhead.ts";

test("a thread that has nothing to do begins more, one for each that is over", () => {
  let now = 0;
  const ahead = readAhead(
    () => 0.2,
    () => now,
  );
  const at = ahead.most;
  for (let i = 0; i < 40; i++) {
    now += 5;
    ahead.over(ahead.most - 1);
  }
  expect(ahead.most).toBe(at + 40);
});

test("a thread that is busy begins no more, and neither does one with less in work than it may have", () => {
  let now = 0;
  const busy = readAhead(
    () => 0.99,
    () => now,
  );
  const few = readAhead(
    () => 0,
    () => now,
  );
  const at = busy.most;
  for (let i = 0; i < 40; i++) {
    now += 25;
    busy.over(busy.most - 1);
    few.over(few.most - 3);
  }
  expect([busy.most, few.most]).toEqual([at, at]);
});

test("beyond eight, what is ahead fills seven tenths of the limit: the rest is for what comes along", () => {
  const budget = new MemoryBudget(1000, { ahead: { most: 100, over() {} } });
  for (let i = 0; i < 100; i++) budget.use(20, () => NEVER).subscribe();
  expect([budget.admitted, budget.waiting]).toEqual([36, 64]);
  const large = new MemoryBudget(1000, { ahead: { most: 100, over() {} } });
  for (let i = 0; i < 100; i++) large.use(110, () => NEVER).subscribe();
  expect([large.admitted, large.waiting]).toEqual([8, 92]);
});

test("a budget admits no more than may be ahead, however much fits, and says nothing of waiting for memory", () => {
  let waits = 0;
  const ends: (() => void)[] = [];
  const ahead = { most: 2, over() {} };
  const budget = new MemoryBudget(1000, {
    ahead,
    onWaits: () => {
      waits += 1;
      return () => {};
    },
  });
  for (let i = 0; i < 5; i++) {
    budget.use(1, () => new Promise<void>((resolve) => ends.push(resolve))).subscribe();
  }
  expect([budget.admitted, budget.waiting, waits]).toEqual([2, 3, 0]);
});

import { NEVER, type Subscription } from "rxjs";
import { expect, test } from "vitest";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";
import { Loads } from "../../../src/operators/flow/loads.ts";
import type { Unit } from "../../../src/operators/flow/scoring.ts";

const site = {} as Unit["site"];

const unit = (bytes: number, leadHours = 0): Unit =>
  ({
    site,
    ref: {
      set: { event: { id: 7 }, forecast: { name: "f" } },
      initTime: Date.UTC(2021, 5, 20),
      leadHours,
    },
    part: { cost: { bytes, chunks: [] } },
  }) as unknown as Unit;

/** A budget of which something else holds all until `free` is called. */
const full = (limit: number) => {
  const budget = new MemoryBudget(limit);
  const held = budget.use(limit, () => NEVER).subscribe();
  const loads = new Loads(budget);
  const asks: Subscription[] = [];
  const begun: number[] = [];
  const come = (one: Unit) => {
    for (const { cost, asker, units } of loads.of([one])) {
      const work = () => {
        begun.push(units.length);
        return NEVER;
      };
      asks.push(budget.use(cost, work, asker).subscribe());
    }
  };
  const free = () => held.unsubscribe();
  return { budget, come, begun, free };
};

test("units that wait ask together, four at most; none joins one that has begun", async () => {
  const { budget, come, begun, free } = full(1e6);
  for (let i = 0; i < 11; i++) come(unit(100));
  expect(budget.waiting).toBe(11);
  free();
  await Promise.resolve();
  expect([begun, budget.waiting, budget.admitted]).toEqual([[4, 4, 3], 0, 3]);
  come(unit(100));
  expect(begun).toEqual([4, 4, 3, 1]);
});

test("a large unit asks alone, and small ones as long as they are a small share", async () => {
  const { come, begun, free } = full(320_000);
  for (const bytes of [4000, 4000, 4000, 9000, 100, 12_000]) come(unit(bytes));
  free();
  await Promise.resolve();
  expect(begun).toEqual([2, 1, 2, 1]);
});

test("units of different sets ask apart: a load is called by one of them", async () => {
  const { come, begun, free } = full(1e6);
  for (const one of [site, site, {}, site]) come({ ...unit(100), site: one as Unit["site"] });
  free();
  await Promise.resolve();
  expect(begun).toEqual([2, 1, 1]);
});

test("what holds bytes is called by its first unit and the number of the others", () => {
  const loads = new Loads(full(1e6).budget);
  const budget = new MemoryBudget(1e6);
  budget.use(1e6, () => NEVER).subscribe();
  const together = new Loads(budget);
  const [alone] = loads.of([unit(1, 6)]);
  const [load] = together.of([unit(1, 12)]);
  budget.use(load!.cost, () => NEVER, load!.asker).subscribe();
  together.of([unit(1, 18), unit(1, 24)]);
  expect([alone!.asker.key, load!.asker.key]).toEqual([
    "init 2021-06-20T00:00Z + 6 h",
    "init 2021-06-20T00:00Z + 12 h and 2 more",
  ]);
});

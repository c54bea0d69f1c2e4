import { MemoryBudget, mergeMapWithin } from "ewb";
import { from, lastValueFrom, mergeMap } from "rxjs";

const units = 200_000;

const time = async (run: () => Promise<unknown>): Promise<number> => {
  const seen: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    await run();
    seen.push(performance.now() - began);
  }
  return seen.sort((a, b) => a - b)[2]!;
};

/** Refs as `pairs` gives them: one by one, held back while many asks wait. */
async function* refs(budget?: MemoryBudget): AsyncGenerator<number> {
  for (let unit = 0; unit < units; unit++) {
    if (budget !== undefined && budget.waiting >= 1000) await budget.room(500);
    yield unit;
  }
}

/** What the ledger costs a unit whose work is one resolved Promise: against `mergeMap` with a fixed concurrency. */
export const emptyUnits = async () => {
  const work = (unit: number) => Promise.resolve(unit);
  const bare = await time(() => lastValueFrom(from(refs()).pipe(mergeMap(work, 64))));
  const within = await time(() => {
    const budget = new MemoryBudget(64);
    const asked = mergeMapWithin(budget, () => 1, work);
    return lastValueFrom(from(refs(budget)).pipe(asked));
  });
  return {
    units,
    bareMicroseconds: (bare * 1000) / units,
    withinMicroseconds: (within * 1000) / units,
    ratio: within / bare,
  };
};

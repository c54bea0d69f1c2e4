import { MemoryBudget, mergeMapWithin } from "ewb";
import { lastValueFrom, mergeMap, range } from "rxjs";

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

/** What the ledger costs a unit whose work is one resolved Promise: against `mergeMap` with a fixed concurrency. */
export const emptyUnits = async () => {
  const work = (unit: number) => Promise.resolve(unit);
  const bare = await time(() => lastValueFrom(range(0, units).pipe(mergeMap(work, 64))));
  const within = await time(() => {
    const budget = new MemoryBudget(64);
    return lastValueFrom(range(0, units).pipe(mergeMapWithin(budget, () => 1, work)));
  });
  return {
    units,
    bareMicroseconds: (bare * 1000) / units,
    withinMicroseconds: (within * 1000) / units,
    ratio: within / bare,
  };
};

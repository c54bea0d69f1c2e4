import { filter, lastValueFrom, take, tap, toArray } from "rxjs";
import { expect, test } from "vitest";
import { MemoryBudget } from "../../../src/operators/flow/budget.ts";
import { mergeMapWithin } from "../../../src/operators/flow/mergeMapWithin.ts";
import { pairs } from "../../../src/operators/flow/pairs.ts";
import { event, fakeForecast, fakeRun, fakeTarget, hour } from "./fakeRun.ts";

const forecast = fakeForecast("f", 4, 5);
const target = fakeTarget("o");
const options = { forecast: forecast.source, targets: [target.source], variables: ["t" as const] };

test("names come by init, then lead, with the targets that have the valid time, and no values", async () => {
  const run = fakeRun([forecast, target]);
  const refs = await lastValueFrom(pairs(run, event, options).pipe(toArray()));
  expect(refs.length).toBe(20);
  expect(refs.map(({ initTime, leadHours }) => [initTime / hour, leadHours]).slice(0, 6)).toEqual([
    [0, 0],
    [0, 6],
    [0, 12],
    [0, 18],
    [0, 24],
    [6, 0],
  ]);
  expect(refs[0]!.targets).toEqual(["o"]);
  expect(forecast.reads).toEqual([]);
  expect(run.units).toMatchObject({ total: 20, given: 20 });
});

test("start and end of a case are inside it; selections and options prune", async () => {
  const short = { ...event, start: 6 * hour, end: 12 * hour };
  const run = fakeRun([forecast, target], { selection: { leads: { from: 0, to: 6 } } });
  const refs = await lastValueFrom(
    pairs(run, short, { ...options, inits: { from: new Date(0), to: "1970-01-01T06:00" } }).pipe(toArray()),
  );
  expect(refs.map(({ initTime, leadHours }) => [initTime / hour, leadHours])).toEqual([
    [0, 6],
    [6, 0],
    [6, 6],
  ]);
  const limited = fakeRun([forecast, target], { selection: { limit: 3 } });
  expect((await lastValueFrom(pairs(limited, event, options).pipe(toArray()))).length).toBe(3);
  const other = fakeRun([forecast, target], { selection: { forecasts: ["g"] } });
  expect(await lastValueFrom(pairs(other, event, options).pipe(toArray()))).toEqual([]);
});

test("a day that does not exist is refused, never rolled over to the next month", async () => {
  const run = fakeRun([forecast, target]);
  const inits = { from: "2024-02-30", to: "2024-03-02" };
  await expect(lastValueFrom(pairs(run, event, { ...options, inits }))).rejects.toMatchObject({
    tag: "Options",
    message: expect.stringMatching(/2024-02-30 does not exist/),
  });
});

test("what a target lacks is a gap; a target that cannot be opened is a failure, the others go on", async () => {
  const unknown = { ...fakeTarget("lost").source };
  const odd = fakeForecast("odd", 1, 3);
  const run = fakeRun([odd, target]);
  const sparse = {
    ...target,
    open: {
      ...target.open,
      times: {
        kind: "target" as const,
        times: [0],
        slot: (t: number) => (t === 0 ? { time: 0 } : undefined),
      },
    },
  };
  const refs = await lastValueFrom(
    pairs(fakeRun([odd, sparse]), event, { ...options, forecast: odd.source }).pipe(toArray()),
  );
  expect(refs.length).toBe(1);
  const more = await lastValueFrom(
    pairs(run, event, { ...options, forecast: odd.source, targets: [unknown, target.source] }).pipe(
      toArray(),
    ),
  );
  expect(more.length).toBe(3);
  expect(run.failures).toMatchObject([{ case_id: 1, forecast: "odd", target: "lost", stage: "open" }]);
});

test("a million names in flat memory, never more than about a thousand ahead of the budget", async () => {
  const many = fakeForecast("many", 1000, 1000);
  const long = { ...event, end: 1e6 * 6 * hour };
  const run = fakeRun([many, target], { budget: new MemoryBudget(4) });
  let ahead = 0;
  let given = 0;
  let worked = 0;
  const began = process.memoryUsage().heapUsed;
  await lastValueFrom(
    pairs(run, long, { ...options, forecast: many.source }).pipe(
      tap(() => {
        given += 1;
        ahead = Math.max(ahead, given - worked);
      }),
      mergeMapWithin(
        run.budget,
        () => 1,
        () => Promise.resolve(++worked),
      ),
    ),
  );
  expect(given).toBe(1_000_000);
  expect(worked).toBe(1_000_000);
  expect(ahead).toBeLessThan(1100);
  expect(process.memoryUsage().heapUsed - began).toBeLessThan(150e6);
});

test("unsubscribed half way: no more names, nothing admitted", async () => {
  const run = fakeRun([forecast, target], { budget: new MemoryBudget(1) });
  let started = 0;
  const seen = await lastValueFrom(
    pairs(run, event, options).pipe(
      filter(({ leadHours }) => leadHours > 0),
      mergeMapWithin(
        run.budget,
        () => 1,
        (ref) => {
          started += 1;
          return Promise.resolve(ref.leadHours);
        },
      ),
      take(3),
      toArray(),
    ),
  );
  expect(seen).toEqual([6, 12, 18]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(started).toBeLessThanOrEqual(4);
  expect([run.budget.used, run.budget.waiting]).toEqual([0, 0]);
});

test("a run that drains gets no more names, and its set is cut short", async () => {
  const many = fakeForecast("many", 100, 100);
  const run = fakeRun([many, target]);
  const refs = await lastValueFrom(
    pairs(run, { ...event, end: 1e6 * hour }, { ...options, forecast: many.source }).pipe(
      tap((ref) => {
        if (ref.initTime === 5 * 6 * hour) run.draining = true;
      }),
      toArray(),
    ),
  );
  expect(refs.length).toBe(501);
  expect(run.isCutShort(refs[0]!.set)).toBe(true);
});

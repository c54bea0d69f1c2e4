import { expect, test } from "vitest";
import { causeOf, latelyOf, sharesOf, stalledFor, stallText } from "../../../src/runtime/stages/cause.ts";
import { type Told, tickOf, workerOf } from "../tickOf.ts";

/** Half a minute of ticks: `per` of each second goes into each stage. */
const run = (per: Record<string, number>, told: Told = {}, seconds = 30) =>
  Array.from({ length: 2 * seconds + 1 }, (_, i) =>
    tickOf(i / 2, {
      ...told,
      stages: Object.fromEntries(Object.entries(per).map(([stage, ms]) => [stage, (ms * i) / 2])),
    }),
  );

const requests = { in_flight: 12, limit: 12, median_ms: 203.4, throttled: 0 };

test("more than 30 % for the store: requests, and that memory would not help", () => {
  expect(causeOf(run({ waitStore: 310, compute: 690 }, { requests }))).toBe(
    "mostly waiting for the store (31 %): median request 203 ms, 12 of 12 in flight; " +
      "more memory or workers would not help",
  );
  expect(causeOf(run({ waitStore: 290, compute: 710 }, { requests }))).toMatch(/^mostly computing \(71 %\)/);
  expect(causeOf(run({ waitStore: 500, compute: 500 }, { requests: { throttled: 3, in_flight: 2 } }))).toBe(
    'mostly waiting for the store (50 %): no request was answered yet, 2 in flight, 3 "slow down" answers; ' +
      "more memory or workers would not help",
  );
});

test("the store is waited for because memory lets too few requests out: memory would help", () => {
  const memory = { waiting: 40 };
  const text = causeOf(run({ waitStore: 900, idle: 100 }, { memory, requests: { ...requests, limit: 64 } }));
  expect(text).toMatch(
    /12 of 64 in flight; 40 units wait for memory: with more of it more could be asked for at once$/,
  );
  // The store's own limit is reached: memory would not help.
  expect(causeOf(run({ waitStore: 900, idle: 100 }, { memory, requests }))).toMatch(/would not help$/);
  // One wait in half a minute is no sign.
  const once = run({ waitStore: 900, idle: 100 }, { requests: { ...requests, limit: 64 } });
  const waited = once.map((tick, i) =>
    i === 60 ? { ...tick, memory: { ...tick.memory, ...memory } } : tick,
  );
  expect(causeOf(waited)).toMatch(/would not help$/);
});

test("more than 25 % for memory: budget, largest unit, and that memory would help", () => {
  const memory = { budget: 512e6, largest: 130e6 };
  expect(causeOf(run({ waitMemory: 260, compute: 740 }, { memory }))).toBe(
    "mostly waiting for memory (26 %): budget 512 MB, largest unit 130 MB; " +
      "more memory would help; more workers would not",
  );
  expect(causeOf(run({ waitMemory: 240, decode: 760 }, { memory }))).toBe(
    "mostly decoding (76 %): more workers would help where there are cores for them",
  );
});

test("only the last 30 s count, and without measures nothing is said", () => {
  const slow = run({ waitStore: 1000 });
  const end = slow.at(-1)!;
  const after = run({ decode: 1000 }).map((tick) => ({
    ...tick,
    t: tick.t + 30,
    stages: { ...tick.stages, waitStore: end.stages.waitStore },
  }));
  const ticks = [...slow, ...after.slice(1)];
  expect(latelyOf(ticks).map(({ t }) => t)[0]).toBe(30);
  expect(sharesOf(latelyOf(ticks))).toMatchObject({ decode: 1, waitStore: 0 });
  expect(sharesOf(ticks)).toMatchObject({ decode: 0.5, waitStore: 0.5 });
  expect(causeOf(ticks)).toMatch(/^mostly decoding \(100 %\)/);
  expect(causeOf([])).toBe(undefined);
  expect(causeOf(run({}))).toBe(undefined);
  expect(causeOf([tickOf(3, { stages: { write: 100 } })])).toBe("mostly writing (100 %)");
});

test("a stall is 30 s without a unit while there is work, and names the oldest unit and the cause", () => {
  const left = { done: 5, total: 9, failed: 0 };
  const none = { done: 9, total: 9, failed: 0 };
  expect(stalledFor(tickOf(39.5, { units: left }), 10)).toBe(0);
  expect(stalledFor(tickOf(40, { units: left }), 10)).toBe(30);
  expect(stalledFor(tickOf(40, { units: none }), 10)).toBe(0);
  const worker = workerOf({ case: 3, source: "IFS", key: "lead 24 h", begun: 12 });
  expect(stalledFor(tickOf(40, { units: none, workers: [worker] }), 10)).toBe(30);
  const later = workerOf({ id: 1, case: 4, source: "GFS", key: "lead 48 h", begun: 20 });
  const ticks = run({ waitStore: 1000 }, { requests, workers: [workerOf({ id: 2 }), later, worker] }, 50);
  expect(stallText(38.2, ticks)).toBe(
    "no unit has finished for 38 s; the oldest in work is case 3, IFS, lead 24 h, for 38 s; " +
      "mostly waiting for the store (100 %): median request 203 ms, 12 of 12 in flight; " +
      "more memory or workers would not help",
  );
  expect(stallText(31, [tickOf(31)])).toBe("no unit has finished for 31 s; no unit is in work");
});

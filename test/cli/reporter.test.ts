import { expect, test } from "vitest";
import { duration, plainLine, progressLine } from "../../src/cli/progressLine.ts";
import { jsonReporter, textReporter } from "../../src/cli/reporter.ts";
import type { RunEvent } from "../../src/model/event.ts";
import { type Told, tickOf, workerOf } from "../runtime/tickOf.ts";

/** A stream that keeps what is written. */
const stream = (more: { isTTY?: boolean; columns?: number } = {}) => {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, as: { write, ...more } as unknown as NodeJS.WriteStream };
};

const spent = { read: 120, decode: 300, compute: 220, write: 2, waitMemory: 40, waitStore: 318 };
const busy: Told = {
  stages: spent,
  memory: { budget: 512e6, units: 400e6, cache: 40e6, states: 5e6, rss: 600e6 },
  units: { done: 512, total: 1200, failed: 0 },
  eta: { low: 130, high: 245 },
  requests: { total: 900, median_ms: 210, in_flight: 16, limit: 16 },
  read: 24e6,
};

test("the line of a terminal: how far, time left, budget, where the time went; it always fits", () => {
  expect(progressLine([tickOf(20, busy)], 200)).toBe(
    " 42 %  512/1200 units  2 to 4 min left  memory 87 %  " +
      "read 12 decode 30 compute 22 wait memory 4 wait store 32",
  );
  expect(progressLine([tickOf(20, busy)], 79)).toBe(
    " 42 %  2 to 4 min left  memory 87 %  read 12 decode 30 compute 22 wait store 32",
  );
  expect(progressLine([tickOf(20, busy)], 50)).toBe(" 42 %  2 to 4 min left  memory 87 %  wait store 32");
  for (let width = 1; width < 140; width++) {
    expect(progressLine([tickOf(20, busy)], width).length).toBeLessThanOrEqual(width);
  }
});

test("what is not known is left out", () => {
  expect(progressLine([tickOf(0)], 79)).toBe("  0 %  0/100 units  time left: ?");
  expect(plainLine([tickOf(0)], 0)).toBe("0 %  cases 0/0  units 0/100  0 B in 0 reads  0 B/s  time left: ?");
});

test("the line of a log says all of it, and the cause", () => {
  expect(plainLine([tickOf(20, busy)], 1.2e6)).toBe(
    "42 %  cases 0/0  units 512/1200  24 MB in 900 reads  1.2 MB/s  445 MB of 512 MB memory  " +
      "process 600 MB  2 to 4 min left  reading 12 %, decoding 30 %, computing 22 %, " +
      "waiting for memory 4 %, waiting for the store 32 %; mostly waiting for the store (32 %): " +
      "median request 210 ms, 16 of 16 in flight; more memory or workers would not help",
  );
});

test("time left is a range with one unit where both ends have it", () => {
  const lines = [
    [40, 60],
    [80, 100],
    [60, 60.2],
    [4000, 7800],
    [5500, 9000],
  ].map(([low, high]) =>
    progressLine([tickOf(1, { eta: { low: low!, high: high! } })], 200)
      .split("  ")
      .at(-1),
  );
  expect(lines).toEqual([
    "40 to 60 s left",
    "80 s to 2 min left",
    "60 s left",
    "67 min to 2 h 10 min left",
    "1 h 32 min to 2 h 30 min left",
  ]);
  expect([0.2, 89, 90, 89 * 60, 7800].map(duration)).toEqual([
    "1 s",
    "89 s",
    "2 min",
    "89 min",
    "2 h 10 min",
  ]);
});

test("without a terminal a line every 5 s, with the rate since the last", () => {
  const err = stream();
  const reporter = textReporter({ out: stream().as, err: err.as });
  for (let t = 0.5; t <= 12; t += 0.5) reporter.event(tickOf(t, { read: t * 1e6 }));
  expect(err.written).toHaveLength(2);
  expect(err.written[0]).toMatch(/^0 % .* {2}1\.0 MB\/s {2}time left: \?\n$/);
  expect(err.written[1]).toContain("10 MB in 0 reads  1.0 MB/s");
});

test("on a terminal one line is redrawn, and what is said stands above it", () => {
  const err = stream({ isTTY: true, columns: 80 });
  const reporter = textReporter({ out: stream().as, err: err.as });
  reporter.event(tickOf(1, busy));
  reporter.event({ event: "note", message: "hello" });
  const twice = Object.fromEntries(Object.entries(spent).map(([stage, ms]) => [stage, 2 * ms]));
  reporter.event(tickOf(1.5, { ...busy, stages: twice }));
  reporter.end();
  const line = progressLine([tickOf(1, busy)], 79);
  expect(err.written).toEqual([
    `\r\u001b[2K${line}`,
    "\r\u001b[2K",
    "hello\n",
    `\r\u001b[2K${line}`,
    "\r\u001b[2K",
  ]);
});

test("a stall is said once a minute, with its cause, and again after another", () => {
  const err = stream({ isTTY: true, columns: 80 });
  const reporter = textReporter({ out: stream().as, err: err.as });
  const worker = workerOf({ case: 3, source: "IFS", key: "lead 24 h", begun: 2 });
  const tick = (t: number, done: number) =>
    reporter.event(
      tickOf(t, {
        units: { done, total: 100, failed: 0 },
        stages: { waitStore: 1000 * t },
        workers: [worker],
      }),
    );
  for (let t = 0.5; t <= 10; t += 0.5) tick(t, t);
  for (let t = 10.5; t <= 110; t += 0.5) tick(t, 10);
  const said = err.written.filter((text) => text.startsWith("no unit"));
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(
    /^no unit has finished for 30 s; the oldest in work is case 3, IFS, lead 24 h, for 38 s; mostly waiting for the store \(100 %\)/,
  );
  expect(said[1]).toMatch(/^no unit has finished for 90 s/);
});

test("slow chunks, changed budgets and failures are lines", () => {
  const err = stream();
  const reporter = textReporter({ out: stream().as, err: err.as });
  const chunk = { source: "ERA5", case: 3, key: "t2m/0.1", host: "example.org", bytes: 10, attempts: 2 };
  const events: RunEvent[] = [
    { event: "slow", t: 1, stage: "waitStore", ms: 2345, median_ms: 51.4, ...chunk },
    { event: "control", t: 1, what: "budget", from: 512e6, to: 1e9, by: "user" },
    { event: "control", t: 1, what: "limit", host: "example.org", from: 16, to: 8, by: "store" },
    { event: "control", t: 1, what: "pause", from: null, to: null, by: "user" },
    { event: "warning", source: "ERA5", message: "old" },
  ];
  for (const event of events) reporter.event(event);
  expect(err.written).toEqual([
    "slow: waiting for the store ERA5 t2m/0.1 from example.org took 2.3 s, usual 51 ms, 2 attempts\n",
    "budget 512 MB → 1.0 GB (user)\n",
    "limit of example.org 16 → 8 (store)\n",
    "pause (user)\n",
    "warning: ERA5: old\n",
  ]);
});

test("JSON is one event a line, as it is", () => {
  const out = stream();
  const tick = tickOf(3, busy);
  jsonReporter({ out: out.as, err: stream().as }).event(tick);
  expect(out.written).toEqual([`${JSON.stringify(tick)}\n`]);
});

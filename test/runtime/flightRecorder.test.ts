import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Failure } from "../../src/model/row.ts";
import { failureEvent, gapEvent } from "../../src/runtime/failureEvent.ts";
import { FlightRecorder } from "../../src/runtime/flightRecorder.ts";
import { tickOf, workerOf } from "./tickOf.ts";

const failure: Failure = {
  case_id: 3,
  forecast: "IFS",
  target: "ERA5",
  source: "/store",
  key: "t2m/0.1",
  stage: "read",
  tag: "StoreRead",
  message: "no answer",
};

test("a failure is found in the file with what came before it, a line for each thing", () => {
  const recorder = new FlightRecorder();
  const asker = { case_id: 3, forecast: "IFS", key: "lead 24 h" };
  for (let t = 0; t <= 10; t += 0.5) {
    const workers = [workerOf({ key: "lead 24 h", segments: [["read", t, t + 0.5]] })];
    recorder.event(tickOf(t, { workers }));
    recorder.admitted(t, 1000, asker);
  }
  recorder.note(9, "budget shrunk", { from: 5, to: 4 });
  recorder.event(failureEvent(failure, 9.5));
  const gap = { case_id: 3, forecast: "IFS", target: "ERA5", source: "ERA5", what: "no hour", units: 2 };
  recorder.event(gapEvent(gap, 9.6));
  const path = join(mkdtempSync(join(tmpdir(), "ewb-test-")), "a.flight.json");
  recorder.dump(path, "worker 2 was killed");
  const text = readFileSync(path, "utf8");
  const file = JSON.parse(text);
  expect(file).toMatchObject({ why: "worker 2 was killed", t: 10, run: null, dropped: { ticks: 0 } });
  expect(file.ticks.map(({ t }: { t: number }) => t)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(file.ticks[0].workers[0]).toMatchObject({ key: "lead 24 h" });
  expect(file.ticks[0].workers[0]).not.toHaveProperty("segments");
  expect(file.admissions).toHaveLength(21);
  expect(file.admissions[0]).toEqual({ t: 0, case: 3, forecast: "IFS", key: "lead 24 h", bytes: 1000 });
  expect(file.events).toMatchObject([
    { t: 9, event: "budget shrunk", from: 5, to: 4 },
    { t: 9.5, event: "failure", case: 3, stage: "read", tag: "StoreRead", message: "no answer", try: null },
    { t: 9.6, event: "gap", case: 3, what: "no hour", units: 2 },
  ]);
  expect(text.split("\n").filter((line) => line.includes('"event":"failure"'))).toHaveLength(1);
});

test("only the last five minutes are written", () => {
  const recorder = new FlightRecorder();
  for (let t = 0; t <= 1000; t++) {
    recorder.event(tickOf(t));
    if (t % 10 === 0) recorder.admitted(t, t);
    if (t % 10 === 0) recorder.note(t, "said");
  }
  const file = JSON.parse(recorder.text(""));
  expect(file.ticks).toHaveLength(150);
  expect([file.ticks[0].t, file.ticks.at(-1).t]).toEqual([702, 1000]);
  expect([file.admissions[0].t, file.admissions.at(-1).t]).toEqual([700, 1000]);
  expect([file.events[0].t, file.events.at(-1).t]).toEqual([700, 1000]);
});

test("whatever a run says, the file stays small; the newest lines are kept and the rest is counted", () => {
  const recorder = new FlightRecorder();
  const long = "x".repeat(10_000);
  const asker = { case_id: 1, forecast: long, key: long };
  const workers = Array.from({ length: 200 }, (_, id) => workerOf({ id, key: long, source: long }));
  for (let i = 0; i < 5000; i++) {
    recorder.admitted(i / 100, i, asker);
    recorder.event(failureEvent({ ...failure, message: long, key: long, source: long }, i / 100));
    recorder.event({ event: "warning", source: long, message: long });
    recorder.event({ event: "case", id: 1, title: "", state: "running", done: i });
    if (i % 200 === 0) recorder.event(tickOf(i / 100, { workers }));
  }
  const text = recorder.text("too much");
  const file = JSON.parse(text);
  expect(file.admissions).toHaveLength(2048);
  expect(file.admissions.at(-1).bytes).toBe(4999);
  expect(file.admissions[0].bytes).toBe(2952);
  expect(file.admissions[0].key).toHaveLength(200);
  expect(file.events).toHaveLength(1024);
  expect(file.dropped).toMatchObject({ admissions: 2952, events: 10_001 - 1024 });
  expect(text.length).toBeLessThan(5e6);
});

test("a file that cannot be written is a Write error that names it", () => {
  const full = () => {
    throw new Error("no space left on device");
  };
  expect(() => new FlightRecorder().dump("a.flight.json", "", full)).toThrow(
    expect.objectContaining({ tag: "Write", message: "cannot write a.flight.json: no space left on device" }),
  );
});

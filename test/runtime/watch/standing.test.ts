import { describe, expect, test } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import { metricsText } from "../../../src/runtime/watch/metricsText.ts";
import {
  firstStanding,
  healthOf,
  type Standing,
  standingAfter,
  standingWith,
} from "../../../src/runtime/watch/standing.ts";
import type { TurnResult } from "../../../src/runtime/watch/turn.ts";

const minute = 60_000;
const result: TurnResult = {
  rows: 7,
  units: 40,
  failures: [],
  waiting: { forecast: 3, target: 5, provisional: 2 },
  published: new Map([['/out/a "b".parquet', { added: 4, changed: 1, same: 2, gone: 0 }]]),
  newest: new Map([["model", Date.UTC(2024, 0, 1)]]),
  slowed: { times: 0, wait: 0 },
  seconds: 1.5,
  statuses: { complete: 4, provisional: 3, partial: 0 },
  bytesRead: 1000,
  requests: 10,
  peak: 9e7,
};
const now = Date.UTC(2024, 0, 1, 6);
const begun = (before: Standing, at: number) =>
  standingAfter(before, { state: "begun", number: 1, at: 0 }, at, now);
const done = (before: Standing, at: number, next = minute) =>
  standingAfter(before, { state: "done", number: 1, at: 0, result, next }, at, now);
const failed = (before: Standing, at: number, error: unknown) =>
  standingAfter(before, { state: "failed", number: 1, at: 0, error, next: minute }, at, now);

describe("health", () => {
  const first = begun(firstStanding(0), 10);

  test("is well between turns for three pauses, then not", () => {
    const slept = done(first, 1000);
    expect(healthOf(slept, 1000 + 3 * minute)).toMatchObject({ ok: true, state: "waiting", reason: null });
    expect(healthOf(slept, 1001 + 3 * minute)).toMatchObject({
      ok: false,
      reason: "no turn has begun for 180 s",
    });
    // Short pauses are no reason to be strict with a busy machine.
    expect(healthOf(done(first, 1000, 200), 20_000).ok).toBe(true);
    expect(healthOf(done(first, 1000, 200), 40_000).ok).toBe(false);
  });

  test("is well during a turn for as long as the turn goes on", () => {
    expect(healthOf(first, 100_000)).toMatchObject({ ok: true, state: "turning" });
    expect(healthOf(first, 140_000)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("does nothing"),
    });
    const further = standingWith(first, "12 units", 135_000);
    expect(healthOf(further, 140_000).ok).toBe(true);
    expect(healthOf(standingWith(further, "12 units", 290_000), 290_000).ok).toBe(false);
  });

  test("is not after a turn that failed, until one goes well; a try is given its chance", () => {
    const trouble = failed(first, 1000, new EwbError("Write", "could not write a: the disk is full"));
    expect(healthOf(trouble, 2000)).toMatchObject({
      ok: false,
      tag: "Write",
      reason: "the last turn failed: could not write a: the disk is full",
      turns: { done: 0, failed: 1 },
    });
    expect(healthOf(begun(trouble, 3000), 4000).ok).toBe(true);
    expect(healthOf(done(begun(trouble, 3000), 4000), 5000)).toMatchObject({ ok: true, tag: null });
  });
});

describe("metrics", () => {
  const lines = (standing: Standing): readonly string[] =>
    metricsText(standing, { now, resident: 5e7, health: healthOf(standing, 2000) })
      .trim()
      .split("\n");

  test("are Prometheus text: a help and a type before each, labels escaped", () => {
    let standing = failed(done(done(begun(firstStanding(0), 10), 500), 600), 700, new Error("x"));
    standing = failed(standing, 800, new EwbError("Write", "y"));
    const text = lines(standing);
    const samples = text.filter((line) => !line.startsWith("#"));
    for (const sample of samples) {
      expect(sample).toMatch(/^ewb_[a-z_]+(\{[a-z]+="(?:[^"\\]|\\.)*"\})? -?[\d.e+]+$/);
      const name = /^[a-z_]+/.exec(sample)![0];
      expect(text.filter((line) => line.startsWith(`# TYPE ${name} `)).length).toBe(1);
      expect(text.filter((line) => line.startsWith(`# HELP ${name} `)).length).toBe(1);
    }
    expect(samples).toEqual(
      expect.arrayContaining([
        "ewb_up 0",
        'ewb_turns_total{state="done"} 2',
        'ewb_turns_total{state="failed"} 2',
        'ewb_turn_errors_total{tag="unknown"} 1',
        'ewb_turn_errors_total{tag="Write"} 1',
        "ewb_lag_seconds 21600",
        'ewb_units_waiting{cause="forecast"} 3',
        'ewb_units_waiting{cause="target"} 5',
        "ewb_units_provisional 2",
        'ewb_rows{status="provisional"} 3',
        "ewb_read_bytes_total 2000",
        "ewb_resident_bytes 50000000",
        "ewb_turn_seconds 1.5",
        'ewb_published_total{table="a \\"b\\".parquet"} 2',
      ]),
    );
  });

  test("before the first turn say what is known, and no zero for what is not", () => {
    const names = lines(firstStanding(0)).filter((line) => !line.startsWith("#"));
    expect(names.join("\n")).not.toMatch(/lag|rows|published/);
    expect(names).toContain('ewb_turns_total{state="done"} 0');
  });
});

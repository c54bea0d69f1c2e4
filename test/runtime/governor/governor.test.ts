/** The governor, driven by a process tree on paper: no clock, no memory. */
import { describe, expect, test } from "vitest";
import { governor } from "../../../src/runtime/governor/governor.ts";
import type { Signals } from "../../../src/runtime/governor/signals.ts";
import { type Moment, simulate } from "./simulation.ts";

const peak = (moments: readonly Moment[]) => Math.max(...moments.map(({ rss }) => rss));
const admitted = (moments: readonly Moment[]) => moments.map((moment) => moment.admitted);
const swing = (moments: readonly Moment[]) => {
  const all = admitted(moments);
  return (Math.max(...all) - Math.min(...all)) / Math.max(...all);
};
const none = { fullAvg10: 0 };

describe("a steady run", () => {
  test.each([1, 1.3, 1.6, 2])("bytes that cost %s: under the limit, and most of it is used", (factor) => {
    const moments = simulate(200, { factor });
    expect(peak(moments)).toBeLessThanOrEqual(1000);
    const last = moments.at(-1)!;
    expect(last.factor).toBeCloseTo(factor, 1);
    // 1000 - 150 of baseline, in counted bytes
    expect(last.admitted).toBeGreaterThan((0.85 * 850) / factor);
    expect(last.rss).toBeGreaterThan(800);
    expect(moments.some(({ trim, cause }) => trim || cause !== undefined)).toBe(false);
  });

  test.each([20, 400])("the same from a baseline of %s", (baseline) => {
    for (const factor of [1, 2]) expect(peak(simulate(200, { factor, baseline }))).toBeLessThanOrEqual(1000);
  });

  test("does not swing: 2 % of noise move it by less than 5 %", () => {
    const moments = simulate(400, { factor: 1.3, noise: 0.02 });
    expect(peak(moments)).toBeLessThanOrEqual(1000);
    expect(swing(moments.slice(50))).toBeLessThan(0.05);
    expect(moments.some(({ trim }) => trim)).toBe(false);
  });

  test("starts with half until it knows what a byte costs", () => {
    const moments = simulate(3, { factor: 2 });
    expect(admitted(moments.slice(0, 2))).toEqual([390, 390]);
  });

  test("without buffers to learn from it grows slowly, to the whole", () => {
    const control = governor();
    const signals = {
      limit: 1e9,
      rss: 2e8,
      baseline: 1e8,
      resident: 0,
      free: 0,
      states: 0,
      used: 4e8,
      unit: 1e6,
    };
    const steps = Array.from({ length: 100 }, () => control.step(signals).admitted / 1e6);
    expect(steps[0]).toBeCloseTo(415);
    expect(steps[10]).toBeLessThan(500);
    expect(steps.at(-1)).toBeCloseTo(830);
  });
});

describe("trim before shrink", () => {
  const base = { limit: 1e9, baseline: 1e8, states: 0, used: 5e8, unit: 1e7 };

  /** A pool of `free` that is given back some steps after a trim. */
  const pool = (free: number, lag: number) => {
    const control = governor();
    let there = 0;
    let trimmed = Number.POSITIVE_INFINITY;
    const step = (): ReturnType<typeof control.step> => {
      const resident = 5e8 + there;
      const done = control.step({ ...base, resident, free: there, rss: 1e8 + resident });
      trimmed -= 1;
      if (done.trim && trimmed > lag) trimmed = lag;
      if (trimmed <= 0) there = 0;
      return done;
    };
    for (let i = 0; i < 20; i++) step();
    there = free;
    return step;
  };

  test.each([1, 5])("nothing shrinks when dropping free buffers suffices, even %s steps later", (lag) => {
    const step = pool(3.8e8, lag);
    const first = step();
    expect(first).toMatchObject({ trim: true, collect: true });
    const later = Array.from({ length: 20 }, step);
    for (const moment of later) expect(moment.admitted).toBe(first.admitted);
    expect(later.at(-1)!.trim).toBe(false);
  });

  test("never a trim without a collection: what is dropped would stay, and new buffers come on top", () => {
    for (const world of [{ leak: 3 }, { leak: 8, factor: 1.5 }]) {
      const moments = simulate(300, world);
      expect(moments.some(({ trim }) => trim)).toBe(true);
      expect(moments.some(({ trim, collect }) => trim && !collect)).toBe(false);
    }
  });

  test("with nothing to drop a collection is forced every 2 s at most", () => {
    const control = governor();
    const full = { ...base, resident: 5e8, free: 0, rss: 9.9e8 };
    const steps = Array.from({ length: 41 }, () => control.step(full));
    expect(steps.filter(({ collect }) => collect)).toHaveLength(3);
  });

  test("near the line for long, garbage is collected now and then", () => {
    const control = governor();
    const near = { ...base, resident: 8e8, free: 0, rss: 9.4e8 };
    const steps = Array.from({ length: 100 }, () => control.step(near));
    expect(steps.filter(({ collect }) => collect)).toHaveLength(3);
    expect(steps.some(({ trim }) => trim)).toBe(false);
  });

  test("what a byte costs: dear is believed at once, cheap slowly", () => {
    const control = governor();
    const dear = { ...base, resident: 3e8, free: 0, rss: 7e8 };
    for (let i = 0; i < 10; i++) control.step(dear);
    expect(control.step({ ...dear, rss: 4e8 }).factor).toBeCloseTo(1.95);
  });

  test("what trimming does not give back is taken from work, two steps later", () => {
    const control = governor();
    const calm = { ...base, resident: 5e8, free: 0, rss: 6e8 };
    for (let i = 0; i < 20; i++) control.step(calm);
    const high = { ...base, resident: 5e8, free: 1e8, rss: 9.7e8, hard: 3e9 };
    const full = control.step(calm).admitted;
    const first = control.step(high);
    expect(first).toMatchObject({ trim: true, collect: true, admitted: full });
    const later = Array.from({ length: 3 }, () => control.step({ ...high, free: 0 }).admitted);
    expect(later.at(-1)).toBeLessThan(0.9 * full);
  });

  test("a buffer that is freed but not dropped does not hold it up for ever", () => {
    const control = governor();
    const stuck = { ...base, resident: 8e8, free: 3e8, rss: 9.7e8 };
    const steps = Array.from({ length: 40 }, () => control.step(stuck));
    expect(steps.at(-1)!.admitted).toBeLessThan(0.7 * steps[3]!.admitted);
    expect(steps.filter(({ collect }) => collect)).toHaveLength(8);
  });

  test("garbage is collected, never twice within half a second, and work stays", () => {
    const moments = simulate(400, { garbage: 10, garbageMost: 200 });
    expect(peak(moments)).toBeLessThanOrEqual(1000);
    const collected = moments.flatMap(({ collect }, step) => (collect ? [step] : []));
    expect(collected.length).toBeGreaterThan(1);
    for (let i = 1; i < collected.length; i++)
      expect(collected[i]! - collected[i - 1]!).toBeGreaterThanOrEqual(5);
    expect(Math.min(...admitted(moments.slice(20)))).toBeGreaterThan(500);
  });
});

describe("the budget is changed", () => {
  test("halved: under the new line at once, trim and collect, and no further", () => {
    const moments = simulate(100, { factor: 1.1 }, (world, step) => {
      world.limit = step < 40 ? 1000 : 500;
    });
    expect(moments[40]).toMatchObject({ trim: true, collect: true });
    expect(moments[40]!.admitted).toBeLessThanOrEqual((500 - 150) / 1.05);
    expect(moments.slice(46).every(({ rss }) => rss <= 500)).toBe(true);
    expect(Math.min(...admitted(moments.slice(40)))).toBeGreaterThan(0.5 * moments.at(-1)!.admitted);
    expect(moments.some(({ stop }) => stop)).toBe(false);
  });

  test("halved right after a collection: once more", () => {
    const control = governor();
    const one = {
      limit: 1e9,
      baseline: 1e8,
      rss: 9.7e8,
      resident: 8e8,
      free: 1e8,
      states: 0,
      used: 7e8,
      unit: 1e7,
    };
    expect(control.step(one).collect).toBe(true);
    expect(control.step(one).collect).toBe(false);
    expect(control.step({ ...one, limit: 5e8 })).toMatchObject({ collect: true, trim: true });
  });

  test("raised: all of it is used within 4 s", () => {
    const moments = simulate(90, {}, (world, step) => {
      world.limit = step < 40 ? 500 : 1000;
    });
    expect(moments[39]!.admitted).toBeLessThan(320);
    expect(moments[80]!.admitted).toBeGreaterThan(750);
  });
});

describe("a disturbance", () => {
  test("a leak that is given back: one unit always, under the limit, then all again", () => {
    const moments = simulate(400, {}, (world, step) => {
      world.leak = step > 30 && step < 90 ? 6 : 0;
      if (step === 150) world.leaked = 0;
    });
    expect(peak(moments)).toBeLessThanOrEqual(1000);
    expect(Math.min(...admitted(moments))).toBeLessThan(500);
    expect(Math.min(...admitted(moments))).toBeGreaterThanOrEqual(20);
    expect(moments.at(-1)!.admitted).toBeGreaterThan(770);
    expect(swing(moments.slice(350))).toBeLessThan(0.02);
  });

  test("a slow leak that stays: one by one, named, and never stopped", () => {
    const moments = simulate(600, {}, (world, step) => {
      world.leak = step > 30 && world.leaked < 860 ? 6 : 0;
    });
    const last = moments.at(-1)!;
    expect(moments).toHaveLength(600);
    expect(Math.min(...admitted(moments))).toBeGreaterThanOrEqual(20);
    expect(last.admitted).toBe(20);
    expect(last.cause).toMatch(/of other memory, which only a leak .* one unit at a time/);
    expect(last.used).toBeGreaterThan(0);
  });

  test.each([2, 20, 60])("a leak of %s a step without end: stopped by name before the kill", (leak) => {
    const moments = simulate(2000, { leak, hard: 1200 });
    const last = moments.at(-1)!;
    expect(last.stop).toBe(true);
    expect(last.rss).toBeLessThanOrEqual(1200);
    expect(last.rss).toBeGreaterThan(1000);
    expect(last.cause).toMatch(/other memory, .*leak.*would cross 1\.2 GB/);
  });

  test("what was admitted under a limit that was lowered since is given its time, and is no leak", () => {
    const one = governor();
    const signals = {
      limit: 1000,
      rss: 700,
      baseline: 150,
      resident: 500,
      free: 0,
      states: 0,
      used: 500,
      unit: 20,
    };
    const pressure = none;
    for (let step = 0; step < 20; step++) one.step({ ...signals, pressure });
    // Slow units: nothing is given back for seconds, and the heap trembles.
    const steps = Array.from({ length: 70 }, (_, i) =>
      one.step({ ...signals, limit: 440, rss: 700 + (i % 3), pressure }),
    );
    expect(steps.slice(0, 50).some(({ stop }) => stop)).toBe(false);
    expect(steps.slice(50).some(({ stop }) => stop)).toBe(true);
  });

  test("a process of the same group eats what is left", () => {
    const moments = simulate(400, { hard: 2000 }, (world, step) => {
      world.leak = step > 50 ? 5 : 0;
      world.pressure = { of: "group", limit: 1200, inUse: Math.min(1200, 800 + world.leaked / 2) };
    });
    expect(moments.at(-1)!.stop).toBe(true);
    expect(moments.at(-1)!.rss).toBeLessThanOrEqual(1300);
  });

  test.each([
    ["stalls", { fullAvg10: 30 }, /other processes took the memory: all tasks waited for memory 30 %/],
    [
      "the machine is full",
      { inUse: 99e9, limit: 100e9, of: "machine" as const },
      /other processes .* 99 GB of 100 GB of the machine/,
    ],
  ])("others: %s: it yields, and comes back when they have gone", (_, pressure, cause) => {
    const moments = simulate(300, {}, (world, step) => {
      world.pressure = step > 30 && step < 150 ? pressure : none;
    });
    expect(moments[149]).toMatchObject({ admitted: 20, stop: false });
    expect(moments[149]!.cause).toMatch(cause);
    expect(Math.min(...moments.slice(10).map(({ used }) => used))).toBeGreaterThan(5);
    expect(moments.at(-1)!.admitted).toBeGreaterThan(770);
    expect(moments.at(-1)!.cause).toBeUndefined();
  });

  test("a limit below what one unit needs is named as such", () => {
    const moments = simulate(60, { limit: 170 });
    expect(Math.min(...admitted(moments))).toBe(20);
    expect(moments.at(-1)!.cause).toMatch(/too small for one unit/);
    expect(moments.at(-1)!.stop).toBe(false);
  });
});

test("no numbers at all: an idle tree of unknown size is admitted one unit", () => {
  const signals: Signals = {
    limit: 1,
    rss: 5,
    baseline: 5,
    resident: 0,
    free: 0,
    states: 0,
    used: 0,
    unit: 7,
  };
  expect(governor().step(signals)).toMatchObject({ admitted: 7, stop: false, trim: false });
});

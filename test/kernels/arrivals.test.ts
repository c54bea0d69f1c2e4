import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LookState,
  learn,
  lookPolicy,
  nextFloor,
  type Rhythm,
  untilNextLook,
  usual,
} from "../../src/kernels/arrivals.ts";
import { DAY, HOUR } from "../../src/kernels/time.ts";

const minute = 60_000;
const day0 = Date.UTC(2024, 0, 1);
const nothing: Rhythm = new Map();

/** Inits at 00 and 12, which arrive 5 h and 7 h after them, give or take two minutes. */
const learned = Array.from({ length: 30 }, (_, i) => i).reduce((rhythm, i) => {
  const wobble = ((i % 5) - 2) * minute;
  const midnight = learn(rhythm, day0 + i * DAY, day0 + i * DAY + 5 * HOUR + wobble);
  return learn(midnight, day0 + i * DAY + 12 * HOUR, day0 + i * DAY + 19 * HOUR - wobble);
}, nothing);
const today = day0 + 30 * DAY;

const state = (now: number, more: Partial<LookState> = {}): LookState => ({
  now,
  rhythm: learned,
  newest: today - 12 * HOUR,
  random: 1,
  ...more,
});

describe("the rhythm", () => {
  test("is learned per hour of the day, and forgets", () => {
    expect(usual(learned, today)).toEqual({ delay: 5 * HOUR, spread: 1.4826 * minute });
    expect(usual(learned, today + 12 * HOUR)!.delay).toBe(7 * HOUR);
    expect(usual(learned, today + 6 * HOUR)).toBeUndefined();
    expect(learned.get(0)!.length).toBe(20);
    let later = learned;
    for (let i = 0; i < 11; i++) later = learn(later, today + i * DAY, today + i * DAY + 9 * HOUR);
    expect(usual(later, today)!.delay).toBe(9 * HOUR);
  });

  test("is not moved by a few arrivals that are far off, nor by what cannot be", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 * HOUR }), { maxLength: 9 }), (delays) => {
        const rhythm = delays.reduce(
          (sum, delay, i) => learn(sum, today + i * DAY, today + i * DAY + delay),
          learned,
        );
        expect(Math.abs(usual(rhythm, today)!.delay - 5 * HOUR)).toBeLessThanOrEqual(2 * minute);
      }),
    );
    expect(learn(learned, today, today - 1)).toBe(learned);
    expect(learn(learned, today, Number.NaN)).toBe(learned);
  });
});

describe("the next look", () => {
  test("is soon when an init is due, rare before, and ever rarer when it is late", () => {
    const due = today + 5 * HOUR;
    const at = (now: number, more?: Partial<LookState>) => untilNextLook(state(now, more));
    expect(at(due)).toBe(lookPolicy.floor);
    expect(at(due - 2 * HOUR)).toBe(lookPolicy.ceiling);
    // Just before it is due: then, and not later.
    const from = due - 3 * 1.4826 * minute;
    expect(at(from - 10 * minute)).toBe(10 * minute);
    expect(at(from - 10 * minute, { random: 0 })).toBe(8 * minute);
    const late = [10, 20, 40, 80].map((minutes) => at(due + minutes * minute));
    expect([...late].sort((a, b) => a - b)).toEqual(late);
    expect(new Set(late).size).toBeGreaterThan(2);
    // It has come: the next one is at 12.
    expect(at(due, { newest: today })).toBe(lookPolicy.ceiling);
    expect(at(today + 19 * HOUR, { newest: today })).toBe(lookPolicy.floor);
    // One that did not come for a day is waited for no longer.
    expect(at(due + 30 * HOUR, { newest: today - 12 * HOUR })).toBeGreaterThan(lookPolicy.floor);
  });

  test("is neither often nor rare when nothing is known", () => {
    const unknown = untilNextLook(state(today, { rhythm: nothing, newest: undefined }));
    expect(unknown).toBeGreaterThan(lookPolicy.floor);
    expect(unknown).toBeLessThan(lookPolicy.ceiling);
  });

  test("is never nearer than the floor nor farther than the ceiling, whatever happened", () => {
    const times = fc.integer({ min: day0 - 400 * DAY, max: day0 + 400 * DAY });
    const rhythms = fc
      .array(fc.tuple(times, fc.integer({ min: -DAY, max: 4 * DAY })), { maxLength: 60 })
      .map((all) => all.reduce((rhythm, [init, delay]) => learn(rhythm, init, init + delay), nothing));
    const states = fc.record({
      now: times,
      rhythm: rhythms,
      newest: fc.option(times, { nil: undefined }),
      random: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    });
    const floors = fc.integer({ min: 1000, max: HOUR });
    fc.assert(
      fc.property(states, floors, (one, floor) => {
        const wait = untilNextLook(one, { floor, ceiling: 15 * minute });
        expect(wait).toBeGreaterThanOrEqual(floor);
        expect(wait).toBeLessThanOrEqual(Math.max(floor, 15 * minute));
      }),
    );
  });

  test("finds an init soon after it came, with few looks a day", () => {
    fc.assert(
      fc.property(fc.integer({ min: -6 * minute, max: 6 * minute }), fc.nat({ max: 99 }), (shift, seed) => {
        let [now, looks, random] = [today - 4 * HOUR, 0, seed / 100];
        const came = today + 5 * HOUR + shift;
        while (now < came) {
          random = (random * 7.13 + 0.37) % 1;
          now += untilNextLook(state(now, { random }));
          looks += 1;
        }
        expect(now - came).toBeLessThan(2 * minute);
        expect(looks).toBeLessThan(100);
      }),
    );
  });

  test("a host that asks for less is asked less, for a while", () => {
    const slowed = { times: 1, wait: 0 };
    const calm = { times: 0, wait: 500_000 };
    expect(nextFloor(15_000, slowed)).toBe(30_000);
    expect(nextFloor(15_000, { times: 3, wait: 3_600_000 })).toBe(3_600_000);
    expect(nextFloor(30_000, calm)).toBe(15_000);
    expect(nextFloor(15_000, calm)).toBe(15_000);
    // What it asked for counts more than our ceiling.
    const raised = { floor: nextFloor(15_000, { times: 1, wait: 3_600_000 }), ceiling: 900_000 };
    expect(untilNextLook(state(today), raised)).toBe(3_600_000);
  });
});

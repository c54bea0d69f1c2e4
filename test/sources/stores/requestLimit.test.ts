import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/sources/stores/clock.ts";
import { requestLimit } from "../../../src/sources/stores/requestLimit.ts";

/**
 * A host on a clock of its own: each request takes `latency` milliseconds and then its bytes, which share `bandwidth`
 * (bytes a millisecond). Runs until `count` answers came; `ahead` is how many requests are asked for at once. The most
 * requests that were begun with one answer.
 */
const simulate = async (
  limit: ReturnType<typeof requestLimit>,
  clock: { now: number },
  { count, ahead, latency, bandwidth }: { count: number; ahead: number; latency: number; bandwidth: number },
) => {
  const bytes = 1000;
  const waiting: { at: number; resolve: () => void }[] = [];
  let lineFree = clock.now;
  let asked = 0;
  let came = 0;
  let begun = 0;
  let burst = 0;
  const ask = () => {
    asked += 1;
    void limit
      .run(() => {
        begun += 1;
        if (came > 0) burst = Math.max(burst, begun);
        lineFree = Math.max(lineFree, clock.now + latency) + bytes / bandwidth;
        const at = lineFree;
        return new Promise<void>((resolve) => waiting.push({ at, resolve }));
      })
      .then(() => {
        came += 1;
        limit.came(bytes);
        if (asked < count) ask();
      });
  };
  for (let i = 0; i < Math.min(ahead, count); i++) ask();
  while (came < count) {
    await new Promise((resolve) => setImmediate(resolve));
    waiting.sort((a, b) => a.at - b.at);
    const next = waiting.shift();
    if (next === undefined) continue;
    clock.now = Math.max(clock.now, next.at);
    begun = 0;
    next.resolve();
  }
  return burst;
};

const host = ({ first = 12, latency }: { first?: number; latency?: () => number } = {}) => {
  const clock = { now: 0 };
  const held: { ms: number; over: () => void }[] = [];
  const time: Clock = {
    now: () => clock.now,
    wait: (ms) => new Promise<void>((over) => held.push({ ms, over })),
    every: () => () => {},
  };
  return { clock, held, limit: requestLimit(first, time, latency) };
};

describe("requestLimit", () => {
  it("grows where latency is what takes the time", async () => {
    const { clock, limit } = host();
    await simulate(limit, clock, { count: 1500, ahead: 1000, latency: 200, bandwidth: 1e6 });
    expect(limit.now).toBeGreaterThanOrEqual(90);
  });

  it("rises by one with each answer: many connections begun at once are not all taken", async () => {
    const { clock, limit } = host();
    const burst = await simulate(limit, clock, { count: 1500, ahead: 1000, latency: 20, bandwidth: 1e6 });
    expect([burst, limit.now > 60]).toEqual([2, true]);
  });

  it("has 64 requests under way within a second where each takes 20 ms", async () => {
    const { clock, limit } = host();
    await simulate(limit, clock, { count: 1000, ahead: 1000, latency: 20, bandwidth: 1e6 });
    expect(clock.now).toBeLessThan(1000);
    expect(limit.now).toBeGreaterThanOrEqual(64);
  });

  it("stays where the line is what takes the time", async () => {
    const { clock, limit } = host();
    await simulate(limit, clock, { count: 1500, ahead: 1000, latency: 1, bandwidth: 100 });
    expect(limit.now).toBeLessThanOrEqual(18);
  });

  it("does not grow where fewer are asked for", async () => {
    const { clock, limit } = host();
    await simulate(limit, clock, { count: 600, ahead: 8, latency: 200, bandwidth: 1e6 });
    expect(limit.now).toBe(12);
  });

  it("shrinks where requests only wait at the host, as far as nothing is lost by it", async () => {
    // The line gives 100 requests a second: 64 at once wait 640 ms for what 20 ms would do.
    let lately = 20;
    const { clock, limit } = host({ first: 64, latency: () => lately });
    await simulate(limit, clock, { count: 200, ahead: 200, latency: 20, bandwidth: 100 });
    lately = 640;
    clock.now += 20_000;
    await simulate(limit, clock, { count: 1000, ahead: 1000, latency: 20, bandwidth: 100 });
    expect(limit.now).toBeLessThan(32);
    expect(limit.now).toBeGreaterThanOrEqual(2);
  });

  it("is halved when the host says so, once for all that was asked before, and not below one", () => {
    const { clock, limit } = host();
    for (let i = 0; i < 5; i++) limit.slowDown(0, 0);
    expect([limit.now, limit.slowedDown, limit.isCalm]).toEqual([6, 5, false]);
    for (let i = 1; i < 5; i++) {
      clock.now = i * 100;
      limit.slowDown(i * 100 - 50, 0);
    }
    expect(limit.now).toBe(1);
    clock.now += 10_001;
    expect(limit.isCalm).toBe(true);
  });

  it("begins nothing until the time is over that the host asked for, the longest of several", async () => {
    const { clock, held, limit } = host();
    let begun = 0;
    limit.slowDown(0, 3000);
    limit.slowDown(0, 1000);
    clock.now = 1000;
    limit.slowDown(0, 90_000);
    const all = Promise.all([1, 2].map(() => limit.run(async () => void begun++)));
    expect(held.map(({ ms }) => ms)).toEqual([3000, 60_000]);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    held[0]!.over();
    await turn();
    expect(begun).toBe(0);
    held[1]!.over();
    await all;
    expect(begun).toBe(2);
  });
});

import { describe, expect, it } from "vitest";
import { requestLimit } from "../../../src/sources/stores/requestLimit.ts";

/**
 * A host on a clock of its own: each request takes `latency` milliseconds and then its bytes, which share `bandwidth`
 * (bytes a millisecond). Runs until `count` answers came; `ahead` is how many requests are asked for at once.
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
  const ask = () => {
    asked += 1;
    void limit
      .run(() => {
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
    next.resolve();
  }
};

const host = (first = 12) => {
  const clock = { now: 0 };
  return { clock, limit: requestLimit(first, () => clock.now) };
};

describe("requestLimit", () => {
  it("grows where latency is what takes the time", async () => {
    const { clock, limit } = host();
    await simulate(limit, clock, { count: 1500, ahead: 1000, latency: 200, bandwidth: 1e6 });
    expect(limit.now).toBeGreaterThanOrEqual(90);
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

  it("is halved when the host says so, once for many answers, and not below four", () => {
    const { clock, limit } = host();
    for (let i = 0; i < 5; i++) limit.slowDown();
    expect(limit.now).toBe(6);
    for (let i = 1; i < 5; i++) {
      clock.now = i * 20_000;
      limit.slowDown();
    }
    expect(limit.now).toBe(4);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ToWorker } from "../../src/runtime/messages.ts";
import { type MemoryUse, runMemory } from "../../src/runtime/runMemory.ts";
import { type SteeringOptions, steering } from "../../src/runtime/steering.ts";
import type { WorkerPool } from "../../src/runtime/workerPool.ts";
import { fakeSystem } from "./machine/fakeSystem.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MB = 1e6;
const setUp = (options: Partial<SteeringOptions> & { rss?: number; workers?: boolean } = {}) => {
  const { rss = 100 * MB, workers = false, ...more } = options;
  const world = { rss };
  const said: string[] = [];
  const stopped: string[] = [];
  const posted: [id: number | "all", message: ToWorker][] = [];
  let collections = 0;
  const collect = () => {
    collections += 1;
  };
  const local = runMemory(500 * MB, { collect });
  const pool = {
    pids: [],
    post: (id: number, message: ToWorker) => void posted.push([id, message]),
    postAll: (message: ToWorker) => void posted.push(["all", message]),
  } as unknown as WorkerPool;
  const guard = steering({
    limit: 1000 * MB,
    hard: undefined,
    system: fakeSystem({}, { platform: "darwin", ownRss: () => world.rss }),
    local,
    readers: 0,
    collect,
    pool: () => (workers ? pool : undefined),
    stop: (cause) => void stopped.push(cause),
    say: (cause) => void said.push(cause),
    ...more,
  });
  return { guard, world, local, said, stopped, posted, collections: () => collections };
};
const idle: MemoryUse = {
  limit: 0,
  units: 0,
  cache: 0,
  states: 0,
  resident: 0,
  free: 0,
  admitted: 0,
  waiting: 0,
  needed: 0,
};
const leasesOf = (posted: readonly (readonly [number | "all", ToWorker])[]) =>
  posted.flatMap(([id, message]) => (message.type === "lease" ? [[id, message.bytes] as const] : []));

describe("steering of one thread", () => {
  test("measures the baseline when it begins; the budget is what the limit leaves", () => {
    const { guard, world, local } = setUp();
    world.rss = 180 * MB;
    guard.begin();
    expect(guard.state()).toMatchObject({ limit: 1000 * MB, baseline: 180 * MB, rss: 180 * MB });
    expect(guard.state().budget).toBeLessThanOrEqual(0.93 * 1000 * MB - 180 * MB);
    expect(local.budget.limit).toBe(guard.state().budget);
    expect(local.budget.most).toBe(0.93 * 1000 * MB - 180 * MB);
    guard[Symbol.dispose]();
  });

  test("a new limit moves ledger and the most of a unit at once", () => {
    const { guard, local } = setUp();
    guard.begin();
    guard.limit(400 * MB);
    expect(guard.state().limit).toBe(400 * MB);
    expect(local.budget.most).toBe(0.93 * 400 * MB - 100 * MB);
    expect(local.budget.limit).toBeLessThanOrEqual(local.budget.most);
    guard.limit(2000 * MB);
    expect(local.budget.most).toBe(0.93 * 2000 * MB - 100 * MB);
    guard[Symbol.dispose]();
  });

  test("a limit below the program itself is said to be too low, and raised to what can be kept", () => {
    const { guard, said } = setUp();
    guard.begin();
    expect(said).toEqual([]);
    guard.limit(50 * MB);
    expect(guard.state().limit).toBeGreaterThan(100 * MB);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/50 ?MB.*goes on with.*100 ?MB/);
    guard[Symbol.dispose]();
  });

  test("knows the peak, pauses, and measures no more when it is over", () => {
    const { guard, world, local } = setUp();
    guard.begin();
    world.rss = 300 * MB;
    vi.advanceTimersByTime(150);
    world.rss = 200 * MB;
    vi.advanceTimersByTime(150);
    expect([guard.peak, guard.state().rss]).toEqual([300 * MB, 200 * MB]);
    guard.pause(true);
    const asked = local.budget.use(1, () => [1]).subscribe();
    expect(local.state().waiting).toBe(1);
    asked.unsubscribe();
    guard[Symbol.dispose]();
    world.rss = 900 * MB;
    vi.advanceTimersByTime(1000);
    expect(guard.peak).toBe(300 * MB);
  });

  test("far above the limit it lets go and collects", () => {
    const { guard, world, local, collections } = setUp();
    guard.begin();
    local.buffers.give(local.buffers.take(50 * MB));
    world.rss = 990 * MB;
    vi.advanceTimersByTime(1000);
    expect(collections()).toBeGreaterThan(0);
    expect(local.buffers.resident).toBe(0);
    guard[Symbol.dispose]();
  });
});

describe("steering of workers", () => {
  test("leases are parts of the budget; what a worker holds counts; one that dies leaves its lease", () => {
    const { guard, posted, local } = setUp({ workers: true });
    guard.joined(1);
    guard.joined(2);
    guard.begin();
    const { budget } = guard.state();
    expect(leasesOf(posted)).toEqual([
      [1, Math.floor(budget / 2)],
      [2, Math.floor(budget / 2)],
    ]);
    expect(local.budget.limit).toBe(500 * MB); // the coordinator's own ledger is left as it is
    const lease = Math.floor(budget / 2);
    const use = { ...idle, limit: lease, units: 50 * MB, cache: 10 * MB, states: 1 * MB, resident: 70 * MB };
    guard.hear(1, { ...use, admitted: 1, waiting: 2, needed: 30 * MB });
    guard.hear(2, { ...use, admitted: 1, waiting: 2, needed: 21 * MB });
    expect(guard.state()).toMatchObject({
      units: 100 * MB,
      cache: 20 * MB,
      states: 2 * MB,
      waiting: 4,
      largest: 29 * MB,
    });
    posted.length = 0;
    guard.left(2);
    expect(guard.state().units).toBe(50 * MB);
    vi.advanceTimersByTime(60);
    expect(leasesOf(posted)).toEqual([[1, Math.floor(guard.state().budget)]]);
    guard[Symbol.dispose]();
  });

  test("what is kept here is not leased, and what a worker holds beyond its lease is not leased twice", () => {
    const { guard, posted, local } = setUp({ workers: true });
    for (const id of [1, 2]) guard.joined(id);
    local.budget.keep(100 * MB);
    guard.begin();
    const first = leasesOf(posted).reduce((sum, [, bytes]) => sum + bytes, 0);
    expect(first).toBeLessThanOrEqual(guard.state().budget - 100 * MB);
    const lease = Math.floor(first / 2);
    posted.length = 0;
    guard.hear(1, { ...idle, limit: lease, resident: lease, units: lease, admitted: 1 });
    guard.hear(2, { ...idle, limit: lease });
    vi.advanceTimersByTime(15); // the lease of the idle one falls
    guard.hear(1, { ...idle, limit: lease, resident: lease + 50 * MB, units: lease, admitted: 1 });
    guard.hear(2, { ...idle, limit: 0, resident: 60 * MB });
    posted.length = 0;
    vi.advanceTimersByTime(15);
    // Its own cache makes way for its units; the buffers of the other one do not.
    expect(leasesOf(posted)).toEqual([[1, first - 60 * MB]]);
    guard[Symbol.dispose]();
  });

  test("a lower limit lowers the leases at once", () => {
    const { guard, posted } = setUp({ workers: true });
    for (const id of [1, 2]) guard.joined(id);
    guard.begin();
    for (const [id, limit] of leasesOf(posted)) guard.hear(id as number, { ...idle, limit, admitted: 1 });
    posted.length = 0;
    guard.limit(300 * MB);
    const leases = leasesOf(posted);
    expect(leases.map(([id]) => id)).toEqual([1, 2]);
    expect(leases.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThanOrEqual(0.93 * 300 * MB - 100 * MB);
    expect(posted[0]![1]).toMatchObject({ most: 0.93 * 300 * MB - 100 * MB });
    guard.pause(true);
    expect(posted.at(-1)).toEqual(["all", { type: "pause", paused: true }]);
    guard[Symbol.dispose]();
  });
});

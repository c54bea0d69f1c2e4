import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LeaseReport, Leases } from "../../src/runtime/leases.ts";

const idle: LeaseReport = { limit: 0, held: 0, needed: 0, resident: 0, admitted: 0, waiting: 0 };
const leasesOf = (total: number, ids: readonly number[]) => {
  const leases = new Leases(total);
  for (const id of ids) leases.join(id);
  return leases;
};

/**
 * Workers as they are: units wait in order, one is admitted when its bytes fit into the lease, chunks stay as a cache,
 * a lowered lease drops the cache at once and units when they are over. Messages take their time, in order.
 */
class Simulation {
  readonly leases: Leases;
  readonly workers = new Map<
    number,
    {
      limit: number;
      working: number[];
      queue: number[];
      cached: number;
      readonly in: number[];
      readonly out: LeaseReport[];
      readonly started: number[];
    }
  >();
  sent = 0;
  worst = 0;
  total: number;

  constructor(total: number, queues: readonly (readonly number[])[]) {
    this.total = total;
    this.leases = new Leases(total);
    for (const [i, queue] of queues.entries()) {
      this.leases.join(i);
      this.workers.set(i, {
        limit: 0,
        working: [],
        queue: [...queue],
        cached: 0,
        in: [],
        out: [],
        started: [],
      });
    }
    this.divide();
  }

  divide(): void {
    for (const [id, bytes] of this.leases.changes()) {
      this.sent += 1;
      this.workers.get(id)!.in.push(bytes);
    }
  }

  held(id: number): number {
    return this.workers.get(id)!.working.reduce((sum, bytes) => sum + bytes, 0);
  }

  report(id: number): void {
    const { limit, working, queue, cached, out } = this.workers.get(id)!;
    const held = this.held(id);
    const [needed = 0] = queue;
    const waiting = queue.length;
    out.push({ limit, held, needed, resident: held + cached, admitted: working.length, waiting });
  }

  /** Units are admitted by the lease, not by what the coordinator thinks. */
  admit(id: number): void {
    const worker = this.workers.get(id)!;
    while (worker.queue.length > 0 && this.held(id) + worker.queue[0]! <= worker.limit) {
      const unit = worker.queue.shift()!;
      worker.cached = Math.max(0, Math.min(worker.cached, worker.limit - this.held(id) - unit));
      worker.working.push(unit);
      worker.started.push(unit);
    }
  }

  /** What can happen next. */
  steps(): (() => void)[] {
    const steps: (() => void)[] = [];
    for (const [id, worker] of this.workers) {
      if (worker.in.length > 0)
        steps.push(() => {
          worker.limit = worker.in.shift()!;
          worker.cached = Math.max(0, Math.min(worker.cached, worker.limit - this.held(id)));
          this.report(id); // told before what fits now is admitted
          this.admit(id);
        });
      if (worker.out.length > 0)
        steps.push(() => {
          this.leases.report(id, worker.out.shift()!);
          this.divide();
        });
      if (worker.working.length > 0)
        steps.push(() => {
          const unit = worker.working.shift()!;
          worker.cached = Math.min(worker.cached + unit, Math.max(0, worker.limit - this.held(id)));
          this.admit(id);
          this.report(id);
        });
    }
    return steps;
  }

  measure(): void {
    let sum = 0;
    for (const [id, { cached }] of this.workers) sum += this.held(id) + cached;
    this.worst = Math.max(this.worst, sum);
  }
}

const queues = (most: number) =>
  fc.array(fc.array(fc.integer({ min: 1, max: most }), { maxLength: 12 }), { minLength: 1, maxLength: 5 });
const choices = fc.infiniteStream(fc.nat(1_000_000));

/** Runs until nothing is left to happen. */
const run = (simulation: Simulation, choose: () => number, each: () => void = () => {}) => {
  for (let i = 0; ; i++) {
    if (i > 20_000) throw new Error("it goes on for ever");
    const steps = simulation.steps();
    if (steps.length === 0) return;
    steps[choose() % steps.length]!();
    simulation.measure();
    each();
  }
};

describe("Leases", () => {
  test("what workers hold never adds up to more than the budget, and every unit is served", () => {
    fc.assert(
      fc.property(queues(1000), choices, (all, stream) => {
        const simulation = new Simulation(1000, all);
        for (const id of all.keys()) simulation.report(id);
        run(
          simulation,
          () => stream.next().value!,
          () => expect(simulation.leases.committed).toBeLessThanOrEqual(1000),
        );
        expect(simulation.worst).toBeLessThanOrEqual(1000);
        expect([...simulation.workers.values()].map(({ started }) => started)).toEqual(all);
      }),
      { numRuns: 1500, seed: 7 },
    );
  });

  test("every unit is served though the budget moves below what it needs", () => {
    const totals = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 0, max: 1500 })), { maxLength: 4 });
    fc.assert(
      fc.property(queues(1000), choices, totals, (all, stream, moves) => {
        const simulation = new Simulation(1000, all);
        for (const id of all.keys()) simulation.report(id);
        let step = 0;
        run(
          simulation,
          () => stream.next().value!,
          () => {
            step += 1;
            for (const [at, total] of moves) {
              if (at !== step) continue;
              simulation.leases.resize(total);
              simulation.divide();
            }
          },
        );
        expect([...simulation.workers.values()].map(({ started }) => started)).toEqual(all);
      }),
      { numRuns: 1500, seed: 8 },
    );
  });

  test("workers with work that is alike have equal leases, and they stay", () => {
    const simulation = new Simulation(
      1000,
      [1, 2, 3].map(() => Array.from({ length: 60 }, (_, i) => 90 + (i % 5))),
    );
    for (const id of simulation.workers.keys()) simulation.report(id);
    let turn = 0;
    run(simulation, () => turn++);
    // Once at the start, and as one after the other runs out of work.
    expect(simulation.sent).toBeLessThan(12);
  });

  test("a budget that trembles moves no lease", () => {
    const leases = leasesOf(1000, [1, 2]);
    leases.changes();
    for (const id of [1, 2])
      leases.report(id, { ...idle, limit: 500, admitted: 1, held: 400, resident: 400 });
    leases.resize(1040);
    expect([...leases.changes()]).toEqual([]);
    leases.resize(1200);
    expect([...leases.changes()]).toEqual([
      [1, 600],
      [2, 600],
    ]);
    for (const id of [1, 2])
      leases.report(id, { ...idle, limit: 600, admitted: 1, held: 400, resident: 400 });
    leases.resize(1190); // never above it
    expect([...leases.changes()]).toEqual([
      [1, 595],
      [2, 595],
    ]);
  });

  test("leases are even at first, and go to those that are busy", () => {
    const leases = leasesOf(900, [1, 2, 3]);
    expect([...leases.changes()]).toEqual([
      [1, 300],
      [2, 300],
      [3, 300],
    ]);
    expect([...leases.changes()]).toEqual([]);
    for (const id of [1, 2, 3])
      leases.report(id, { ...idle, limit: 300, admitted: 1, held: 200, resident: 200 });
    leases.report(3, { ...idle, limit: 300 });
    expect([...leases.changes()]).toEqual([[3, 0]]);
    // Its bytes are free when it says that it has taken the lower lease.
    leases.report(3, { ...idle, limit: 0 });
    expect([...leases.changes()]).toEqual([
      [1, 450],
      [2, 450],
    ]);
    expect(leases.committed).toBe(900);
  });

  test("a lease that was lowered counts in full until the worker says so, whatever it said before", () => {
    const leases = leasesOf(1000, [1, 2]);
    leases.changes();
    leases.report(1, { ...idle, limit: 500, waiting: 1, needed: 400 });
    leases.report(2, { ...idle, limit: 500, waiting: 1, needed: 800 });
    expect([...leases.changes()]).toEqual([[1, 200]]);
    // On its way: a report from before.
    leases.report(1, { ...idle, limit: 500, admitted: 1, held: 400, resident: 400 });
    expect([...leases.changes()]).toEqual([]);
    leases.report(1, { ...idle, limit: 200, admitted: 1, held: 400, resident: 400 });
    expect([...leases.changes()]).toEqual([[2, 600]]);
    leases.report(1, { ...idle, limit: 200, waiting: 1, needed: 150 });
    expect([...leases.changes()]).toEqual([[2, 800]]);
  });

  test("the bytes of a worker that is gone are free at once", () => {
    const leases = leasesOf(1000, [1, 2]);
    leases.changes();
    for (const id of [1, 2]) {
      leases.report(id, {
        ...idle,
        limit: 500,
        held: 500,
        resident: 500,
        admitted: 1,
        waiting: 1,
        needed: 100,
      });
    }
    leases.leave(1);
    expect(leases.committed).toBe(500);
    expect([...leases.changes()]).toEqual([[2, 1000]]);
    leases.report(1, { ...idle, held: 900, resident: 900 });
    expect(leases.committed).toBe(1000);
  });

  test("who waits first is served first", () => {
    const leases = leasesOf(900, [1, 2, 3]);
    leases.changes();
    const wants = { ...idle, limit: 300, waiting: 1, needed: 700 };
    for (const id of [3, 1, 2]) leases.report(id, wants);
    const changes = leases.changes();
    expect([...changes.keys()].sort()).toEqual([1, 2]);
    for (const [id, limit] of changes) leases.report(id, { ...wants, limit });
    expect([...leases.changes()]).toEqual([[3, 700]]);
    leases.report(3, { ...idle, limit: 700 });
    const [[next]] = [...leases.changes()] as [[number, number]];
    expect(next).toBe(3);
  });

  test("one that lacks a little is served while the others go on", () => {
    const leases = leasesOf(1000, [1, 2]);
    leases.changes();
    const busy = { ...idle, limit: 500, held: 450, resident: 450, admitted: 1, waiting: 9, needed: 450 };
    leases.report(1, { ...idle, limit: 500, waiting: 1, needed: 520 });
    leases.report(2, busy);
    expect([...leases.changes()]).toEqual([[2, 480]]);
    leases.report(2, { ...busy, limit: 480 });
    expect([...leases.changes()]).toEqual([[1, 520]]);
  });

  test("a worker's own cache does not stand in the way of its own unit", () => {
    const leases = leasesOf(40, [1]);
    const lease = leases.changes().get(1)!;
    leases.report(1, { ...idle, limit: lease, resident: 13 });
    // The budget falls to the very bytes that its next unit needs; what it has beside is cache.
    leases.resize(7);
    expect(leases.changes()).toEqual(new Map([[1, 7]]));
    leases.report(1, { ...idle, limit: 7, resident: 13 });
    leases.resize(11);
    leases.report(1, { ...idle, limit: 7, resident: 13, needed: 11, waiting: 1 });
    expect(leases.changes()).toEqual(new Map([[1, 11]]));
  });

  test("one that needs more than there is goes on alone", () => {
    const leases = leasesOf(1000, [1, 2]);
    leases.changes();
    leases.report(1, { ...idle, limit: 500, waiting: 1, needed: 1200 });
    leases.report(2, { ...idle, limit: 500, admitted: 1, held: 300, resident: 300 });
    expect([...leases.changes()]).toEqual([[2, 0]]);
    leases.report(2, { ...idle, limit: 0, admitted: 1, held: 300, resident: 300 });
    expect([...leases.changes()]).toEqual([[1, 700]]);
    leases.report(2, { ...idle, limit: 0, waiting: 2, needed: 100 });
    expect([...leases.changes()]).toEqual([[1, 1000]]);
    leases.report(1, { ...idle, limit: 1000, waiting: 1, needed: 1200 });
    expect([...leases.changes()]).toEqual([[1, 1200]]);
  });
});

test("a unit that needs a fraction of a byte more than a whole number is served", () => {
  const leases = new Leases(33_500_000);
  const report = (id: number, limit: number) =>
    leases.report(id, {
      limit,
      held: 60_000.4,
      needed: 17_160_000.4,
      resident: 12e6,
      admitted: 0,
      waiting: 9,
    });
  leases.join(1);
  leases.join(2);
  for (const [id, lease] of leases.changes()) report(id, lease);
  let served = false;
  for (let i = 0; i < 4 && !served; i++) {
    for (const [id, lease] of leases.changes()) {
      served ||= lease >= 17_160_000.4;
      report(id, lease);
    }
  }
  expect(served).toBe(true);
});

test("a worker at work gives nothing up to one that has only just begun to wait", () => {
  let now = 0;
  const leases = new Leases(300, { patience: 2000, now: () => now });
  leases.join(1);
  leases.join(2);
  const said = { held: 0, needed: 200, resident: 0, waiting: 9 };
  for (const [id, limit] of leases.changes()) leases.report(id, { ...said, limit, admitted: 0 });
  // Nobody is at work: the first is served at once.
  expect([...leases.changes()]).toEqual([[2, 100]]);
  leases.report(2, { ...said, limit: 100, admitted: 0 });
  expect([...leases.changes()]).toEqual([[1, 200]]);
  leases.report(1, { ...said, limit: 200, held: 200, resident: 200, admitted: 1 });
  now = 1900;
  expect([...leases.changes()]).toEqual([]);
  now = 2100;
  expect(new Map(leases.changes()).get(1)).toBe(100);
});

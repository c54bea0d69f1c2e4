import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Failure } from "../../src/model/row.ts";
import type { ToWorker, WorkerStart } from "../../src/runtime/messages.ts";
import { type PoolEars, type WorkerPool, workerPool } from "../../src/runtime/workerPool.ts";
import { type FakeCases, type FakeWorkers, fakeWorkers } from "./fakeWorker.ts";

const startOf = (id: number): WorkerStart => ({
  id,
  pipeline: "p.ts",
  fingerprint: "f",
  options: {},
  hasReader: false,
  lease: 0,
  most: 1,
  began: 0,
});

const noData = { name: "d", description: "", cases: [], forecasts: [], targets: [], climatologies: [] };

/** What the coordinator is told. */
const heardBy = () => {
  const done = new Map<number, number>();
  const failures: Failure[] = [];
  const losses: {
    readonly id: number;
    readonly why: string | undefined;
    readonly cases: readonly number[];
  }[] = [];
  const joined: number[] = [];
  const ears: PoolEars = {
    hear: () => {},
    fail: (failure) => void failures.push(failure),
    gap: () => {},
    count: (id, { done: n = 0 }) => void done.set(id, (done.get(id) ?? 0) + n),
    joined: (id) => void joined.push(id),
    left: (id, why, cases) => void losses.push({ id, why, cases }),
  };
  return { ears, done, failures, losses, joined };
};

/** Promises settle. */
const settled = async () => {
  for (let i = 0; i < 8; i++) await Promise.resolve();
};

interface Outcome {
  values: unknown[];
  state: "open" | "complete" | "error";
  error?: Error;
  times: number;
}

const outcomeOf = (pool: WorkerPool, id: number) => {
  const outcome: Outcome = { values: [], state: "open", times: 0 };
  const subscription = pool.run(0, id).subscribe({
    next: (value) => outcome.values.push(value),
    error: (error: Error) => Object.assign(outcome, { state: "error", error, times: outcome.times + 1 }),
    complete: () => Object.assign(outcome, { state: "complete", times: outcome.times + 1 }),
  });
  return Object.assign(outcome, { subscription });
};

const all = (count: number) => Array.from({ length: count }, (_, i) => i);

const setUp = (size: number, cases: FakeCases, later?: number) => {
  const workers = fakeWorkers(cases);
  const heard = heardBy();
  const pool = workerPool(size, "thread", startOf, heard.ears, workers.begin, later);
  return { workers, heard, pool };
};

/** Takes steps until none is left; `choose` says which. */
const drive = async (workers: FakeWorkers, choose: (n: number) => number, before?: () => void) => {
  for (let i = 0; ; i++) {
    if (i > 20_000) throw new Error("it goes on for ever");
    before?.();
    const steps = workers.living.flatMap((worker) => worker.steps());
    if (steps.length === 0) {
      vi.advanceTimersByTime(200);
      await settled();
      if (workers.living.every((worker) => worker.steps().length === 0)) return;
      continue;
    }
    steps[choose(steps.length)]!();
    await settled();
  }
};

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

describe("workerPool, whatever happens when", () => {
  const schedule = fc.record({
    size: fc.integer({ min: 1, max: 4 }),
    refs: fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 4 }),
    choices: fc.infiniteStream(fc.nat(1_000_000)),
    /** Steps at which a worker dies. */
    deaths: fc.array(fc.tuple(fc.nat(150), fc.nat(3)), { maxLength: 5 }),
    cancels: fc.array(fc.tuple(fc.nat(150), fc.nat(3)), { maxLength: 1 }),
    later: fc.constantFrom(undefined, 300),
  });

  test("each case completes once with each of its refs once, or fails after three deaths", async () => {
    let completed = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async ({ size, refs, choices, deaths, cancels, later }) => {
        const { workers, heard, pool } = setUp(size, { refs: (id) => refs[id]! }, later);
        const outcomes = refs.map((_, id) => outcomeOf(pool, id));
        const deathsOf = new Map<number, number>();
        const cancelled = new Set<number>();
        let step = 0;
        await drive(
          workers,
          (n) => choices.next().value! % n,
          () => {
            step += 1;
            for (const [at, which] of deaths) {
              const worker = workers.living[which % Math.max(1, workers.living.length)];
              // One that dies before it is ready is another story.
              if (at !== step || worker === undefined || worker.jobs.size === 0) continue;
              for (const { id } of worker.jobs.values()) deathsOf.set(id, (deathsOf.get(id) ?? 0) + 1);
              worker.die();
            }
            for (const [at, which] of cancels) {
              const id = which % refs.length;
              if (at !== step || outcomes[id]!.state !== "open") continue;
              cancelled.add(id);
              outcomes[id]!.subscription.unsubscribe();
            }
          },
        );
        for (const [id, { state, values, times, error }] of outcomes.entries()) {
          if (cancelled.has(id)) {
            expect(state).toBe("open");
            expect(heard.done.get(id) ?? 0, "counts of a case that was given up").toBe(0);
            continue;
          }
          expect(times, `case ${id} is over once`).toBe(1);
          if (state === "complete") {
            completed += 1;
            expect(values, `case ${id}`).toEqual([all(refs[id]!)]);
            expect(heard.done.get(id) ?? 0, `counts of case ${id}`).toBe(refs[id]!);
          } else {
            failed += 1;
            expect(error!.message).toMatch(/3 times/);
            expect(deathsOf.get(id)).toBeGreaterThanOrEqual(3);
          }
        }
        for (const { jobs } of workers.living) expect(jobs.size).toBe(0);
        await pool.close();
      }),
      { numRuns: 600, seed: 4 },
    );
    expect(completed).toBeGreaterThan(500);
    expect(failed).toBeGreaterThan(3);
  });
});

/** Steps of the first worker that has any, till `until`. */
const forward = async (workers: FakeWorkers, until: () => boolean) => {
  for (let i = 0; !until(); i++) {
    if (i > 5000) throw new Error("it never comes to that");
    const steps = workers.living.flatMap((worker) => worker.steps());
    steps[i % Math.max(1, steps.length)]?.();
    if (steps.length === 0) vi.advanceTimersByTime(200);
    await settled();
  }
};
const inTurn = () => {
  let i = 0;
  return (n: number) => i++ % n;
};
const jobsOf = (workers: FakeWorkers) => workers.living.map(({ jobs }) => jobs.size);
const failure: Failure = {
  case_id: 0,
  forecast: null,
  target: null,
  source: null,
  key: null,
  stage: "read",
  tag: "Error",
  message: "damaged",
};

describe("workerPool", () => {
  test("one big case is divided among all workers", async () => {
    const { workers, pool } = setUp(3, { refs: () => 60 });
    const outcome = outcomeOf(pool, 0);
    const worked = new Set<number>();
    await drive(workers, inTurn(), () => {
      for (const { id, jobs } of workers.living) {
        for (const { done } of jobs.values()) if (done.length > 3) worked.add(id);
      }
    });
    expect(outcome).toMatchObject({ state: "complete", values: [all(60)] });
    expect(worked.size).toBe(3);
  });

  test("parts of a case are called off when its worker dies, when it is given up, and when it fails", async () => {
    for (const end of ["death", "cancel", "error"] as const) {
      const { workers, pool, heard } = setUp(2, { refs: () => 40 });
      const outcome = outcomeOf(pool, 0);
      await forward(workers, () => workers.living.every(({ jobs }) => jobs.size === 1));
      const [owner, helper] = workers.living as [(typeof workers.living)[0], (typeof workers.living)[0]];
      const [part] = helper.jobs.keys();
      if (end === "death") owner.die();
      else if (end === "cancel") outcome.subscription.unsubscribe();
      else
        owner.say({ type: "error", job: [...owner.jobs.keys()][0]!, error: { name: "Error", message: "x" } });
      expect(helper.posted, end).toContainEqual({ type: "cancel", job: part });
      if (end !== "death") await drive(workers, inTurn());
      if (end === "cancel") expect([...heard.done.values()]).toEqual([0]);
      await drive(workers, inTurn());
      if (end === "death") {
        expect(outcome).toMatchObject({ state: "complete", values: [all(40)] });
        expect(heard.done.get(0)).toBe(40);
        expect(heard.losses).toMatchObject([{ id: owner.id, cases: [0], why: "it was killed" }]);
      }
    }
  });

  test("failures of an attempt that was lost are not told; those of a part are, once, with its case", async () => {
    const { workers, pool, heard } = setUp(3, { refs: () => 40 });
    const outcome = outcomeOf(pool, 0);
    const share = () => forward(workers, () => workers.living.every(({ jobs }) => jobs.size === 1));
    await share();
    const [first, second] = workers.living as [(typeof workers.living)[0], (typeof workers.living)[0]];
    for (const worker of [first, second]) {
      worker.say({ type: "failure", job: [...worker.jobs.keys()][0]!, failure });
    }
    // The part is over before its case is lost.
    await forward({ ...workers, living: [second] } as FakeWorkers, () => second.jobs.size === 0);
    first.die();
    expect(heard.failures).toEqual([]);
    await share();
    const part = workers.living.find(({ jobs }) => [...jobs.keys()][0] !== 1)!;
    // The same from two workers, which both open the sources of the case, is one failure.
    part.say({ type: "failure", job: [...part.jobs.keys()][0]!, failure });
    part.say({ type: "failure", job: [...part.jobs.keys()][0]!, failure });
    await drive(workers, inTurn());
    expect(outcome).toMatchObject({ state: "complete", values: [all(40)] });
    expect(heard.failures).toEqual([failure]);
  });

  test("a case that only waited for its parts when its worker died is not blamed for it", async () => {
    const { workers, pool } = setUp(2, { refs: () => 40 });
    const outcome = outcomeOf(pool, 0);
    for (let death = 0; death < 4; death++) {
      await forward(workers, () => workers.living.every(({ jobs }) => jobs.size === 1));
      const owner = workers.living.find(({ jobs }) => jobs.has(1))!;
      owner.say({ type: "waits", job: 1 });
      owner.die();
    }
    await drive(workers, inTurn());
    expect(outcome).toMatchObject({ state: "complete", values: [all(40)] });
  });

  test("a case whose workers die for ever while it waits ends all the same", async () => {
    const { workers, pool } = setUp(1, { refs: () => 40 });
    const outcome = outcomeOf(pool, 0);
    for (let death = 0; death < 20 && outcome.state === "open"; death++) {
      await forward(workers, () => workers.living.some(({ jobs }) => jobs.has(1)));
      const [owner] = workers.living;
      owner!.say({ type: "waits", job: 1 });
      owner!.die();
    }
    expect(outcome).toMatchObject({
      state: "error",
      error: { message: expect.stringMatching(/^the worker at case 0 died 9 times/) },
    });
  });

  test("what a worker throws ends its case with that error, and the worker goes on", async () => {
    const { workers, pool } = setUp(1, { refs: () => 3, throws: (id, ref) => id === 0 && ref === 1 });
    const [bad, good] = [outcomeOf(pool, 0), outcomeOf(pool, 1)];
    await drive(workers, inTurn());
    expect(bad).toMatchObject({ state: "error", error: { message: "ref 1 of case 0" } });
    expect(good).toMatchObject({ state: "complete", values: [all(3)] });
    expect(workers.all.length).toBe(1);
  });

  test("a part that throws fails its case by name", async () => {
    const { workers, pool } = setUp(2, { refs: () => 30, throws: (_, ref) => ref === 29 });
    const outcome = outcomeOf(pool, 0);
    await forward(workers, () => workers.living.every(({ jobs }) => jobs.size === 1));
    await drive(workers, inTurn());
    expect(outcome).toMatchObject({ state: "error", error: { message: "ref 29 of case 0" } });
    expect(jobsOf(workers)).toEqual([0, 0]);
  });

  test("a case whose workers die three times fails by name; the next one is done", async () => {
    const { workers, pool, heard } = setUp(1, { refs: () => 3 });
    const [bad, good] = [outcomeOf(pool, 7), outcomeOf(pool, 8)];
    await forward(workers, () => workers.living.some(({ jobs }) => jobs.size === 2));
    workers.living[0]!.die("at one of both");
    for (let i = 0; i < 3; i++) {
      await forward(workers, () => workers.living.some(({ jobs }) => jobs.size > 0));
      expect(jobsOf(workers)).toEqual([1]);
      workers.living[0]!.die("too large");
    }
    expect(bad).toMatchObject({ state: "error", error: { tag: "Worker" } });
    expect(bad.error!.message).toMatch(/case 7 died 3 times; the last time: too large/);
    await drive(workers, inTurn());
    expect(good).toMatchObject({ state: "complete", values: [all(3)] });
    expect(heard.joined).toEqual([1, 2, 3, 4, 5]);
  });

  test("one worker alone has all cases at once; of several each has one", async () => {
    for (const [size, jobs] of [
      [1, [3]],
      [2, [1, 1]],
    ] as const) {
      const { workers, pool } = setUp(size, { refs: () => 3 });
      const outcomes = [0, 1, 2].map((id) => outcomeOf(pool, id));
      await forward(workers, () => jobsOf(workers).join() === jobs.join());
      await drive(workers, inTurn());
      expect(outcomes.map(({ state }) => state)).toEqual(["complete", "complete", "complete"]);
      await pool.close();
    }
  });

  test("ready: when all are; rejects where one ends before it is, or refuses", async () => {
    const good = setUp(2, { refs: () => 1 });
    let isReady = false;
    const ready = good.pool.ready().then(() => {
      isReady = true;
    });
    await settled();
    expect(isReady).toBe(false);
    await drive(good.workers, inTurn());
    await ready;
    await good.pool.ready();

    const dead = setUp(2, { refs: () => 1, loads: (id) => id !== 2 });
    const refusal = expect(dead.pool.ready()).rejects.toMatchObject({ tag: "Worker" });
    await drive(dead.workers, inTurn());
    await refusal;

    const refused = setUp(1, { refs: () => 1 });
    const told = expect(refused.pool.ready()).rejects.toThrow("no such metric");
    refused.workers.all[0]!.say({ type: "refused", error: { name: "Error", message: "no such metric" } });
    await told;
    await expect(refused.pool.ready()).rejects.toThrow("no such metric");
    expect(outcomeOf(refused.pool, 0)).toMatchObject({ state: "error" });
  });

  test("workers that cannot be started again are not started for ever", async () => {
    for (const size of [1, 2]) {
      const { workers, pool } = setUp(size, { refs: () => 20, loads: (id) => id <= size });
      const outcomes = [0, 1, 2].map((id) => outcomeOf(pool, id));
      await forward(workers, () => workers.living.every(({ jobs }) => jobs.size > 0));
      workers.living[0]!.die();
      await drive(workers, inTurn());
      expect(workers.all.length).toBe(size + 3);
      for (const outcome of outcomes) {
        if (size === 1) expect(outcome).toMatchObject({ state: "error", error: { tag: "Worker" } });
        else expect(outcome).toMatchObject({ state: "complete", values: [all(20)] });
      }
      for (const worker of workers.living) worker.die();
      expect(outcomeOf(pool, 3)).toMatchObject({ state: "error", error: { tag: "Worker" } });
    }
  });

  test("a start that fails is forgotten once one succeeds", async () => {
    const { workers, pool } = setUp(1, { refs: () => 5, loads: (id) => [1, 4, 7].includes(id) });
    const outcome = outcomeOf(pool, 0);
    for (let i = 0; i < 2; i++) {
      await forward(workers, () => workers.living.some(({ jobs }) => jobs.size > 0));
      workers.living[0]!.die();
    }
    await drive(workers, inTurn());
    expect(outcome).toMatchObject({ state: "complete", values: [all(5)] });
  });

  test("what is said to all is said to those that come later, where it still holds", async () => {
    const { workers, pool } = setUp(1, { refs: () => 3 });
    outcomeOf(pool, 0);
    await forward(workers, () => workers.living.some(({ jobs }) => jobs.size > 0));
    const opened: ToWorker[] = [
      { type: "open", data: noData },
      { type: "cases", path: "c.yaml", cases: [] },
    ];
    for (const message of opened) pool.postAll(message);
    pool.postAll({ type: "pause", paused: true });
    pool.postAll({ type: "trim", cache: true });
    pool.postAll({ type: "drain" });
    pool.post(1, { type: "lease", bytes: 5, most: 5 });
    workers.living[0]!.die();
    const [, later] = workers.all;
    expect(later!.posted).toEqual([...opened, { type: "pause", paused: true }, { type: "drain" }]);
  });

  test("nothing is started or said after close", async () => {
    const { workers, pool, heard } = setUp(2, { refs: () => 9 });
    const outcome = outcomeOf(pool, 0);
    await forward(workers, () => workers.living.some(({ jobs }) => jobs.size > 0));
    await pool.close();
    expect(workers.living).toEqual([]);
    workers.all[0]!.say({ type: "done", job: 1 });
    vi.advanceTimersByTime(1000);
    expect(outcome.state).toBe("open");
    expect([workers.all.length, heard.losses.length]).toEqual([2, 0]);
  });
});

describe("workers that begin later", () => {
  const begun = async (work: boolean) => {
    const { workers, heard, pool } = setUp(3, { refs: () => 8 }, 1000);
    if (work) for (const id of all(3)) outcomeOf(pool, id);
    for (const step of workers.living.flatMap((worker) => worker.steps())) step();
    await settled();
    const joined = [heard.joined.length];
    for (const ms of [999, 1]) {
      vi.advanceTimersByTime(ms);
      await settled();
      joined.push(heard.joined.length);
    }
    await pool.close();
    return joined;
  };

  test("do so where there still is work, and not before", async () => {
    expect(await begun(true)).toEqual([1, 1, 3]);
    expect(await begun(false)).toEqual([1, 1, 1]);
  });

  test("never where it is over by then", async () => {
    const { heard, pool } = setUp(3, { refs: () => 8 }, 1000);
    outcomeOf(pool, 0);
    await pool.close();
    vi.advanceTimersByTime(2000);
    expect(heard.joined.length).toBe(1);
  });
});

/**
 * Keeps a run within its one number: measures what the program is before it works, lets the governor watch the whole
 * process tree, and hands what may be admitted to the ledger of this thread or, as leases, to those of the workers.
 */
import type { MemoryState } from "../model/event.ts";
import { formatBytes } from "./byteSize.ts";
import { type Governing, governing } from "./governor/governing.ts";
import { type Actions, governor, type Signals } from "./governor/governor.ts";
import { Leases } from "./leases.ts";
import { pressureGauge } from "./machine/pressure.ts";
import { descendants, residentOf } from "./machine/processTree.ts";
import type { System } from "./machine/system.ts";
import { budgetOf, leastLimit } from "./memory.ts";
import type { MemoryUse, RunMemory } from "./runMemory.ts";
import type { WorkerPool } from "./workerPool.ts";

export interface Steering extends Disposable {
  /** Measures the baseline: everything is loaded, nothing is in work. From then on the governor watches. */
  begin(): void;
  /** Moves the one number (bytes of the whole tree). */
  limit(bytes: number): void;
  pause(paused: boolean): void;
  joined(id: number): void;
  left(id: number): void;
  hear(id: number, use: MemoryUse): void;
  state(): MemoryState;
  /** Most bytes that the tree was seen to hold. */
  readonly peak: number;
  readonly peakAdmitted: number;
}

export interface SteeringOptions {
  readonly limit: number;
  /** Where the machine would kill. */
  readonly hard: number | undefined;
  readonly system: System;
  readonly local: RunMemory;
  readonly collect: () => void;
  /** Set where workers do the work. */
  readonly pool: () => WorkerPool | undefined;
  /** Bytes of readers, which begin when the first large chunks are asked for. */
  readonly readers: number;
  /** The run must end: why. */
  readonly stop: (cause: string) => void;
  /** What a person should know; each kind of cause once for a limit. */
  readonly say: (cause: string) => void;
}

/** Measurements between two searches for processes. */
const searchEvery = 50;
/** Milliseconds a worker waits with a large unit before another one at work gives bytes up. */
const patience = 2000;
/** Milliseconds between two divisions of the budget among workers. */
const divideEvery = 10;

export const steering = (options: SteeringOptions): Steering => {
  const { system, local, collect, pool, hard } = options;
  const uses = new Map<number, MemoryUse>();
  const leases = new Leases(0, { patience, now: () => performance.now() });
  const gauge = pressureGauge(system);
  let { limit } = options;
  /** What the user gave. */
  let asked = limit;
  let baseline = system.ownRss();
  let most = budgetOf(limit, baseline);
  let admitted = most;
  let rss = baseline;
  let peak = 0;
  let peakAdmitted = 0;
  let largest = 0;
  /** Causes that were said at this limit, without their numbers. */
  const said = new Set<string>();
  let watching: Governing | undefined;
  let children: readonly number[] = [];
  let measured = 0;
  let dividing: NodeJS.Timeout | undefined;

  const measure = (): number => {
    const pids = pool()?.pids ?? [];
    // A worker may have children of its own: looked for now and then, for it is dear.
    if (pids.length > 0 && measured++ % searchEvery === 0) children = descendants(system, system.pid);
    rss = residentOf(system, [...new Set([system.pid, ...pids, ...(pids.length > 0 ? children : [])])]);
    peak = Math.max(peak, rss);
    return rss;
  };
  const all = (): MemoryUse[] => [local.state(), ...uses.values()];
  const sum = (number: (use: MemoryUse) => number) => all().reduce((total, use) => total + number(use), 0);

  const sample = (): Signals => {
    const used = sum(({ units, states }) => units + states);
    const { needed, states } = local.state();
    largest = Math.max(largest, needed - states);
    peakAdmitted = Math.max(peakAdmitted, used);
    // Where the run would be killed; less than the program needs is no line to end it at.
    const killed = limit > asked ? (hard ?? system.totalMemory()) : hard;
    return {
      limit,
      ...(killed === undefined ? {} : { hard: killed }),
      rss: measure(),
      baseline,
      resident: sum(({ resident }) => resident),
      free: sum(({ free }) => free),
      states: sum(({ states }) => states),
      used,
      unit: Math.max(...all().map(({ needed }) => needed)),
      pressure: gauge(),
    };
  };

  const sayOnce = (cause: string): void => {
    const kind = cause.replace(/[\d.]+ [kMGT]?B/g, "");
    if (said.has(kind)) return;
    said.add(kind);
    options.say(cause);
  };

  const apply = (actions: Actions): void => {
    admitted = Math.min(actions.admitted, most);
    const workers = pool();
    if (actions.trim) local.trim(false);
    else if (actions.collect) collect();
    if (actions.trim || actions.collect) workers?.postAll({ type: "trim", cache: false });
    if (workers === undefined) local.resize(admitted, most);
    else divide();
    if (actions.cause !== undefined) sayOnce(actions.cause);
    if (actions.stop) options.stop(actions.cause ?? "the memory of this run is used up");
  };

  const divide = (): void => {
    const workers = pool();
    if (workers === undefined) return;
    leases.resize(Math.max(0, admitted - local.state().states));
    for (const [id, bytes] of leases.changes()) workers.post(id, { type: "lease", bytes, most });
  };
  const divideSoon = (): void => {
    if (dividing !== undefined) return;
    dividing = setTimeout(() => {
      dividing = undefined;
      divide();
    }, divideEvery);
    dividing.unref();
  };

  const take = (bytes: number): void => {
    said.clear();
    asked = bytes;
    limit = leastLimit(bytes, baseline);
    most = budgetOf(limit, baseline);
    if (limit === bytes) return;
    options.say(
      `${formatBytes(bytes)} is less than this program can work in: it goes on with ${formatBytes(limit)}, ` +
        `of which ${formatBytes(baseline)} are taken before the first unit`,
    );
  };

  return {
    begin() {
      baseline = measure() + options.readers;
      take(limit);
      watching = governing(governor(), sample, apply);
    },
    limit(bytes) {
      take(bytes);
      watching?.now();
    },
    pause(paused) {
      local.pause(paused);
      pool()?.postAll({ type: "pause", paused });
    },
    joined(id) {
      leases.join(id);
      divideSoon();
    },
    left(id) {
      leases.leave(id);
      uses.delete(id);
      divideSoon();
    },
    hear(id, use) {
      uses.set(id, use);
      largest = Math.max(largest, use.needed - use.states);
      const { limit, units, states, cache, resident, needed, waiting, admitted: inWork } = use;
      const held = units + states;
      leases.report(id, {
        limit,
        held,
        needed,
        resident: Math.max(resident + states, held + cache),
        admitted: inWork,
        waiting,
      });
      divideSoon();
    },
    state: () => ({
      limit,
      baseline,
      budget: admitted,
      units: sum(({ units }) => units),
      cache: sum(({ cache }) => cache),
      states: sum(({ states }) => states),
      rss,
      waiting: sum(({ waiting }) => waiting),
      largest: largest > 0 ? largest : null,
    }),
    get peak() {
      return peak;
    },
    get peakAdmitted() {
      return peakAdmitted;
    },
    [Symbol.dispose]() {
      clearTimeout(dividing);
      watching?.[Symbol.dispose]();
    },
  };
};

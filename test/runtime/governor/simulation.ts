/**
 * A process tree on paper, in MB as the numbers are read best: a ledger that obeys, a pool that keeps its pages until it is trimmed, units that fill their
 * buffers over some steps, garbage until it is collected. Memory that was given up is gone a step later.
 */
import { governor } from "../../../src/runtime/governor/governor.ts";
import type { Actions, Signals } from "../../../src/runtime/governor/signals.ts";

export interface World {
  limit: number;
  baseline: number;
  unit: number;
  states: number;
  /** Real bytes for a counted byte. */
  factor: number;
  /** Bytes that nobody counts, a step. */
  leak: number;
  leaked: number;
  /** Garbage of the heap, a step; grows to `garbageMost`. */
  garbage: number;
  garbageMost: number;
  /** Share of rss that comes and goes. */
  noise: number;
  work: boolean;
  hard: number | undefined;
  pressure: Signals["pressure"];
}

const calmWorld: World = {
  limit: 1000,
  baseline: 150,
  unit: 20,
  states: 5,
  factor: 1,
  leak: 0,
  leaked: 0,
  garbage: 0,
  garbageMost: 0,
  noise: 0,
  work: true,
  hard: undefined,
  pressure: undefined,
};

export interface Moment extends Actions {
  readonly rss: number;
  readonly used: number;
  readonly limit: number;
}

interface Unit {
  readonly bytes: number;
  filled: number;
  left: number;
}

export const simulate = (
  steps: number,
  change: Partial<World>,
  later: (world: World, step: number) => void = () => {},
) => {
  const world = { ...calmWorld, ...change };
  const control = governor();
  const moments: Moment[] = [];
  let units: Unit[] = [];
  let free = 0;
  let garbage = 0;
  /** Buffers that were dropped and wait for a collection. */
  let dropped = 0;
  let seed = 42;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  let admitted = 0;
  for (let step = 0; step < steps; step++) {
    later(world, step);
    for (const unit of units) {
      const more = Math.min(unit.bytes - unit.filled, unit.bytes / 2);
      free = Math.max(0, free - more); // a free buffer is used again
      unit.filled += more;
      unit.left -= 1;
    }
    for (const unit of units) if (unit.left <= 0) free += unit.bytes;
    units = units.filter(({ left }) => left > 0);
    world.leaked = Math.max(0, world.leaked + world.leak);
    garbage = Math.min(world.garbageMost, garbage + world.garbage);
    const inUse = units.reduce((sum, { filled }) => sum + filled, 0);
    const used = () => world.states + units.reduce((sum, { bytes }) => sum + bytes, 0);
    const rss =
      (world.baseline + world.states + world.factor * (inUse + free + dropped) + world.leaked + garbage) *
      (1 + world.noise * (2 * random() - 1));
    const signals: Signals = {
      limit: world.limit,
      rss,
      baseline: world.baseline,
      resident: inUse + free,
      free,
      states: world.states,
      used: used(),
      unit: world.work ? world.unit : 0,
      ...(world.hard === undefined ? {} : { hard: world.hard }),
      ...(world.pressure === undefined ? {} : { pressure: world.pressure }),
    };
    const mega = (value: unknown) => (typeof value === "number" ? value * 1e6 : value);
    const bytes = Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, mega(value)]));
    const inBytes = control.step(bytes as unknown as Signals);
    const actions = { ...inBytes, admitted: inBytes.admitted / 1e6 };
    admitted = actions.admitted;
    if (actions.trim) {
      dropped += free;
      free = 0;
    }
    if (actions.collect) {
      garbage = 0;
      dropped = 0;
    }
    while (world.work && (used() + world.unit <= admitted || units.length === 0)) {
      units.push({ bytes: world.unit, filled: 0, left: 2 + Math.floor(random() * 4) });
    }
    moments.push({ ...actions, rss, used: used(), limit: world.limit });
    if (actions.stop) break;
  }
  return moments;
};

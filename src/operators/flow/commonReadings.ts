/**
 * What units of one valid time have in common: a target and its climatologies are the same for every run that was valid
 * then. Units that are in work at the same time, and refs of one valid time mostly are, read them once; the arrays go when
 * the last of these units is over. Each unit is charged as if it had read them alone.
 */
import type { OwnedWorkspace, Workspace } from "../../model/memory.ts";

interface Entry {
  readonly memory: OwnedWorkspace;
  readonly reading: Promise<unknown>;
  readonly controller: AbortController;
  holders: number;
  isOver: boolean;
}

/** Reads into arrays of `memory`, until `signal` is aborted. */
interface Read<T> {
  read(memory: Workspace, signal: AbortSignal): Promise<T>;
  /** Whether who comes later should try again. */
  isFailed(value: T): boolean;
}

export interface UnitReadings {
  /**
   * What `reading` gives, or has given to another unit that is not over. It is aborted when all of them have left.
   *
   * @param of tells readings of one time apart
   */
  read<T>(of: object, time: number, reading: Read<T>): Promise<T>;
  /** The unit is over, or given up. */
  free(): void;
}

export class CommonReadings {
  readonly #workspace: () => OwnedWorkspace;
  readonly #entries = new Map<object, Map<number, Entry>>();

  constructor(workspace: () => OwnedWorkspace) {
    this.#workspace = workspace;
  }

  /** Those of one unit. */
  unit(): UnitReadings {
    const held: (() => void)[] = [];
    return {
      read: <T>(of: object, time: number, asked: Read<T>) => {
        const { reading, leave } = this.#join(of, time, asked);
        held.push(leave);
        return reading as Promise<T>;
      },
      free() {
        for (const leave of held.splice(0)) leave();
      },
    };
  }

  #join<T>(of: object, time: number, read: Read<T>) {
    const times = this.#entries.get(of) ?? new Map<number, Entry>();
    this.#entries.set(of, times);
    const forget = (entry: Entry) => {
      if (times.get(time) === entry) times.delete(time);
      if (times.size === 0 && this.#entries.get(of) === times) this.#entries.delete(of);
    };
    const entry = times.get(time) ?? this.#begin(read, forget);
    times.set(time, entry);
    entry.holders += 1;
    const leave = () => {
      entry.holders -= 1;
      if (entry.holders > 0) return;
      forget(entry);
      // An abort costs an exception with its stack: not for each that is done.
      if (!entry.isOver) entry.controller.abort();
      // A reading that is given up is not over yet, and still takes arrays.
      entry.reading.finally(() => entry.memory.free()).catch(() => {});
    };
    return { reading: entry.reading, leave };
  }

  #begin<T>(reading: Read<T>, forget: (entry: Entry) => void): Entry {
    const [memory, controller] = [this.#workspace(), new AbortController()];
    const read = reading.read(memory, controller.signal);
    const entry: Entry = { memory, controller, reading: read, holders: 0, isOver: false };
    const over = (isFailed: boolean) => {
      entry.isOver = true;
      if (isFailed) forget(entry);
    };
    read.then(
      (value) => over(reading.isFailed(value)),
      () => over(true),
    );
    return entry;
  }
}

/**
 * What units of one valid time have in common: a target and its climatologies are the same for every run that was valid
 * then. Units that are in work at the same time, and refs of one valid time mostly are, read them once; the arrays go when
 * the last of these units is over. Each unit is charged as if it had read them alone.
 */
import type { OwnedWorkspace, Workspace } from "../../model/memory.ts";

interface Entry {
  readonly memory: OwnedWorkspace;
  readonly reading: Promise<unknown>;
  holders: number;
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
      read: <T>(of: object, time: number, read: (memory: Workspace) => Promise<T>) => {
        const { entry, leave } = this.#join(of, time, read);
        held.push(leave);
        return entry.reading as Promise<T>;
      },
      free() {
        for (const leave of held.splice(0)) leave();
      },
    };
  }

  #join(of: object, time: number, read: (memory: Workspace) => Promise<unknown>) {
    const times = this.#entries.get(of) ?? new Map<number, Entry>();
    this.#entries.set(of, times);
    let entry = times.get(time);
    if (entry === undefined) {
      const memory = this.#workspace();
      entry = { memory, reading: read(memory), holders: 0 };
      times.set(time, entry);
    }
    const { memory, reading } = entry;
    const joined = entry;
    joined.holders += 1;
    const leave = () => {
      joined.holders -= 1;
      if (joined.holders > 0) return;
      times.delete(time);
      if (times.size === 0) this.#entries.delete(of);
      // A reading that is given up is not over yet, and still takes arrays.
      reading.finally(() => memory.free()).catch(() => {});
    };
    return { entry, leave };
  }
}

export interface UnitReadings {
  /**
   * What `read` gives, or has given to another unit that is not over. It is not aborted with the unit that was first.
   *
   * @param of tells readings of one time apart
   */
  read<T>(of: object, time: number, read: (memory: Workspace) => Promise<T>): Promise<T>;
  /** The unit is over. */
  free(): void;
}

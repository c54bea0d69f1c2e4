import { setMaxListeners } from "node:events";

interface Group {
  readonly waiting: Set<() => void>;
  readonly stop: () => void;
}

/**
 * What is done once a signal is aborted. All reads of a unit wait with its one signal, and a signal goes through all its
 * listeners whenever one comes or goes: here it has one, which calls all that wait.
 */
export class Stops {
  readonly #groups = new WeakMap<AbortSignal, Group>();

  /** Calls `stopped` when `signal` is aborted, unless what this returns is called before. */
  when(signal: AbortSignal, stopped: () => void): () => void {
    const { waiting, stop } = this.#groups.get(signal) ?? this.#group(signal);
    if (waiting.size === 0) signal.addEventListener("abort", stop);
    waiting.add(stopped);
    return () => {
      waiting.delete(stopped);
      if (waiting.size === 0) signal.removeEventListener("abort", stop);
    };
  }

  #group(signal: AbortSignal): Group {
    const waiting = new Set<() => void>();
    const stop = () => {
      for (const stopped of waiting) stopped();
    };
    // Many stores and hosts may be read with one signal; of more than ten Node would warn as of a leak.
    setMaxListeners(0, signal);
    const group = { waiting, stop };
    this.#groups.set(signal, group);
    return group;
  }
}

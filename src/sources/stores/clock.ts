import { setTimeout } from "node:timers/promises";

/** Time as stores need it; tests have their own. */
export interface Clock {
  /** Milliseconds of a steady clock. */
  now(): number;
  /** Waits this many milliseconds; rejects when aborted. */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<unknown>;
  /** Calls `work` again and again, until what it returns is called. Keeps no process alive. */
  every(milliseconds: number, work: () => void): () => void;
}

export const steadyClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }),
  every(milliseconds, work) {
    const timer = setInterval(work, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/** What the governor is told at a step, and what it says. */
import type { Pressure } from "../machine/pressure.ts";

/** All in bytes. */
export interface Signals {
  /** For the whole process tree: what the user gave, or the share of what the machine has. */
  readonly limit: number;
  /** Where the process would be killed; 1.5 x limit where none is known. */
  readonly hard?: number;
  /** Resident in the process tree now. */
  readonly rss: number;
  /** The same, measured before work began. */
  readonly baseline: number;
  /** Buffers that are filled, by our own count: in use and free, in the pool and outside it. */
  readonly resident: number;
  /** Those of them that may be dropped. */
  readonly free: number;
  /** States and rows, by our own count. */
  readonly states: number;
  /** What the ledger has admitted now, states included. */
  readonly used: number;
  /** What the unit at the head of the queue needs alone, states but nothing else in work; 0 where none waits. */
  readonly unit: number;
  readonly pressure?: Pressure;
}

export interface Actions {
  /** Bytes that the ledger may admit, states included. Already admitted units finish. */
  readonly admitted: number;
  /** Drop free buffers, then collect; never without `collect`. */
  readonly trim: boolean;
  /** Collect garbage, in every thread. */
  readonly collect: boolean;
  /** Real bytes for a counted byte, as learned. */
  readonly factor: number;
  /** End the run with `cause`: the next steps would cross `hard`. */
  readonly stop: boolean;
  /** Why the run goes one by one, or stops. */
  readonly cause?: string;
}

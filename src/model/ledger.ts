/**
 * What a run has finished is kept on disk, so that the next turn, or the run after a kill, does only the rest. `Ledger`
 * is all that is asked of a database: another one is another file that gives this. `LedgerRecords` is what is kept.
 */
import type { Finished } from "./finished.ts";

/** Records of bytes by keys of bytes, in the order of keys. Errors have the tags `Ledger...`. */
export interface Ledger {
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Values in the order of `keys`; undefined where there is none. */
  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Records whose keys begin with `prefix`, as they are when it begins. */
  iterate(prefix: Uint8Array): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;
  /** All of the changes or none, on disk when it resolves; none is there without those of earlier batches. */
  batch(changes: readonly LedgerChange[]): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerChange {
  readonly key: Uint8Array;
  /** Undefined: there is no such record any more. */
  readonly value: Uint8Array | undefined;
}

/** What a published row said before. */
export interface RowVersion {
  /** When it was published; milliseconds UTC. */
  readonly at: number;
  readonly value: number;
  readonly n: number;
  readonly status: string;
  readonly forecastVersion: string;
  readonly targetVersion: string;
}

/** Units that are finished, and what rows were. What is recorded never waits; `flush` does. */
export interface LedgerRecords extends Finished {
  /** Bytes that are recorded and not yet on disk, about. */
  readonly waiting: number;
  /** Adds a version of a row. `row`: the hash of its key, 16 hexadecimal digits. */
  append(row: string, version: RowVersion): void;
  /** Versions of a row in the order in which they were added. */
  history(row: string): Promise<readonly RowVersion[]>;
  /** Removes versions from before `before` (milliseconds UTC), and of each row all but the last `keep`. Gives how many. */
  prune(rule: { readonly before?: number; readonly keep?: number }): Promise<number>;
  /**
   * Removes what is kept of sites that were not asked for in so many days before the one that was asked for last: of cases
   * that were edited or are gone. Gives how many sites.
   */
  forget(days: number): Promise<number>;
  /** Resolves when all that was recorded so far is on disk. Rejects where it could not be written; it is kept. */
  flush(): Promise<void>;
  /** Flushes and closes the ledger. */
  close(): Promise<void>;
}

import type { Observable, ObservableInput } from "rxjs";
import type { ChunkCost, Cost } from "./chunk.ts";

/** What an ask is about, for messages and for the record of what was admitted: a unit, or a few, whose work asks for nothing more. */
export interface Asker {
  readonly case_id: number;
  readonly forecast: string;
  readonly key: string;
}

/**
 * The only door to bytes. A unit's bytes are acquired whole, first come first served, and released when the work
 * is over; work that asks the same budget again is refused (`NestedBudget`), so there is no deadlock.
 */
export interface Budget {
  /** Bytes that may be held at once now: it moves with the machine's memory and with `ewb control`. */
  readonly limit: number;
  /** Bytes one unit may hold at most, however long it waits for them. */
  readonly most: number;
  /** Bytes held by units, the chunks they share, and states. */
  readonly used: number;
  /** Asks that wait for bytes. */
  readonly waiting: number;
  /**
   * Runs `work` while the bytes are held: a number, or private bytes and the store chunks that are shared with other
   * units and charged once. Errors with `OverBudget` where they exceed `most`.
   */
  use<T>(cost: number | Cost, work: () => ObservableInput<T>, asker?: Asker): Observable<T>;
  /**
   * Adds a unit to those for which `asker` asks, as long as they wait; false: they do not (any more), or would be above
   * `most` with it.
   */
  join(asker: Asker, cost: Cost): boolean;
  /** Adds to the bytes of states, rows and other things that stay (negative: gives back). Never waits. */
  keep(bytes: number): void;
  /** Names that will ask, but may not yet (negative: they may now): they count as waiting. */
  announce(asks: number): void;
  /** Says that units to come will hold these, as waiting ones do; what it returns, that they are over. */
  expect?(chunks: readonly ChunkCost[]): () => void;
  /** Resolves when fewer than `asks` wait: how a generator of refs is held back. */
  room(asks: number): Promise<void>;
}

/** Decoded chunks as the ledger sees them: each charged once, however many units hold it. */
export interface SharedChunks {
  /** Bytes of chunks that units hold, with what their encoded bytes may need. */
  readonly held: number;
  /** Bytes of chunks that nobody holds: kept in case they are wanted again, gone when bytes are. */
  readonly cached: number;
  /** Bytes that would be charged anew if a unit held these. */
  missing(chunks: readonly ChunkCost[]): number;
  /** Bytes of these that are there and held by nobody: held again, they are no cache any more. */
  reused(chunks: readonly ChunkCost[]): number;
  /** Says that a waiting unit will hold these: they are dropped last. */
  want(chunks: readonly ChunkCost[]): void;
  /** A wanted unit was admitted (`hold` follows) or went away. */
  unwant(chunks: readonly ChunkCost[]): void;
  hold(chunks: readonly ChunkCost[]): void;
  release(chunks: readonly ChunkCost[]): void;
  /**
   * Drops chunks nobody holds, but for those in `keep`, until `bytes` are free; returns how many were.
   *
   * @param wantedToo default true: those that waiting units will hold too, last
   */
  drop(bytes: number, keep?: readonly ChunkCost[], wantedToo?: boolean): number;
}

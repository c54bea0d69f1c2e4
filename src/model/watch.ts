import type { ChunkRef, Slot } from "./chunk.ts";
import type { Window } from "./grid.ts";

/** An object of a store, or a chunk, that is there: what is known of it without its bytes. */
export interface Found {
  /** The text that reading it gives as its version. */
  readonly version: string;
  /** When it was written, milliseconds UTC; absent: the store does not say. */
  readonly modified?: number;
  /** Of the object as it is stored; absent: the store does not say. */
  readonly bytes?: number;
}

/** What a unit reads of one source. */
export interface Touch {
  readonly slot: Slot;
  readonly variables: readonly string[];
  readonly window: Window;
}

/**
 * How much of a unit is there: nothing yet; some of it, or it is still being written; all of it; or not all, and it will
 * not come any more.
 */
export type Completeness = "not-yet" | "partial" | "complete" | "never";

export interface WaitPolicy {
  /** Milliseconds for which a chunk must have stayed as it is. */
  readonly settle: number;
  /** Milliseconds after the usual arrival at which waiting ends. */
  readonly deadline: number;
  /** Whether an object of no bytes is no object. */
  readonly emptyIsMissing: boolean;
}

/** A unit's side that is looked at. Of a target `initTime` is the valid time and `lead` 0. */
export interface Wanted {
  readonly ref: ChunkRef;
  readonly variables: readonly string[];
  readonly window: Window;
  /** By its position among the members that are read; absent: all of them. */
  readonly member?: number;
}

/** A source as it was at one moment. Answers for what was wanted; throws `Pipeline` for anything else. */
export interface View {
  /** Milliseconds UTC. */
  readonly at: number;
  status(wanted: Wanted): Completeness;
  /** One text for the versions of its chunks, the same as that of what was read. */
  version(wanted: Wanted): string;
  /** What was wanted and has another status, version or identity than in an earlier view, or was not wanted there. */
  changed(previous: View | undefined): readonly Wanted[];
  /** Init -> when the last of all that is wanted of it was there; those of which something lacks are not in it. */
  readonly arrivals: ReadonlyMap<number, number>;
  /** When the soonest of what is still written is settled, if it stays as it is; undefined: nothing is. */
  readonly settlesAt: number | undefined;
}

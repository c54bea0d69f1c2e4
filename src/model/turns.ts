import type { ChunkRef } from "./chunk.ts";

/**
 * In which order the sets of a run name their refs. Those that share store chunks name them side by side, in one order
 * of all, so that units of several cases that need the same chunk are done next to each other, and it is read once.
 */
export interface Turns {
  /** No set names its first ref before this is over, however it ends. */
  after(opening: Promise<unknown>): void;
  /**
   * @param group equal for sets that share chunks and name their refs in the same order
   * @param compare that order
   */
  enter(group: string, compare: (a: ChunkRef, b: ChunkRef) => number): Turn;
}

/** The place of one set among those that name their refs. */
export interface Turn {
  /** Resolves when no other set of the group has a ref that comes before this one; undefined: none has. */
  next(ref: ChunkRef): Promise<void> | undefined;
  leave(): void;
}

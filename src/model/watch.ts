import type { Slot } from "./chunk.ts";
import type { Window } from "./grid.ts";

/** An object of a store, or a chunk, that is there: what is known of it without its bytes. */
export interface Found {
  /** The text that reading it gives as its version. */
  readonly version: string;
}

/** What a unit reads of one source. */
export interface Touch {
  readonly slot: Slot;
  readonly variables: readonly string[];
  readonly window: Window;
}

import type { Slot } from "../../model/chunk.ts";
import type { TimeAxis } from "../../model/openSource.ts";

/** The time axes of a source: which dimensions a slot names, how long they are, and when a slot is. */
export interface SlotTimes {
  readonly times: TimeAxis;
  /** Dimension -> length. */
  readonly dims: ReadonlyMap<string, number>;
  /** Milliseconds UTC; NaN for the valid time of a climatology, which has none. */
  when(slot: Slot): { readonly validTime: number; readonly initTime?: number };
  readonly warnings: readonly string[];
}

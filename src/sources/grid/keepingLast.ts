import type { Slot } from "../../model/chunk.ts";

/** Slots by time: refs of one valid time mostly follow each other, and get the same one. */
export const keepingLast = (
  slotOf: (time: number) => Slot | undefined,
): ((time: number) => Slot | undefined) => {
  let last: { readonly time: number; readonly slot: Slot | undefined } | undefined;
  return (time) => {
    if (last?.time !== time) last = { time, slot: slotOf(time) };
    return last.slot;
  };
};

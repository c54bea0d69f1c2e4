/**
 * Which chunks, and which parts of them, hold some variables on a window at a slot. What differs from slot to slot is
 * mostly the number of the chunk only: pieces and parts are worked out once for all slots that lie alike in their chunks.
 */
import type { Slot } from "../../model/chunk.ts";
import type { Window } from "../../model/grid.ts";
import type { ChunkPart } from "../storedArray.ts";
import type { Layout } from "./layout.ts";
import { type Parts, partsOf, type Side } from "./parts.ts";
import { type Selection, selectionOf } from "./selection.ts";

export interface Touched {
  readonly sides: readonly Side[];
  readonly parts: Parts;
}

/** So many ways to lie in a chunk are kept a window. */
const kept = 512;

export type TouchedBy = (slot: Slot, layouts: readonly Layout[], window: Window) => Touched;

/** Remembers, as long as the windows live. */
export const touchedBy = (): TouchedBy => {
  const windows = new WeakMap<Window, Map<string, Touched>>();
  return (slot, layouts, window) => {
    const known = windows.get(window) ?? new Map<string, Touched>();
    windows.set(window, known);
    const name = layouts.map((layout) => `${layout.variable} ${placeOf(layout, slot)}`).join(";");
    const alike = known.get(name);
    if (alike !== undefined) return moved(alike, slot);
    const sides = layouts.map((layout) => ({ layout, selection: selectionOf(layout, slot, window) }));
    const found = { sides, parts: partsOf(sides) };
    if (known.size >= kept) known.clear();
    known.set(name, found);
    return found;
  };
};

/** Where a slot lies in its chunks. */
const placeOf = ({ array, slots }: Layout, slot: Slot): string => {
  let text = "";
  for (const [dim, position] of slots) text += `${slot[dim]! % array.chunkShape[position]!},`;
  return text;
};

/** The same in the chunks of another slot. */
const moved = ({ sides, parts }: Touched, slot: Slot): Touched => {
  const there = new Map<string, ChunkPart>();
  const others = sides.map(({ layout, selection }) => {
    const { array, slots } = layout;
    const chunks: Selection["chunks"][number][] = [];
    for (const chunk of selection.chunks) {
      const coords = chunk.coords.slice();
      for (const [dim, position] of slots) {
        coords[position] = Math.floor(slot[dim]! / array.chunkShape[position]!);
      }
      const id = array.chunkId(coords);
      chunks.push({ id, coords });
      const part = parts.get(chunk.id);
      if (part !== undefined) there.set(id, part);
    }
    return { layout, selection: { ...selection, chunks } };
  });
  return { sides: others, parts: there };
};

/**
 * Which chunks, and which parts of them, hold some variables on a window at a slot. What differs from slot to slot is
 * mostly the number of the chunk only: all else is worked out once for all slots that lie alike in their chunks.
 */
import type { ChunkCost, Slot } from "../../model/chunk.ts";
import type { Window } from "../../model/grid.ts";
import type { StoredArray } from "../storedArray.ts";
import type { Layout } from "./layout.ts";
import { type Part, partsOf } from "./parts.ts";
import { type Selection, selectionOf } from "./selection.ts";
import { type View, viewOf } from "./view.ts";

/** A chunk of which something is wanted, the part of it that is read, and what that costs. */
export interface TouchedChunk {
  readonly id: string;
  readonly coords: readonly number[];
  readonly part: Part;
  readonly cost: ChunkCost;
}

/** A variable on a window at a slot. */
export interface Side extends Pick<Selection, "members" | "strides"> {
  readonly layout: Layout;
  readonly chunks: readonly TouchedChunk[];
  /** Where its values lie as they are wanted, if they do. */
  readonly view: View | undefined;
}

/** So many ways to lie in a chunk are kept a window. */
const kept = 512;

/** What is remembered of a window: what was asked for last, and all ways in which slots lay in their chunks. */
interface Known {
  last: { readonly slot: Slot; readonly sides: readonly Side[] } | undefined;
  readonly alike: Map<string, readonly Side[]>;
}

export type TouchedBy = (slot: Slot, window: Window) => readonly Side[];

/** Remembers, as long as the windows live. */
export const touchedBy = (address: string, layouts: readonly Layout[]): TouchedBy => {
  const windows = new WeakMap<Window, Known>();
  const sidesIn = ({ alike }: Known, slot: Slot, window: Window): readonly Side[] => {
    let name = "";
    for (const layout of layouts) name += placeOf(layout, slot);
    const sides = alike.get(name);
    if (sides !== undefined) return sides.map((side) => moved(side, slot));
    const made = sidesOf(address, layouts, slot, window);
    if (alike.size >= kept) alike.clear();
    alike.set(name, made);
    return made;
  };
  return (slot, window) => {
    const known: Known = windows.get(window) ?? { last: undefined, alike: new Map() };
    windows.set(window, known);
    if (known.last?.slot !== slot) known.last = { slot, sides: sidesIn(known, slot, window) };
    return known.last.sides;
  };
};

/** Where a slot lies in its chunks. */
const placeOf = ({ array, slots }: Layout, slot: Slot): string => {
  let text = "";
  for (const [dim, position] of slots) text += `${slot[dim]! % array.chunkShape[position]!},`;
  return text;
};

const sidesOf = (
  address: string,
  layouts: readonly Layout[],
  slot: Slot,
  window: Window,
): readonly Side[] => {
  const selections = layouts.map((layout) => ({ layout, selection: selectionOf(layout, slot, window) }));
  const parts = partsOf(selections);
  return selections.map(({ layout, selection: { chunks, members, strides } }) => {
    const touched = chunks.map(({ id, coords }) => {
      const part = parts.get(id);
      return { id, coords, part, cost: costAt(costOf(layout.array, address, part), id, part) };
    });
    return { layout, chunks: touched, members, strides, view: viewOf(layout, touched, members, strides) };
  });
};

/** The same in the chunks of another slot. */
const moved = (side: Side, slot: Slot): Side => {
  const { array, slots } = side.layout;
  const chunks = side.chunks.map(({ coords: before, part, cost }): TouchedChunk => {
    const coords = before.slice();
    for (const [dim, position] of slots) {
      coords[position] = Math.floor(slot[dim]! / array.chunkShape[position]!);
    }
    const id = array.chunkId(coords);
    return { id, coords, part, cost: costAt(cost, id, part) };
  });
  const { layout, members, strides, view } = side;
  return { layout, chunks, members, strides, view };
};

/** What any chunk of an array costs, or the same part of it. */
const costOf = (array: StoredArray, address: string, part: Part): Omit<ChunkCost, "id"> => ({
  bytes: part?.bytes ?? array.chunkBytes,
  encoded: part?.encoded ?? array.encodedBytes,
  shape: array.chunkShape,
  array: `${address}/${array.name}`,
  near: array.isNear ?? false,
});

const costAt = (cost: Omit<ChunkCost, "id">, id: string, part: Part): ChunkCost =>
  part === undefined
    ? { ...cost, id }
    : { ...cost, id: `${id}@${part.name}`, of: { chunk: id, spans: part.spans } };

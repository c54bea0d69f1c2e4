import type { Slot } from "../../model/chunk.ts";
import type { Span, Window } from "../../model/grid.ts";
import type { Layout } from "./layout.ts";

/** A part of a window that lies in one chunk: indices of the whole grid, and the column of the result it starts at. */
export interface Piece {
  /** Index into `chunks`. */
  readonly chunk: number;
  readonly rows: Span;
  readonly columns: Span;
  readonly target: number;
  /** Where row 0 and column 0 of the chunk stand in its values, for this slot and member. */
  readonly base: number;
  /** Row and column of the grid that are the chunk's first. */
  readonly first: readonly [row: number, column: number];
}

/** The chunks a window of one slot touches, each once, and for each member the pieces that fill the window. */
export interface Selection {
  readonly chunks: readonly { readonly id: string; readonly coords: readonly number[] }[];
  readonly members: readonly (readonly Piece[])[];
  readonly strides: { readonly row: number; readonly column: number };
}

const stridesOf = (shape: readonly number[]): readonly number[] => {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
};

/** A span cut at the borders of chunks of this length. */
const cut = ({ start, stop }: Span, length: number): readonly { chunk: number; span: Span }[] => {
  const parts = [];
  for (let chunk = Math.floor(start / length); chunk * length < stop; chunk++) {
    parts.push({
      chunk,
      span: { start: Math.max(start, chunk * length), stop: Math.min(stop, (chunk + 1) * length) },
    });
  }
  return parts;
};

/**
 * Names what has to be read for a window at one slot. Pure arithmetic on metadata; chunks are in the order in which
 * pieces first touch them, members in their own order.
 */
export const selectionOf = (layout: Layout, slot: Slot, window: Window): Selection => {
  const { array, row, column, slots, fixed, members } = layout;
  const { chunkShape, shape } = array;
  const strides = stridesOf(chunkShape);
  const coords = new Array<number>(shape.length).fill(0);
  let base = 0;
  const put = (position: number, index: number) => {
    coords[position] = Math.floor(index / chunkShape[position]!);
    return (index % chunkShape[position]!) * strides[position]!;
  };
  for (const [dim, position] of slots) base += put(position, slot[dim]!);
  for (const [position, index] of fixed) base += put(position, index);

  const chunks: { id: string; coords: readonly number[] }[] = [];
  const known = new Map<string, number>();
  const rowParts = cut(window.rows, chunkShape[row]!);
  const pieces: Piece[][] = [];
  for (const member of members?.indices ?? [undefined]) {
    const offset = member === undefined ? 0 : put(members!.position, member);
    const list: Piece[] = [];
    for (const rows of rowParts) {
      coords[row] = rows.chunk;
      let target = 0;
      for (const run of window.columns) {
        for (const columns of cut(run, chunkShape[column]!)) {
          coords[column] = columns.chunk;
          const key = coords.join(".");
          let chunk = known.get(key);
          if (chunk === undefined) {
            chunk = chunks.length;
            known.set(key, chunk);
            chunks.push({ id: array.chunkId(coords), coords: [...coords] });
          }
          list.push({
            chunk,
            rows: rows.span,
            columns: columns.span,
            target: target + columns.span.start - run.start,
            base: base + offset,
            first: [rows.chunk * chunkShape[row]!, columns.chunk * chunkShape[column]!],
          });
        }
        target += run.stop - run.start;
      }
    }
    pieces.push(list);
  }
  return { chunks, members: pieces, strides: { row: strides[row]!, column: strides[column]! } };
};

/**
 * Which parts of its chunks a window needs. A piece of the window is a rectangle in a chunk; its elements lie in one
 * span of the chunk where its rows (or columns, where those are stored far apart) are close together, else in one span a
 * row. What several variables need of the same chunk is read at once.
 */
import type { Span } from "../../model/grid.ts";
import type { ChunkPart } from "../storedArray.ts";
import type { Layout } from "./layout.ts";
import type { Piece, Selection } from "./selection.ts";

/** Elements that lie unneeded between two rows and are read nevertheless. */
const gap = 16_384;

/** First element of a piece, elements from one line to the next and within a line, and how many of each. */
const linesOf = ({ rows, columns, base, first }: Piece, strides: Selection["strides"]) => {
  const from = base + (rows.start - first[0]) * strides.row + (columns.start - first[1]) * strides.column;
  const [height, width] = [rows.stop - rows.start, columns.stop - columns.start];
  return strides.row >= strides.column
    ? { from, lines: height, stride: strides.row, extent: (width - 1) * strides.column + 1 }
    : { from, lines: width, stride: strides.column, extent: (height - 1) * strides.row + 1 };
};

/** Elements that hold a piece. */
const spansOf = (piece: Piece, strides: Selection["strides"]): Span[] => {
  const { from, lines, stride, extent } = linesOf(piece, strides);
  if (stride - extent <= gap) return [{ start: from, stop: from + (lines - 1) * stride + extent }];
  return Array.from({ length: lines }, (_, i) => ({
    start: from + i * stride,
    stop: from + i * stride + extent,
  }));
};

/** What is read of a chunk; undefined: all of it. */
export type Part = ChunkPart | undefined;

/** Parts by id of chunk; a chunk that is read whole has none. */
export const partsOf = (
  sides: readonly { readonly layout: Layout; readonly selection: Selection }[],
): ReadonlyMap<string, ChunkPart> => {
  const wanted = new Map<string, { layout: Layout; spans: Span[] }>();
  for (const { layout, selection } of sides) {
    if (layout.array.part === undefined) continue;
    for (const pieces of selection.members) {
      for (const piece of pieces) {
        const { id } = selection.chunks[piece.chunk]!;
        const one = wanted.get(id) ?? { layout, spans: [] };
        wanted.set(id, one);
        one.spans.push(...spansOf(piece, selection.strides));
      }
    }
  }
  const parts = new Map<string, ChunkPart>();
  for (const [id, { layout, spans }] of wanted) {
    const part = layout.array.part!(spans.sort((a, b) => a.start - b.start));
    if (part !== undefined) parts.set(id, part);
  }
  return parts;
};

/**
 * Pieces whose `base` counts from the start of what came of the chunk: the piece itself where it lies in one span, else
 * its lines one by one.
 */
export const placed = (piece: Piece, part: Part, strides: Selection["strides"]): readonly Piece[] => {
  if (part === undefined) return [piece];
  const { from, lines, stride, extent } = linesOf(piece, strides);
  const shift = shiftOf(part, from, from + (lines - 1) * stride + extent);
  if (shift !== undefined) return [{ ...piece, base: piece.base - shift }];
  const byRow = strides.row >= strides.column;
  const { rows, columns, target } = piece;
  return Array.from({ length: lines }, (_, i) => {
    const start = from + i * stride;
    const base = piece.base - shiftOf(part, start, start + extent)!;
    return byRow
      ? { ...piece, base, rows: { start: rows.start + i, stop: rows.start + i + 1 } }
      : {
          ...piece,
          base,
          columns: { start: columns.start + i, stop: columns.start + i + 1 },
          target: target + i,
        };
  });
};

/** How much earlier elements [start, stop) stand in what came; undefined: they are not of one span. */
const shiftOf = ({ spans }: ChunkPart, start: number, stop: number): number | undefined => {
  let at = 0;
  for (const span of spans) {
    if (start < span.stop) return start >= span.start && stop <= span.stop ? span.start - at : undefined;
    at += span.stop - span.start;
  }
  return undefined;
};

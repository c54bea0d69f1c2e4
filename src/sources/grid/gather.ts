import { valuesModule } from "../../kernels/valuesModule.ts";
import type { Values } from "../../model/field.ts";
import type { StoredValues } from "../storedArray.ts";
import type { Piece } from "./selection.ts";

interface Strides {
  readonly row: number;
  readonly column: number;
}

/** Below this many columns a loop is faster than a copy of a part. */
const short = 16;

/**
 * Copies a piece of a chunk to its place in a window of `width` columns whose first row is `firstRow` of the grid:
 * whole rows at once where they lie together, else number by number; 64-bit integers become float64.
 */
export const gather = (
  out: Values,
  width: number,
  firstRow: number,
  piece: Piece,
  stored: StoredValues,
  { row: rowStride, column: columnStride }: Strides,
): void => {
  const { rows, columns, target, base, first } = piece;
  const count = columns.stop - columns.start;
  const height = rows.stop - rows.start;
  const from = base + (rows.start - first[0]) * rowStride + (columns.start - first[1]) * columnStride;
  const to = (rows.start - firstRow) * width + target;
  if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < count; x++) {
        out[to + y * width + x] = Number(stored[from + y * rowStride + x * columnStride]!);
      }
    }
    return;
  }
  if (columnStride === 1 && rowStride === count && width === count) {
    out.set(stored.subarray(from, from + height * count), to);
    return;
  }
  if (columnStride === 1 && count >= short) {
    if (copyRows(stored, from, rowStride, out, to, width, count, height)) return;
    for (let y = 0; y < height; y++) {
      const start = from + y * rowStride;
      out.set(stored.subarray(start, start + count), to + y * width);
    }
    return;
  }
  if (columnStride > rowStride) {
    for (let x = 0; x < count; x++) {
      let p = from + x * columnStride;
      for (let y = 0, q = to + x; y < height; y++, p += rowStride, q += width) out[q] = stored[p]!;
    }
    return;
  }
  for (let y = 0; y < height; y++) {
    let p = from + y * rowStride;
    const q = to + y * width;
    for (let x = 0; x < count; x++, p += columnStride) out[q + x] = stored[p]!;
  }
};

/** All at once, where both lie in the arena as the same numbers: a copy of a row alone costs as much as 2 kB of one. */
const copyRows = (
  stored: StoredValues,
  from: number,
  step: number,
  out: Values,
  to: number,
  toStep: number,
  count: number,
  height: number,
): boolean => {
  if (stored.buffer !== out.buffer || stored.constructor !== out.constructor) return false;
  const lies = from + (height - 1) * step + count <= stored.length;
  const fits = to + (height - 1) * toStep + count <= out.length;
  const room = lies && fits ? valuesModule?.room(0, out) : undefined;
  if (room === undefined || room.u8.buffer !== out.buffer) return false;
  const { BYTES_PER_ELEMENT: bytes } = out;
  const [first, place] = [stored.byteOffset + from * bytes, out.byteOffset + to * bytes];
  room.run.rows(first, step * bytes, place, toStep * bytes, count * bytes, height);
  return true;
};

/** Whether any value on a piece's place in the window is there. */
export const hasValue = (values: Values, width: number, firstRow: number, piece: Piece): boolean => {
  const { rows, columns, target } = piece;
  const count = columns.stop - columns.start;
  for (let row = rows.start; row < rows.stop; row++) {
    const at = (row - firstRow) * width + target;
    for (let i = at; i < at + count; i++) if (!Number.isNaN(values[i])) return true;
  }
  return false;
};

/** Puts one number on a piece's place in the window. */
export const fillPiece = (
  out: Values,
  width: number,
  firstRow: number,
  piece: Piece,
  value: number,
): void => {
  const { rows, columns, target } = piece;
  const count = columns.stop - columns.start;
  for (let row = rows.start; row < rows.stop; row++) {
    const at = (row - firstRow) * width + target;
    out.fill(value, at, at + count);
  }
};

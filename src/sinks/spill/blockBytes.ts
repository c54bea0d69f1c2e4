/**
 * A block of rows as bytes, to be read back on the same machine: a byte a column says how its cells are written - one for
 * all rows, or texts in 1, 2 or 4 bytes each, or the 8 bytes of numbers. A row of a result takes some 40 bytes.
 */
import type { Block } from "../column.ts";

const constant = 0;
const numbers = 8;

/** Bytes a block takes at most. */
export const mostBytes = (widths: readonly (1 | 2)[], rows: number): number =>
  widths.reduce<number>((sum, width) => sum + 1 + 4 * width * Math.max(1, rows), 0);

/**
 * Writes a block to `to` from `at` on; `isConstant` learns which columns hold one cell in all its rows.
 *
 * @returns the end
 */
export const encodeBlock = (
  { length, words }: Block,
  widths: readonly (1 | 2)[],
  to: Uint8Array,
  at: number,
  isConstant: boolean[],
): number => {
  let end = at;
  for (const [c, width] of widths.entries()) {
    const of = words[c]!;
    isConstant[c] = isSame(of, width, length);
    if (isConstant[c] || width === 2) {
      const size = isConstant[c] ? 4 * width : 8 * length;
      to[end++] = isConstant[c] ? constant : numbers;
      to.set(new Uint8Array(of.buffer, of.byteOffset, size), end);
      end += size;
      continue;
    }
    let most = 0;
    for (let row = 0; row < length; row++) most = Math.max(most, of[row]!);
    const size = most < 0x100 ? 1 : most < 0x1_0000 ? 2 : 4;
    to[end++] = size;
    for (let row = 0; row < length; row++) {
      for (let byte = 0; byte < size; byte++) to[end++] = of[row]! >>> (8 * byte);
    }
  }
  return end;
};

/**
 * Reads a block of so many rows. Columns without an array in `words` are passed over; texts become what `ranks` has for
 * their words.
 */
export const decodeBlock = (
  from: Uint8Array,
  widths: readonly (1 | 2)[],
  length: number,
  words: readonly (Uint32Array | undefined)[],
  ranks: readonly (Uint32Array | undefined)[],
): void => {
  let at = 0;
  for (const [c, width] of widths.entries()) {
    const kind = from[at++]!;
    const size = kind === constant ? 4 * width : kind * length;
    const to = words[c];
    if (to !== undefined) {
      const cells = from.subarray(at, at + size);
      if (kind === constant || kind === numbers) {
        new Uint8Array(to.buffer, to.byteOffset).set(cells);
      } else {
        for (let row = 0, i = 0; row < length; row++) {
          let word = 0;
          for (let byte = 0; byte < kind; byte++) word |= cells[i++]! << (8 * byte);
          to[row] = word;
        }
      }
      if (kind === constant) repeat(to, width, length);
      const rank = ranks[c];
      if (rank !== undefined) for (let row = 0; row < length; row++) to[row] = rank[to[row]!]!;
    }
    at += size;
  }
};

const isSame = (words: Uint32Array, width: 1 | 2, length: number): boolean => {
  for (let i = width; i < width * length; i++) if (words[i] !== words[i - width]) return false;
  return true;
};

const repeat = (words: Uint32Array, width: 1 | 2, length: number): void => {
  for (let i = width; i < width * length; i++) words[i] = words[i - width]!;
};

import { MISSING } from "./windowSums.ts";

/** Rows to the nearest event of a column without one. */
const NONE = 1 << 30;

/**
 * Of each event cell of one side (in the order of rows) how far the nearest event cell of the other is, in grid lengths,
 * across the ends of rows where the lattice `wraps`; undefined where a side has none. An event cell has its side's bit
 * and misses nothing. Exact: first the rows to the nearest event of each column, by a sweep up and one down; then each
 * cell looks to both sides as far as something nearer may lie.
 */
export const eventDistances = (
  codes: Uint8Array,
  side: number,
  other: number,
  rows: number,
  columns: number,
  wraps: boolean,
): Float64Array | undefined => {
  let [count, others] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    count += Number((codes[i]! & (side | MISSING)) === side);
    others += Number((codes[i]! & (other | MISSING)) === other);
  }
  if (count === 0 || others === 0) return undefined;
  const below = rowsBelow(codes, other, rows, columns);
  // A row, and what lies beyond its ends.
  const beyond = wraps ? columns >> 1 : columns;
  const line = new Int32Array(columns + 2 * beyond).fill(NONE);
  const above = new Int32Array(columns).fill(NONE);
  const distances = new Float64Array(count);
  let made = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      const isNone = Number((codes[start + column]! & (other | MISSING)) !== other);
      const up = Math.imul(isNone, above[column]! + 1);
      above[column] = up;
      line[beyond + column] = Math.min(up, below[start + column]!);
    }
    if (wraps) {
      line.copyWithin(0, columns, columns + beyond);
      line.copyWithin(beyond + columns, beyond, 2 * beyond);
    }
    for (let column = 0; column < columns; column++) {
      if ((codes[start + column]! & (side | MISSING)) === side) {
        distances[made++] = nearest(line, beyond + column, beyond);
      }
    }
  }
  return distances;
};

/** The least distance from a place of a line, up to `most` aside, to an event so many rows away from a place of it. */
const nearest = (line: Int32Array, at: number, most: number): number => {
  const own = line[at]!;
  if (own === 0) return 0;
  let least = own * own;
  for (let aside = 1; aside <= most && aside * aside < least; aside++) {
    const down = Math.min(line[at - aside]!, line[at + aside]!);
    const squared = aside * aside + down * down;
    if (squared < least) least = squared;
  }
  return Math.sqrt(least);
};

/** Of each cell how many rows further on the next event of its column is. */
const rowsBelow = (codes: Uint8Array, other: number, rows: number, columns: number): Int32Array => {
  const below = new Int32Array(rows * columns);
  const next = new Int32Array(columns).fill(NONE);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = 0; column < columns; column++) {
      const isNone = Number((codes[row * columns + column]! & (other | MISSING)) !== other);
      const down = Math.imul(isNone, next[column]! + 1);
      next[column] = down;
      below[row * columns + column] = down;
    }
  }
  return below;
};

/** A window in cells. */
export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * What lies beyond the border of a lattice:
 *
 * - `inside`: nothing; only windows that lie inside count
 * - `wrapLongitude`: the other end of each row; rows as inside
 * - `zeroPadded`: no events; a window on every cell, from floor(n / 2) cells before it on
 * - `zeroPaddedScores`: no events; windows on one row and one column more than there are cells, as the Python
 *   library `scores` has them
 */
export type Border = "inside" | "wrapLongitude" | "zeroPadded" | "zeroPaddedScores";

/** Where the first cells of the windows of one size lie on the extended lattice; half-open. */
export interface Windows {
  readonly size: WindowSize;
  readonly rowStart: number;
  readonly rowStop: number;
  readonly columnStart: number;
  readonly columnStop: number;
}

/** How far a lattice is extended, and where windows lie on it. */
export interface Extension {
  readonly before: WindowSize;
  readonly after: WindowSize;
  readonly windows: readonly Windows[];
}

/** The extension that all windows need on a lattice of `rows` x `columns`. */
export const extension = (
  { rows, columns }: WindowSize,
  sizes: readonly WindowSize[],
  border: Border,
): Extension => {
  const none = { rows: 0, columns: 0 };
  if (border === "inside") {
    const windows = sizes.map((size) => ({
      size,
      rowStart: 0,
      rowStop: Math.max(0, rows - size.rows + 1),
      columnStart: 0,
      columnStop: Math.max(0, columns - size.columns + 1),
    }));
    return { before: none, after: none, windows };
  }
  if (border === "wrapLongitude") {
    // A window wider than the circle would count cells twice: there is none.
    const windows = sizes.map((size) => ({
      size,
      rowStart: 0,
      rowStop: Math.max(0, rows - size.rows + 1),
      columnStart: 0,
      columnStop: size.columns <= columns ? columns : 0,
    }));
    const widest = Math.max(0, ...sizes.map((size) => (size.columns <= columns ? size.columns - 1 : 0)));
    return { before: none, after: { rows: 0, columns: widest }, windows };
  }
  const more = border === "zeroPadded" ? 0 : 1;
  const half = (n: number): number => Math.floor(n / 2);
  const before = {
    rows: Math.max(...sizes.map((size) => half(size.rows))),
    columns: Math.max(...sizes.map((size) => half(size.columns))),
  };
  const after = {
    rows: Math.max(...sizes.map((size) => size.rows - half(size.rows) - 1)) + more,
    columns: Math.max(...sizes.map((size) => size.columns - half(size.columns) - 1)) + more,
  };
  const windows = sizes.map((size) => ({
    size,
    rowStart: before.rows - half(size.rows),
    rowStop: before.rows - half(size.rows) + rows + more,
    columnStart: before.columns - half(size.columns),
    columnStop: before.columns - half(size.columns) + columns + more,
  }));
  return { before, after, windows };
};

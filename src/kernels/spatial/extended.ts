import type { Extension, WindowSize } from "./windows.ts";

/** Cells of a lattice, written into a larger one: beyond the border zero, or what lies at the other end of the row. */
export const extended = <Cells extends Uint8Array | Float64Array>(
  cells: Cells,
  { rows, columns }: WindowSize,
  { before, after }: Extension,
  wraps: boolean,
): Cells => {
  const width = before.columns + columns + after.columns;
  const height = before.rows + rows + after.rows;
  if (width === columns && height === rows) return cells;
  const made = new (cells.constructor as new (length: number) => Cells)(width * height);
  for (let row = 0; row < rows; row++) {
    const line = cells.subarray(row * columns, (row + 1) * columns);
    const at = (before.rows + row) * width + before.columns;
    made.set(line, at);
    if (wraps) made.set(line.subarray(0, after.columns), at + columns);
  }
  return made;
};

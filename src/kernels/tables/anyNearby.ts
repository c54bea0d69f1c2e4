/** A window of (2 `up` + 1) rows and (2 `aside` + 1) columns around a place. */
export interface Around {
  readonly up: number;
  readonly aside: number;
  /** Whether the columns go around the globe: the first lies beside the last. */
  readonly wraps: boolean;
}

/**
 * 1 where any place of the window centred on a place of the grid is 1, else 0; `met` holds 1, 0 and NaN (missing, no
 * event). The window is cut at the border. A missing place stays missing. By sums of everything above and to the left
 * (summed-area table), so the size of the window costs nothing.
 */
export const anyNearby = (
  met: Float32Array,
  rows: number,
  columns: number,
  { up, aside, wraps }: Around,
): Float32Array => {
  // Beside a row of a globe lies its other end; a window as wide as the row holds what the row holds.
  const beside = wraps ? Math.min(aside, columns) : 0;
  const width = columns + 2 * beside;
  const across = width + 1;
  const sums = new Int32Array((rows + 1) * across);
  for (let row = 0; row < rows; row++) {
    const above = row * across;
    let sum = 0;
    for (let i = 0; i < width; i++) {
      const column =
        i < beside ? i - beside + columns : i - beside < columns ? i - beside : i - beside - columns;
      sum += Number(met[row * columns + column] === 1);
      sums[above + across + i + 1] = sums[above + i + 1]! + sum;
    }
  }
  const near = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const top = Math.max(0, row - up) * across;
    const bottom = Math.min(rows, row + up + 1) * across;
    for (let column = 0; column < columns; column++) {
      const left = Math.max(0, column + beside - aside);
      const right = Math.min(width, column + beside + aside + 1);
      const i = row * columns + column;
      const count = sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!;
      near[i] = Number(count > 0);
      if (Number.isNaN(met[i]!)) near[i] = Number.NaN;
    }
  }
  return near;
};

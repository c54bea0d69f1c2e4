/** Squared distance, where there is no event at all. */
const NONE = Number.POSITIVE_INFINITY;

/**
 * Distance, in grid lengths, from each cell of a lattice to the nearest marked one (0 where it is marked itself;
 * infinite where none is), across the ends of rows where the lattice `wraps`. Exact: along each row first, then the
 * lower envelope of parabolas down each column (Meijster et al. 2000, doi:10.1007/0-306-47025-X_36).
 */
export const nearestEvent = (
  marked: Uint8Array,
  rows: number,
  columns: number,
  wraps: boolean,
): Float64Array => {
  const along = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) alongRow(along, marked, row * columns, columns, wraps);
  const distance = new Float64Array(rows * columns);
  const site = new Int32Array(rows);
  const from = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    const height = (row: number): number => {
      const d = along[row * columns + column]!;
      return d * d;
    };
    let top = -1;
    for (let row = 0; row < rows; row++) {
      const own = height(row);
      if (own === NONE) continue;
      let start = 0;
      while (top >= 0) {
        const other = site[top]!;
        // The first row to which `row` is nearer than `other` is.
        const crossing = (own + row * row - height(other) - other * other) / (2 * (row - other));
        start = Math.floor(crossing) + 1;
        if (start > from[top]!) break;
        top -= 1;
        start = 0;
      }
      if (start >= rows) continue;
      top += 1;
      site[top] = row;
      from[top] = Math.max(0, start);
    }
    for (let row = rows - 1; row >= 0; row--) {
      const cell = row * columns + column;
      if (top < 0) {
        distance[cell] = NONE;
        continue;
      }
      const down = row - site[top]!;
      distance[cell] = Math.sqrt(height(site[top]!) + down * down);
      if (row === from[top]!) top -= 1;
    }
  }
  return distance;
};

/** How far the nearest marked cell of the same row is. */
const alongRow = (
  along: Float64Array,
  marked: Uint8Array,
  start: number,
  columns: number,
  wraps: boolean,
): void => {
  const turns = wraps ? 2 : 1;
  let last = -NONE;
  for (let i = 0; i < turns * columns; i++) {
    const cell = start + (i % columns);
    if (marked[cell] !== 0) last = i;
    along[cell] = i - last;
  }
  last = NONE;
  for (let i = turns * columns - 1; i >= 0; i--) {
    const cell = start + (i % columns);
    if (marked[cell] !== 0) last = i;
    along[cell] = Math.min(along[cell]!, last - i);
  }
};

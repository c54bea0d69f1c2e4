/** Connected cells, numbered from 1 on in the order in which rows meet them; 0 elsewhere. */
export interface Components {
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Connected components of the marked cells of a lattice: neighbours by side (`4`), or by side and corner (`8`);
 * across the ends of rows where the lattice `wraps`. Two passes with union-find (Rosenfeld and Pfaltz 1966,
 * doi:10.1145/321356.321357).
 */
export const components = (
  marked: Uint8Array,
  rows: number,
  columns: number,
  { neighbours, wraps }: { readonly neighbours: 4 | 8; readonly wraps: boolean },
): Components => {
  const parent = new Int32Array(rows * columns);
  const find = (cell: number): number => {
    let root = cell;
    while (parent[root]! !== root) root = parent[root]!;
    for (let at = cell; at !== root; ) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const join = (a: number, b: number): void => {
    const [first, second] = [find(a), find(b)];
    if (first < second) parent[second] = first;
    else parent[first] = second;
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      if (marked[cell] === 0) continue;
      parent[cell] = cell;
      if (column > 0 && marked[cell - 1] !== 0) join(cell - 1, cell);
      if (row === 0) continue;
      const above = cell - columns;
      if (marked[above] !== 0) join(above, cell);
      if (neighbours === 4) continue;
      if (column > 0 && marked[above - 1] !== 0) join(above - 1, cell);
      if (column + 1 < columns && marked[above + 1] !== 0) join(above + 1, cell);
    }
    if (!wraps || columns < 2) continue;
    const first = row * columns;
    const last = first + columns - 1;
    if (marked[first] !== 0 && marked[last] !== 0) join(first, last);
    if (row === 0 || neighbours === 4) continue;
    if (marked[first] !== 0 && marked[first - 1] !== 0) join(first, first - 1);
    if (marked[last] !== 0 && marked[last - 2 * columns + 1] !== 0) join(last, last - 2 * columns + 1);
  }
  const labels = new Int32Array(rows * columns);
  let count = 0;
  for (let cell = 0; cell < labels.length; cell++) {
    if (marked[cell] === 0) continue;
    const root = find(cell);
    labels[cell] = root === cell ? ++count : labels[root]!;
  }
  return { labels, count };
};

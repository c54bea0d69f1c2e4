import { MISSING } from "./windowSums.ts";

/** Connected cells as stretches: cells side by side in one row, in the order in which rows meet them. */
export interface Components {
  /** Of each row its first stretch; at the end how many there are. */
  readonly first: Int32Array;
  /** Columns of a stretch: [from, to). */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Component of each stretch: numbered from 0 on in the order in which rows meet them. */
  readonly component: Int32Array;
  readonly count: number;
}

/**
 * Connected components of the cells of a lattice whose codes have a bit and miss nothing: neighbours by side (`4`), or
 * by side and corner (`8`); across the ends of rows where the lattice `wraps`. Stretches are joined by union-find with
 * those of the row above (He, Chao and Suzuki 2008, doi:10.1109/TIP.2008.917221).
 */
export const components = (
  codes: Uint8Array,
  bit: number,
  rows: number,
  columns: number,
  { neighbours, wraps }: { readonly neighbours: 4 | 8; readonly wraps: boolean },
): Components => {
  const { first, from, to } = stretches(codes, bit, rows, columns);
  const parent = from.map((_, stretch) => stretch);
  const find = (stretch: number): number => {
    let root = stretch;
    while (parent[root]! !== root) root = parent[root]!;
    for (let at = stretch; at !== root; ) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const join = (a: number, b: number): void => {
    const [one, other] = [find(a), find(b)];
    if (one < other) parent[other] = one;
    else parent[one] = other;
  };
  // Columns by which a stretch reaches beyond its ends to one above it.
  const reach = neighbours === 8 ? 1 : 0;
  const joinEnds = (westRow: number, eastRow: number): void => {
    const [west, east] = [first[westRow]!, first[eastRow + 1]! - 1];
    if (west === first[westRow + 1] || east < first[eastRow]!) return;
    if (from[west] === 0 && to[east] === columns) join(west, east);
  };
  for (let row = 0; row < rows; row++) {
    let own = first[row]!;
    let up = row === 0 ? own : first[row - 1]!;
    const [start, stop] = [own, first[row + 1]!];
    while (up < start && own < stop) {
      if (from[up]! < to[own]! + reach && from[own]! < to[up]! + reach) join(up, own);
      if (to[up]! < to[own]!) up += 1;
      else own += 1;
    }
    if (!wraps) continue;
    joinEnds(row, row);
    if (row === 0 || reach === 0) continue;
    joinEnds(row, row - 1);
    joinEnds(row - 1, row);
  }
  const component = new Int32Array(from.length);
  let count = 0;
  for (let stretch = 0; stretch < component.length; stretch++) {
    const root = find(stretch);
    component[stretch] = root === stretch ? count++ : component[root]!;
  }
  return { first, from, to, component, count };
};

const stretches = (
  codes: Uint8Array,
  bit: number,
  rows: number,
  columns: number,
): Pick<Components, "first" | "from" | "to"> => {
  const first = new Int32Array(rows + 1);
  const most = rows * Math.ceil(columns / 2);
  const [from, to] = [new Int32Array(most), new Int32Array(most)];
  const seen = bit | MISSING;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let inside = false;
    for (let column = 0; column < columns; column++) {
      const isMarked = (codes[start + column]! & seen) === bit;
      if (isMarked === inside) continue;
      inside = isMarked;
      if (inside) from[count] = column;
      else to[count++] = column;
    }
    if (inside) to[count++] = columns;
    first[row + 1] = count;
  }
  return { first, from: from.slice(0, count), to: to.slice(0, count) };
};

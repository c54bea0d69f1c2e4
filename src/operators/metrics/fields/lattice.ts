import { unroll } from "../../../kernels/circle.ts";
import type { WindowSize } from "../../../kernels/spatial/windows.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { once } from "../once.ts";

/**
 * The places of a pair as rows and columns whose neighbours are neighbours on earth: columns from west to east,
 * whatever convention and order of longitudes the grid has.
 */
export interface Lattice extends WindowSize {
  /** Degrees east of the first column, ascending from 0. */
  readonly offset: Float64Array;
  /** Stored longitude of the first column. */
  readonly west: number;
  /** Whether the last column is the first one's neighbour: a grid round the globe. */
  readonly closed: boolean;
  /** Column of the grid of each column; undefined: they are in order. */
  readonly order: Int32Array | undefined;
}

/** Throws `Unsupported` for a list of points, which has no neighbours. */
export const latticeOf = (metric: string, pair: Pair): Lattice => {
  if (pair.places.kind === "grid") return once(unrolled, pair);
  throw new EwbError(
    "Unsupported",
    `${metric}: the target is a list of points; expected a grid, whose cells have neighbours. Score stations with a metric of single places.`,
  );
};

const unrolled = ({ places }: Pair): Lattice => {
  const { order, offset, origin, closed } = unroll(places.longitude);
  const inOrder = order.length === places.longitude.length && order.every((column, i) => column === i);
  return {
    rows: places.latitude.length,
    columns: order.length,
    offset,
    west: origin,
    closed,
    order: inOrder ? undefined : order,
  };
};

/** Values (or codes) of the grid in the order of the lattice; the same array where that is the grid's. */
export const onLattice = <Cells extends Values | Uint8Array>(
  values: Cells,
  { rows, columns, order }: Lattice,
): Cells => {
  if (order === undefined) return values;
  const width = values.length / Math.max(1, rows);
  const ordered = values.slice(0, rows * columns) as Cells;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      ordered[row * columns + column] = values[row * width + order[column]!]!;
    }
  }
  return ordered;
};

import { afterWidestGap, type LatticeAxes } from "./centre.ts";
import type { Components } from "./components.ts";

/** One connected object of a field. */
export interface FieldObject {
  /** Centroid weighted with area: degrees north, degrees east of the lattice's first column. */
  readonly latitude: number;
  readonly east: number;
  /** Sum of the areas of its cells. */
  readonly area: number;
  /** Mean of its values weighted with area. */
  readonly mean: number;
  readonly largest: number;
  readonly cells: number;
}

/** The objects that have at least `least` cells, in the order of their numbers; `area` of each cell by row and column. */
export const objectsOf = (
  { labels, count }: Components,
  values: ArrayLike<number>,
  axes: LatticeAxes,
  rowArea: ArrayLike<number>,
  columnArea: ArrayLike<number>,
  least: number,
): FieldObject[] => {
  const { latitude, offset, closed } = axes;
  const columns = offset.length;
  const start = closed ? startColumns(labels, count, offset) : new Int32Array(count);
  const sums = Array.from({ length: count }, () => ({
    cells: 0,
    area: 0,
    north: 0,
    east: 0,
    value: 0,
    largest: Number.NEGATIVE_INFINITY,
  }));
  for (let row = 0; row < latitude.length; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const label = labels[cell]!;
      if (label === 0) continue;
      const sum = sums[label - 1]!;
      const area = rowArea[row]! * columnArea[column]!;
      const value = values[cell]!;
      sum.cells += 1;
      sum.area += area;
      sum.north += area * latitude[row]!;
      sum.east += area * (offset[column]! + (column < start[label - 1]! ? 360 : 0));
      sum.value += area * value;
      if (value > sum.largest) sum.largest = value;
    }
  }
  return sums
    .filter(({ cells }) => cells >= least)
    .map(({ cells, area, north, east, value, largest }) => ({
      latitude: north / area,
      east: east / area,
      area,
      mean: value / area,
      largest,
      cells,
    }));
};

/** Of each object the column from which it is unrolled: not 0 only for those that lie across the seam. */
const startColumns = (labels: Int32Array, count: number, offset: Float64Array): Int32Array => {
  const columns = offset.length;
  const start = new Int32Array(count);
  const isWest = new Uint8Array(count + 1);
  for (let cell = 0; cell < labels.length; cell += columns) isWest[labels[cell]!] = 1;
  const across = new Map<number, Float64Array>();
  for (let cell = columns - 1; cell < labels.length; cell += columns) {
    const label = labels[cell]!;
    if (label !== 0 && isWest[label] === 1) across.set(label, new Float64Array(columns));
  }
  if (across.size === 0) return start;
  for (let cell = 0; cell < labels.length; cell++) {
    const occupied = across.get(labels[cell]!);
    if (occupied !== undefined) occupied[cell % columns] = 1;
  }
  for (const [label, occupied] of across) start[label - 1] = afterWidestGap(occupied, offset);
  return start;
};

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
  parts: Components,
  values: ArrayLike<number>,
  axes: LatticeAxes,
  rowArea: ArrayLike<number>,
  columnArea: ArrayLike<number>,
  least: number,
): FieldObject[] => {
  const { latitude, offset, closed } = axes;
  const { first, from, to, component, count } = parts;
  const columns = offset.length;
  const seam = closed ? startColumns(parts, offset) : new Int32Array(count);
  const sum = (): Float64Array => new Float64Array(count);
  const [cells, area, north, east, value] = [sum(), sum(), sum(), sum(), sum()];
  const largest = sum().fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < latitude.length; row++) {
    const [ofRow, degrees] = [rowArea[row]!, latitude[row]!];
    for (let stretch = first[row]!; stretch < first[row + 1]!; stretch++) {
      const k = component[stretch]!;
      const start = seam[k]!;
      let [a, n, e, v, most] = [area[k]!, north[k]!, east[k]!, value[k]!, largest[k]!];
      for (let column = from[stretch]!; column < to[stretch]!; column++) {
        const own = ofRow * columnArea[column]!;
        const x = values[row * columns + column]!;
        a += own;
        n += own * degrees;
        e += own * (offset[column]! + (column < start ? 360 : 0));
        v += own * x;
        if (x > most) most = x;
      }
      cells[k]! += to[stretch]! - from[stretch]!;
      area[k] = a;
      north[k] = n;
      east[k] = e;
      value[k] = v;
      largest[k] = most;
    }
  }
  const found: FieldObject[] = [];
  for (let k = 0; k < count; k++) {
    if (cells[k]! < least) continue;
    found.push({
      latitude: north[k]! / area[k]!,
      east: east[k]! / area[k]!,
      area: area[k]!,
      mean: value[k]! / area[k]!,
      largest: largest[k]!,
      cells: cells[k]!,
    });
  }
  return found;
};

/** Of each object the column from which it is unrolled: not 0 only for those that lie across the seam. */
const startColumns = ({ from, to, component, count }: Components, offset: Float64Array): Int32Array => {
  const columns = offset.length;
  const start = new Int32Array(count);
  const isWest = new Uint8Array(count);
  for (let stretch = 0; stretch < from.length; stretch++) {
    if (from[stretch] === 0) isWest[component[stretch]!] = 1;
  }
  const across = new Map<number, Uint8Array>();
  for (let stretch = 0; stretch < from.length; stretch++) {
    const k = component[stretch]!;
    if (to[stretch] === columns && isWest[k] === 1) across.set(k, new Uint8Array(columns));
  }
  if (across.size === 0) return start;
  for (let stretch = 0; stretch < from.length; stretch++) {
    across.get(component[stretch]!)?.fill(1, from[stretch], to[stretch]);
  }
  for (const [k, occupied] of across) start[k] = afterWidestGap(occupied, offset);
  return start;
};

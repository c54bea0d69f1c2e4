/** Hand-written loops of metrics of objects: found by filling each from its first cell on. */
import type { PlainPair } from "./benchPairs.ts";
import type { PlainLoop } from "./plainLoop.ts";
import { firstColumn, kilometres } from "./spatialLoops.ts";

const AREA = (0.25 * Math.PI * 6371 * 6371) / 180;

/** Cells of the objects of a side one after another, and where each begins: eight neighbours, round the globe. */
const filled = (
  values: Float32Array,
  other: Float32Array,
  threshold: number,
  rows: number,
  columns: number,
): { readonly cells: Int32Array; readonly starts: number[] } => {
  const seen = new Uint8Array(values.length);
  const cells = new Int32Array(values.length);
  const starts: number[] = [];
  let end = 0;
  for (let first = 0; first < values.length; first++) {
    if (seen[first] !== 0 || !(values[first]! >= threshold) || Number.isNaN(other[first]!)) continue;
    starts.push(end);
    seen[first] = 1;
    let next = end;
    cells[end++] = first;
    while (next < end) {
      const i = cells[next++]!;
      const row = Math.floor(i / columns);
      const column = i - row * columns;
      for (let r = row > 0 ? row - 1 : row; r <= row + 1 && r < rows; r++) {
        for (let k = column - 1; k <= column + 1; k++) {
          const j = r * columns + (k < 0 ? k + columns : k < columns ? k : k - columns);
          if (seen[j] !== 0 || !(values[j]! >= threshold) || Number.isNaN(other[j]!)) continue;
          seen[j] = 1;
          cells[end++] = j;
        }
      }
    }
  }
  starts.push(end);
  return { cells, starts };
};

interface Found {
  readonly north: number;
  readonly east: number;
  readonly area: number;
  readonly mean: number;
}

/** Objects of one side: centroid, area and mean weighted with area; across the seam unrolled. */
const found = (values: Float32Array, other: Float32Array, threshold: number, plain: PlainPair): Found[] => {
  const { rows, columns, w, latitude, longitude } = plain;
  const { cells, starts } = filled(values, other, threshold, rows, columns);
  const made: Found[] = [];
  for (let k = 0; k + 1 < starts.length; k++) {
    let [west, east] = [false, false];
    for (let at = starts[k]!; at < starts[k + 1]!; at++) {
      const column = cells[at]! % columns;
      if (column === 0) west = true;
      if (column === columns - 1) east = true;
    }
    let seam = 0;
    if (west && east) {
      const of = new Uint8Array(columns);
      for (let at = starts[k]!; at < starts[k + 1]!; at++) of[cells[at]! % columns] = 1;
      seam = firstColumn(of, longitude);
    }
    let [area, mass, norths, easts] = [0, 0, 0, 0];
    for (let at = starts[k]!; at < starts[k + 1]!; at++) {
      const i = cells[at]!;
      const row = Math.floor(i / columns);
      const column = i - row * columns;
      const own = w[row]! * AREA;
      area += own;
      mass += own * values[i]!;
      norths += own * latitude[row]!;
      easts += own * (longitude[column]! + (column < seam ? 360 : 0));
    }
    made.push({ north: norths / area, east: easts / area, area, mean: mass / area });
  }
  return made;
};

/** Errors of objects matched one to one, the nearest first, within so many km. */
export const objects =
  (threshold: number, within: number): PlainLoop =>
  (plain) => {
    const { f, o } = plain;
    let n = 0;
    for (let i = 0; i < f.length; i++) if (!Number.isNaN(f[i]!) && !Number.isNaN(o[i]!)) n++;
    const [a, b] = [found(f, o, threshold, plain), found(o, f, threshold, plain)];
    const near: [number, number, number][] = [];
    for (let j = 0; j < a.length; j++) {
      for (let k = 0; k < b.length; k++) {
        if (Math.abs(a[j]!.north - b[k]!.north) * 111 > within + 1) continue;
        const distance = kilometres(a[j]!.north, a[j]!.east, b[k]!.north, b[k]!.east);
        if (distance <= within) near.push([distance, k, j]);
      }
    }
    near.sort((x, y) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2]);
    const [usedA, usedB] = [new Uint8Array(a.length), new Uint8Array(b.length)];
    let [count, distances, areas, means] = [0, 0, 0, 0];
    for (const [distance, k, j] of near) {
      if (usedA[j] !== 0 || usedB[k] !== 0) continue;
      usedA[j] = usedB[k] = 1;
      count++;
      distances += distance;
      areas += a[j]!.area - b[k]!.area;
      means += a[j]!.mean - b[k]!.mean;
    }
    return [n, distances, areas, means, count, a.length - count, b.length - count];
  };

/** Structure, amplitude and location; undefined: objects from 0.067 times the 95 % quantile of what is above 0 on. */
export const amounts =
  (threshold: number | undefined): PlainLoop =>
  ({ f, o, rows, columns, longitude }) => {
    const shape = (values: Float32Array, other: Float32Array) => {
      const of = new Float64Array(columns);
      const wet = new Float32Array(threshold === undefined ? values.length : 0);
      let [n, total, down, count] = [0, 0, 0, 0];
      for (let row = 0; row < rows; row++) {
        for (let i = row * columns, column = 0; column < columns; i++, column++) {
          const v = values[i]!;
          if (Number.isNaN(v) || Number.isNaN(other[i]!)) continue;
          n++;
          total += v;
          down += v * row;
          of[column]! += v;
          if (threshold === undefined && v > 0) wet[count++] = v;
        }
      }
      let least = threshold ?? 0;
      if (threshold === undefined) {
        const sorted = wet.subarray(0, count).sort();
        const place = 0.95 * (count - 1);
        const below = Math.floor(place);
        least = 0.067 * (sorted[below]! + (sorted[below + 1]! - sorted[below]!) * (place - below));
      }
      const start = firstColumn(of, longitude);
      let across = 0;
      for (let k = 0; k < columns; k++) across += of[k]! * (k < start ? k + columns : k);
      const { cells, starts } = filled(values, other, least, rows, columns);
      let [amount, volume, spread] = [0, 0, 0];
      for (let k = 0; k + 1 < starts.length; k++) {
        let [own, most, south, east] = [0, 0, 0, 0];
        for (let at = starts[k]!; at < starts[k + 1]!; at++) {
          const i = cells[at]!;
          const row = Math.floor(i / columns);
          const column = i - row * columns;
          const v = values[i]!;
          own += v;
          if (v > most) most = v;
          south += v * row;
          east += v * (column < start ? column + columns : column);
        }
        amount += own;
        volume += (own * own) / most;
        spread += own * apart(south / own - down / total, east / own - across / total);
      }
      return {
        ...{ mean: total / n, row: down / total, column: across / total },
        ...{ volume: volume / amount, spread: spread / amount },
      };
    };
    const apart = (south: number, east: number): number =>
      Math.hypot(south, east - columns * Math.round(east / columns));
    const [a, b] = [shape(f, o), shape(o, f)];
    const d = Math.hypot(rows, columns);
    return [
      (2 * (a.volume - b.volume)) / (a.volume + b.volume),
      (2 * (a.mean - b.mean)) / (a.mean + b.mean),
      apart(a.row - b.row, a.column - b.column) / d,
      (2 * Math.abs(a.spread - b.spread)) / d,
    ];
  };

/** The hand-written loop of distances between events. */
import type { PlainLoop } from "./plainLoop.ts";

/**
 * Of the event cells of each side how far the nearest of the other is, round the globe: first up and down each column,
 * then along the row as far as something nearer may lie. Sum, number and largest.
 */
export const distances =
  (threshold: number): PlainLoop =>
  ({ f, o, rows, columns }) => {
    const far = 1e9;
    const one = (values: Float32Array, other: Float32Array): number[] => {
      const down = new Int32Array(values.length);
      for (let i = values.length - 1; i >= 0; i--) {
        const isEvent = other[i]! >= threshold && !Number.isNaN(values[i]!);
        down[i] = isEvent ? 0 : i + columns < values.length ? down[i + columns]! + 1 : far;
      }
      const up = new Int32Array(columns).fill(far);
      const near = new Int32Array(columns);
      let [sum, count, largest] = [0, 0, 0];
      for (let row = 0; row < rows; row++) {
        for (let i = row * columns, column = 0; column < columns; i++, column++) {
          up[column] = down[i] === 0 ? 0 : up[column]! + 1;
          near[column] = Math.min(up[column]!, down[i]!);
        }
        for (let i = row * columns, column = 0; column < columns; i++, column++) {
          if (!(values[i]! >= threshold) || Number.isNaN(other[i]!)) continue;
          let least = near[column]! * near[column]!;
          for (let k = 1; 2 * k <= columns && k * k < least; k++) {
            const west = near[column < k ? column - k + columns : column - k]!;
            const east = near[column + k < columns ? column + k : column + k - columns]!;
            const nearer = Math.min(west, east);
            least = Math.min(least, k * k + nearer * nearer);
          }
          const distance = Math.sqrt(least);
          count++;
          sum += distance;
          if (distance > largest) largest = distance;
        }
      }
      return [sum, count, largest];
    };
    let n = 0;
    for (let i = 0; i < f.length; i++) if (!Number.isNaN(f[i]!) && !Number.isNaN(o[i]!)) n++;
    return [n, ...one(f, o), ...one(o, f)];
  };

import { countWindowSums } from "./countWindowSums.ts";
import type { Windows } from "./windows.ts";

/**
 * Sums over all windows of a field, read from summed-area tables (Faggian et al. 2015, doi:10.54302/mausam.v66i3.555):
 * the tables are made once, every window costs four reads a place, however large it is.
 */

/** Events of both sides on a lattice that was extended beyond its border as far as windows reach. */
export interface EventCells {
  readonly rows: number;
  readonly columns: number;
  /** Bits of a cell: FORECAST and TARGET where there is an event, MISSING where a side is missing. */
  readonly codes: Uint8Array;
  /** Share of members with the event (0 to 1), where the forecast is no yes or no; FORECAST is not read then. */
  readonly share: Float64Array | undefined;
  readonly someMissing: boolean;
}

export const FORECAST = 1;
export const TARGET = 2;
export const MISSING = 4;

/** F and O: the number of event cells of a window, forecast and target. */
export interface WindowSums {
  /** Windows without a missing cell. */
  readonly count: number;
  /** Sum of (F - O)^2 over them. */
  readonly difference: number;
  /** Sum of F^2 + O^2. */
  readonly size: number;
}

/** Cells of the largest window whose counts fit in 16 bits. */
const FITS = 32_767;

/** The sums of each kind of window. Counts of events add up exactly. */
export const windowSums = (cells: EventCells, windows: readonly Windows[]): WindowSums[] => {
  if (cells.share === undefined && windows.every(({ size }) => size.rows * size.columns <= FITS)) {
    const sums = countWindowSums(cells, windows);
    if (sums !== undefined) return sums;
  }
  return tableWindowSums(cells, windows);
};

/** The way without SIMD, and of shares: tables of float64, which hold counts exactly. */
export const tableWindowSums = (cells: EventCells, windows: readonly Windows[]): WindowSums[] => {
  const { rows, columns, codes, share, someMissing } = cells;
  const least = leastShare(share);
  const width = columns + 1;
  const forecast = new Float64Array((rows + 1) * width);
  const target = new Float64Array((rows + 1) * width);
  const missing = new Int32Array(someMissing ? (rows + 1) * width : 0);
  for (let row = 0; row < rows; row++) {
    let [f, o, m] = [0, 0, 0];
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const above = row * width + column + 1;
      const code = codes[cell]!;
      f += share === undefined ? code & FORECAST : share[cell]!;
      o += (code & TARGET) >> 1;
      m += code >> 2;
      forecast[above + width] = forecast[above]! + f;
      target[above + width] = target[above]! + o;
      if (someMissing) missing[above + width] = missing[above]! + m;
    }
  }
  return windows.map(({ size, rowStart, rowStop, columnStart, columnStop }) => {
    const down = size.rows * width;
    const across = size.columns;
    let [count, difference, sum] = [0, 0, 0];
    for (let row = rowStart; row < rowStop; row++) {
      for (let at = row * width + columnStart; at < row * width + columnStop; at++) {
        const below = at + down;
        if (
          someMissing &&
          missing[below + across]! - missing[below]! - missing[at + across]! + missing[at]! > 0
        ) {
          continue;
        }
        let f = forecast[below + across]! - forecast[below]! - forecast[at + across]! + forecast[at]!;
        if (f < least) f = 0;
        const o = target[below + across]! - target[below]! - target[at + across]! + target[at]!;
        count += 1;
        difference += (f - o) * (f - o);
        sum += f * f + o * o;
      }
    }
    return { count, difference, size: sum };
  });
};

/** A sum of shares below this is what rounding left of none: half the least share there is; 0 of whole counts. */
const leastShare = (share: Float64Array | undefined): number => {
  if (share === undefined) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < share.length; i++) if (share[i]! > 0 && share[i]! < least) least = share[i]!;
  return least / 2;
};

import { afterWidestGap, type LatticeAxes } from "./centre.ts";
import type { Components } from "./components.ts";
import { MISSING } from "./windowSums.ts";

/** What SAL knows of the amounts of one side. */
export interface AmountShape {
  /** Sum of the amounts. */
  readonly total: number;
  /** Mean of the objects' R / Rmax weighted with R, the amount of an object; NaN without an object. */
  readonly volume: number;
  /** Centre of mass, in cells. */
  readonly row: number;
  readonly column: number;
  /** Mean distance of the objects from the centre of mass weighted with R, in cells. */
  readonly spread: number;
}

/** The shape of amounts; cells that are missing by their code take no part. Distances are those of `cellsApart`. */
export const amountShape = (
  values: ArrayLike<number>,
  codes: Uint8Array,
  { first, from, to, component, count }: Components,
  { offset, closed }: Pick<LatticeAxes, "offset" | "closed">,
): AmountShape => {
  const columns = offset.length;
  const rows = first.length - 1;
  const { total, down, ofColumn, isWet } = sums(values, codes, rows, columns);
  // Round the globe columns are counted from the widest stretch without an amount on.
  const start = closed ? afterWidestGap(isWet, offset) : 0;
  let across = 0;
  for (let column = 0; column < columns; column++) {
    across += ofColumn[column]! * (column < start ? column + columns : column);
  }
  const [row, column] = [down / total, across / total];
  const none = (): Float64Array => new Float64Array(count);
  const [amounts, southwards, eastwards, largest] = [none(), none(), none(), none()];
  for (let line = 0; line < rows; line++) {
    for (let stretch = first[line]!; stretch < first[line + 1]!; stretch++) {
      const k = component[stretch]!;
      let [amount, south, east, most] = [amounts[k]!, southwards[k]!, eastwards[k]!, largest[k]!];
      for (let at = from[stretch]!; at < to[stretch]!; at++) {
        const value = values[line * columns + at]!;
        amount += value;
        south += value * line;
        east += value * (at < start ? at + columns : at);
        if (value > most) most = value;
      }
      amounts[k] = amount;
      southwards[k] = south;
      eastwards[k] = east;
      largest[k] = most;
    }
  }
  let [amount, volume, spread] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const own = amounts[k]!;
    amount += own;
    volume += (own * own) / largest[k]!;
    const [south, east] = [southwards[k]! / own - row, eastwards[k]! / own - column];
    spread += own * cellsApart(south, east, columns, closed);
  }
  return { total, volume: volume / amount, row, column, spread: spread / amount };
};

/** Sums of the amounts, of amount x row, and of each column; which columns have an amount above 0. */
const sums = (values: ArrayLike<number>, codes: Uint8Array, rows: number, columns: number) => {
  const ofColumn = new Float64Array(columns);
  const isWet = new Uint8Array(columns);
  let [total, down] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let ofRow = 0;
    for (let column = 0; column < columns; column++) {
      if ((codes[row * columns + column]! & MISSING) !== 0) continue;
      const value = values[row * columns + column]!;
      ofRow += value;
      ofColumn[column]! += value;
      if (value > 0) isWet[column] = 1;
    }
    total += ofRow;
    down += ofRow * row;
  }
  return { total, down, ofColumn, isWet };
};

/** Distance in cells, the short way round the globe. */
export const cellsApart = (down: number, across: number, columns: number, closed: boolean): number =>
  Math.hypot(down, closed ? across - columns * Math.round(across / columns) : across);

import { EwbError } from "../model/errors.ts";
import { type Cell, type Column, type ColumnTable, cellsOf, unnamed } from "./column.ts";

/**
 * The error `DuplicateRow` of two rows that have one key and differ elsewhere: it names the key and what differs.
 *
 * @param texts of each column, in the order of the words of `a` and `b`
 */
export const duplicateRow = (
  columns: readonly Column[],
  texts: ColumnTable["texts"],
  keys: readonly string[],
  a: readonly Uint32Array[],
  b: readonly Uint32Array[],
): EwbError => {
  const [ofA, ofB] = [cellsOf({ columns, texts }, a), cellsOf({ columns, texts }, b)];
  const cells = columns.map((column, c) => ({ column, cells: [ofA(c, 0), ofB(c, 0)] as const }));
  const key = keys
    .filter((name) => name !== unnamed)
    .map((name) => cells.find(({ column }) => column.name === name)!)
    .filter(({ cells: [first] }) => first !== null)
    .map(({ column, cells: [first] }) => `${column.name}=${shown(column, first)}`)
    .join(", ");
  const found = cells
    .filter(({ cells: [first, second] }) => !Object.is(first, second))
    .map(
      ({ column, cells: [first, second] }) =>
        `${column.name} is ${shown(column, first)} and ${shown(column, second)}`,
    )
    .join("; ");
  return new EwbError(
    "DuplicateRow",
    `two rows have the key ${key} but differ: ${found}; a key may occur once in a table. ` +
      `Give one of the two scores a label of its own: score(run, { label: "..." }, ...)`,
  );
};

const shown = ({ type }: Column, cell: Cell): string =>
  type === "timestamp" && typeof cell === "number" ? new Date(cell).toISOString() : String(cell);

/** Order and uniqueness of the rows of a table, so that what is written depends on the rows alone. */
import { EwbError } from "../model/errors.ts";
import type { ColumnTable } from "./column.ts";
import type { ColumnStore } from "./columnStore.ts";

/**
 * The rows sorted by the key columns (null before numbers and texts, NaN after other numbers), rows that are
 * equal in every column once.
 *
 * @throws `DuplicateRow` where two rows have one key and differ elsewhere, naming the key and what differs
 */
export const sortTable = (stores: readonly ColumnStore[], keys: readonly string[]): ColumnTable => {
  const keyStores = keys.map((key) => stores.find(({ column }) => column.name === key)!);
  const byKey = (a: number, b: number): number => {
    for (const store of keyStores) {
      const order = store.compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
  const order = new Uint32Array(stores[0]?.length ?? 0);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort(byKey);

  let kept = 0;
  for (const row of order) {
    const last = order[kept - 1];
    if (last !== undefined && byKey(last, row) === 0) {
      const differing = stores.filter((store) => !Object.is(store.cell(last), store.cell(row)));
      if (differing.length > 0) throw duplicate(keyStores, differing, last, row);
    } else {
      order[kept++] = row;
    }
  }
  return {
    columns: stores.map(({ column }) => column),
    length: kept,
    cell: (column, row) => stores[column]!.cell(order[row]!),
  };
};

const duplicate = (
  keys: readonly ColumnStore[],
  differing: readonly ColumnStore[],
  a: number,
  b: number,
): EwbError => {
  const key = keys
    .filter((store) => store.cell(a) !== null)
    .map((store) => `${store.column.name}=${shown(store, a)}`)
    .join(", ");
  const found = differing
    .map((store) => `${store.column.name} is ${shown(store, a)} and ${shown(store, b)}`)
    .join("; ");
  return new EwbError(
    "DuplicateRow",
    `two rows have the key ${key} but differ: ${found}; a key may occur once in a table. ` +
      `Give one of the two scores a label of its own: score(run, { label: "..." }, ...)`,
  );
};

const shown = (store: ColumnStore, row: number): string => {
  const cell = store.cell(row);
  return store.column.type === "timestamp" && typeof cell === "number"
    ? new Date(cell).toISOString()
    : String(cell);
};

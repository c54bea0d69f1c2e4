/**
 * The result table while a run goes on: rows come in any order and are kept column-wise; `sorted` gives them by
 * key, checked, for any of the writers. What is written depends on the set of rows only.
 */
import { EwbError } from "../model/errors.ts";
import { columns, keyColumns, type Row } from "../model/row.ts";
import type { Column, ColumnTable } from "./column.ts";
import { type ColumnStore, columnStore } from "./columnStore.ts";
import { sortTable } from "./sortTable.ts";

export interface ResultTable {
  readonly length: number;
  /** Bytes held by the collected columns. */
  readonly bytes: number;
  /** @throws `InvalidValue` where a value does not fit its column */
  add(row: Row): void;
  /**
   * Columns of `model/row`, then those that metrics added, by name: double, or int64 for a name that begins
   * with `n_` and holds integers only; null in rows without it.
   *
   * @throws `DuplicateRow` where two rows of one key differ
   */
  sorted(): ColumnTable;
}

/** What the writers take: rows as they are, or already collected ones. */
export type Rows = Iterable<Row> | ResultTable;

/** @example const table = resultTable(rows); table.add(row); await writeParquet("a.parquet", table); */
export const resultTable = (rows: Iterable<Row> = []): ResultTable => {
  const stores = columns.map(columnStore);
  const added = new Map<string, ColumnStore>();
  let length = 0;
  const table: ResultTable = {
    get length() {
      return length;
    },
    get bytes() {
      return [...stores, ...added.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    },
    add(row) {
      for (const store of stores) store.push(row[store.column.name as keyof Row]);
      for (const [name, value] of Object.entries(row.extra ?? {})) {
        let store = added.get(name);
        if (store === undefined) {
          store = columnStore(addedColumn(name));
          added.set(name, store);
        }
        while (store.length < length) store.push(null);
        store.push(value);
      }
      length++;
    },
    sorted() {
      for (const store of added.values()) while (store.length < length) store.push(null);
      const extras = [...added.values()].sort((a, b) => (a.column.name < b.column.name ? -1 : 1));
      return withCounts(sortTable([...stores, ...extras], keyColumns));
    },
  };
  for (const row of rows) table.add(row);
  return table;
};

/** The sorted table of rows that may be collected already. */
export const sortedRows = (rows: Rows): ColumnTable =>
  "sorted" in rows ? rows.sorted() : resultTable(rows).sorted();

const addedColumn = (name: string): Column => {
  if (columns.some((column) => column.name === name)) {
    throw new EwbError(
      "InvalidValue",
      `a metric adds the column "${name}", which every result table has; give it another name`,
      { variable: name },
    );
  }
  return { name, type: "double", nullable: true };
};

/** Added columns that count (`n_times`) become integers. */
const withCounts = (table: ColumnTable): ColumnTable => ({
  ...table,
  columns: table.columns.map((column, index) =>
    index >= columns.length && column.name.startsWith("n_") && holdsIntegers(table, index)
      ? { ...column, type: "int64" }
      : column,
  ),
});

const holdsIntegers = (table: ColumnTable, column: number): boolean => {
  for (let row = 0; row < table.length; row++) {
    const cell = table.cell(column, row);
    if (cell !== null && !Number.isSafeInteger(cell)) return false;
  }
  return true;
};

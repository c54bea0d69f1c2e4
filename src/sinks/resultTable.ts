/**
 * The result table while a run goes on: rows come in any order and are kept column-wise; `sorted` gives them by
 * key, checked, for any of the writers. What is written depends on the set of rows only. Rows beyond a bound are sorted
 * and put aside on disk (`spill`), and merged when they are asked for: what is in memory does not grow with the rows, but
 * for their different texts.
 */
import { columns, keyColumns, type Row } from "../model/row.ts";
import { addedColumn, withCounts } from "./addedColumns.ts";
import { type Column, type ColumnTable, unnamed } from "./column.ts";
import { type ColumnStore, columnStore } from "./columnStore.ts";
import { type PartRule, partOf } from "./parts/partRule.ts";
import { type PartSum, PartSums } from "./parts/partSums.ts";
import { rowCells } from "./rowCells.ts";
import { sortBytes } from "./sortedOrder.ts";
import { sortTable } from "./sortTable.ts";
import { type SpilledRows, spilledRows } from "./spill/spilledRows.ts";

export interface ResultTable {
  /** Rows that came. */
  readonly length: number;
  /** Bytes held in memory, with what sorting, merging and giving them out takes. */
  readonly bytes: number;
  /**
   * @throws `InvalidValue` where a value does not fit its column, `DuplicateRow` and `Write` where rows are put aside
   */
  add(row: Row): void;
  /** What the rows of each part are; empty where nobody asked for parts. */
  readonly parts: readonly PartSum[];
  /**
   * Columns of `model/row`, then those that metrics added, by name: double, or int64 for a name that begins
   * with `n_` and holds integers only; null in rows without it. Rows that come later are in the next one.
   *
   * @throws `DuplicateRow` where two rows of one key differ: here, or when its blocks are asked for
   */
  sorted(): Promise<ColumnTable>;
  /** Removes what is on disk. */
  close(): void;
}

export interface Spill {
  /** Of the table that is made of the rows: they are put aside beside it. */
  readonly path: string;
  /** Rows that are collected take at most so many bytes; merging them, when no more come, twice as many. */
  readonly bytes: number;
}

/** What the writers take: rows as they are, or already collected ones. */
export type Rows = Iterable<Row> | ResultTable;

/** Rows that are given out at once, at most. */
const blockRows = 65_536;

/** Rows there is room for at first. */
const firstRows = 64;

/** Rows whose hashes are added at once. */
const summedRows = 4096;

/**
 * @param rule the table has such parts, sorted by part first
 * @example const table = resultTable(rows); table.add(row); await writeParquet("a.parquet", table);
 */
export const resultTable = (rows: Iterable<Row> = [], spill?: Spill, rule?: PartRule): ResultTable => {
  const shown = columns.map(columnStore);
  // Cases come first in the order of rows; what else numbers parts is a column that is not shown.
  const own = rule === undefined || rule === "case" ? undefined : columnStore(partColumn);
  const stores = own === undefined ? shown : [...shown, own];
  const parts = rule === undefined ? undefined : (own ?? shown[0]!);
  const keys = own === undefined ? keyColumns : [unnamed, ...keyColumns];
  const sums = new PartSums();
  let summed = 0;
  const added = new Map<string, ColumnStore>();
  const cells: unknown[] = [];
  let [length, held, room] = [0, 0, firstRows];
  let spilled: SpilledRows | undefined;
  let most = Number.POSITIVE_INFINITY;
  for (const store of stores) store.reserve(room);

  const all = () => [...stores, ...added.values()];
  const shownNow = () => [...shown, ...added.values()];
  const rowBytes = () => all().reduce((sum, { width }) => sum + 4 * width, sortBytes);
  const bound = () => {
    if (spill !== undefined) most = Math.max(1, Math.floor(spill.bytes / rowBytes()));
  };
  const addedStore = (name: string) => {
    const store = columnStore(addedColumn(name));
    store.reserve(room);
    added.set(name, store);
    bound();
    return store;
  };
  const sumUp = () => {
    if (parts !== undefined) sums.add(shownNow(), parts, summed, held);
    summed = held;
  };
  const putAside = () => {
    sumUp();
    // Where there are parts, what was collected last stays in memory.
    spilled ??= spilledRows(spill!.path, (parts === undefined ? 2 : 1) * spill!.bytes, keys, parts);
    spilled.add(all(), held);
    held = 0;
    summed = 0;
  };
  bound();

  const table: ResultTable = {
    get length() {
      return length;
    },
    get bytes() {
      const texts = all().reduce((sum, { textBytes }) => sum + textBytes, 0);
      return (room + Math.min(length, blockRows)) * rowBytes() + texts + sums.bytes + (spilled?.bytes ?? 0);
    },
    add(row) {
      if (held >= most) putAside();
      if (held === room) {
        room = Math.min(Math.max(firstRows, 2 * room), Math.max(most, room));
        for (const store of all()) store.reserve(room);
      }
      rowCells(row, cells);
      for (let c = 0; c < shown.length; c++) shown[c]!.put(held, cells[c]);
      if (own !== undefined) own.put(held, partOf(rule!, row));
      if (row.extra !== undefined) {
        for (const [name, value] of Object.entries(row.extra))
          (added.get(name) ?? addedStore(name)).put(held, value);
      }
      held++;
      length++;
      if (held - summed >= summedRows) sumUp();
    },
    get parts() {
      sumUp();
      return sums.all;
    },
    async sorted() {
      const extras = [...added.values()].sort((a, b) => (a.column.name < b.column.name ? -1 : 1));
      const order = [...shown, ...extras];
      if (spilled === undefined)
        return withCounts(sortTable([...stores, ...extras], keys, held, order, parts), added);
      if (parts === undefined) {
        if (held > 0) putAside();
        // What comes now is merging, in the place of what was collected.
        room = 0;
        for (const store of all()) store.reserve(0);
      }
      return withCounts(await spilled.sorted(all(), order, held), added);
    },
    close() {
      spilled?.close();
    },
  };
  for (const row of rows) table.add(row);
  return table;
};

/** The sorted table of rows that may be collected already. */
export const sortedRows = (rows: Rows): Promise<ColumnTable> =>
  "sorted" in rows ? rows.sorted() : resultTable(rows).sorted();

const partColumn: Column = { name: unnamed, type: "int32", nullable: false };

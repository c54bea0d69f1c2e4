/**
 * Two tables in the order of their rows, row by row: which rows are in both, which in one of them only. Of each a block
 * is in memory.
 */
import { keyColumns } from "../../model/row.ts";
import { type Cell, type Column, type ColumnTable, cellsOf } from "../column.ts";
import type { Part } from "../parts/part.ts";
import { type PartRule, partOf } from "../parts/partRule.ts";
import type { CellBlock, Published } from "./published.ts";

/** Rows in their order. */
export interface SortedRows {
  readonly columns: readonly Column[];
  readonly blocks: AsyncIterable<CellBlock> | Iterable<CellBlock>;
}

/** The cell of a row in a column; null where there is no such column. Good for the row it was given for. */
export type RowCells = (name: string) => Cell;

/** Rows of some parts of what is published. */
export const publishedRows = (of: Published, parts: readonly Part[]): SortedRows => ({
  columns: of.columns,
  blocks: (async function* () {
    for (const part of parts) yield* of.blocks(part);
  })(),
});

/** Rows of some parts of a table, so many at a time. */
export const tableRows = (table: ColumnTable, parts: readonly Part[], rows = 4096): SortedRows => ({
  columns: table.columns,
  blocks: (function* () {
    for (const part of parts)
      for (const { length, words } of table.blocks(rows, part)) yield { length, cell: cellsOf(table, words) };
  })(),
});

/** @param visit is told of each key, with the rows that have it */
export const joinRows = async (
  rule: PartRule,
  before: SortedRows,
  now: SortedRows,
  visit: (before: RowCells | undefined, now: RowCells | undefined) => void,
): Promise<void> => {
  const [a, b] = [new Cursor(before, rule), new Cursor(now, rule)];
  await a.next();
  await b.next();
  while (!a.isOver || !b.isOver) {
    const order = a.isOver ? 1 : b.isOver ? -1 : compare(a.key, b.key);
    visit(order <= 0 ? a.cell : undefined, order >= 0 ? b.cell : undefined);
    // Waiting for what is there would take longer than all else.
    if (order <= 0 && !a.step()) await a.next();
    if (order >= 0 && !b.step()) await b.next();
  }
};

/** Whether two rows say the same in all columns. */
export const isSameRow = (names: readonly string[], a: RowCells, b: RowCells): boolean =>
  names.every((name) => Object.is(a(name), b(name)));

class Cursor {
  readonly cell: RowCells;
  readonly key: Cell[] = [];
  isOver = false;
  readonly #rule: PartRule;
  readonly #blocks: AsyncIterator<CellBlock> | Iterator<CellBlock>;
  readonly #keys: readonly (number | undefined)[];
  #block: CellBlock = { length: 0, cell: () => null };
  #row = 0;

  constructor({ columns, blocks }: SortedRows, rule: PartRule) {
    this.#rule = rule;
    this.#blocks =
      Symbol.asyncIterator in blocks ? blocks[Symbol.asyncIterator]() : blocks[Symbol.iterator]();
    const places = new Map(columns.map(({ name }, c) => [name, c]));
    this.#keys = keyColumns.map((name) => places.get(name));
    this.cell = (name) => {
      const c = places.get(name);
      return c === undefined ? null : this.#block.cell(c, this.#row);
    };
  }

  /** Takes the next row of this block; false: there is none. */
  step(): boolean {
    this.#row += 1;
    if (this.#row >= this.#block.length) return false;
    this.#take();
    return true;
  }

  /** Takes the first row of the next block. */
  async next(): Promise<void> {
    do {
      const { value, done } = await this.#blocks.next();
      if (done) {
        this.isOver = true;
        return;
      }
      this.#block = value;
      this.#row = 0;
    } while (this.#block.length === 0);
    this.#take();
  }

  #take(): void {
    const { key } = this;
    for (const [k, c] of this.#keys.entries())
      key[k + 1] = c === undefined ? null : this.#block.cell(c, this.#row);
    const [case_id, init_time, valid_time] = [key[1], key[1 + init], key[1 + valid]] as [
      number,
      number,
      number,
    ];
    key[0] = partOf(this.#rule, { case_id, init_time, valid_time });
  }
}

const [init, valid] = [keyColumns.indexOf("init_time"), keyColumns.indexOf("valid_time")];

/** The order of rows: null, numbers, NaN; texts by code units; 0 and -0 are one. */
const compare = (a: readonly Cell[], b: readonly Cell[]): number => {
  for (const [k, x] of a.entries()) {
    const y = b[k]!;
    if (x === y) continue;
    const kinds = kind(x) - kind(y);
    if (kinds !== 0) return kinds;
    if (x! < y!) return -1;
    if (x! > y!) return 1;
  }
  return 0;
};

const kind = (cell: Cell): number => (cell === null ? 0 : Number.isNaN(cell) ? 2 : 1);

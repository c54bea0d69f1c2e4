/** Order and uniqueness of collected rows, so that what is written depends on the rows alone. */
import { type Block, type ColumnTable, numbersOf, type PartRange } from "./column.ts";
import type { ColumnStore } from "./columnStore.ts";
import { duplicateRow } from "./duplicateRow.ts";
import { type SortKey, sortedOrder } from "./sortedOrder.ts";

/**
 * Places of the first `length` rows of the stores sorted by the key columns, rows that are equal in every column once.
 *
 * @param rows places of the rows to be sorted: not all of them
 * @throws `DuplicateRow` where two rows have one key and differ elsewhere
 */
export const sortRows = (
  stores: readonly ColumnStore[],
  keys: readonly string[],
  length: number,
  rows?: Uint32Array,
): Uint32Array => {
  const keyStores = keys.map((key) => stores.find(({ column }) => column.name === key)!);
  const sortKeys = keyStores.map((store) => ({
    width: store.width,
    words: rows === undefined ? store.words : picked(store, rows),
    ranks: store.ranks(),
  }));
  const count = rows?.length ?? length;
  const { order, varying } = sortedOrder(sortKeys, count);
  const place = (i: number) => (rows === undefined ? i : rows[i]!);
  // Neighbours differ in the last keys mostly.
  const same = varying.reverse().map(sameIn);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = order[i]!;
    const last = order[kept - 1];
    if (last === undefined || !same.every((isSame) => isSame(last, row))) {
      order[kept++] = row;
    } else if (stores.some((store) => differs(store, place(last), place(row)))) {
      const texts = stores.map((store) => store.texts);
      const columns = stores.map(({ column }) => column);
      throw duplicateRow(columns, texts, keys, oneRow(stores, place(last)), oneRow(stores, place(row)));
    }
  }
  const all = order.subarray(0, kept);
  return rows === undefined ? all : all.map(place);
};

/** Places of the rows whose number in `parts` is in a range, among the first `length`. */
export const rowsOf = (parts: ColumnStore, { from, to }: PartRange, length: number): Uint32Array => {
  const numbers = numbersOf(parts.words);
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (numbers[row]! >= from && numbers[row]! <= to) rows.push(row);
  return Uint32Array.from(rows);
};

/** The words of the rows at `order`, `rows` at a time; `ranks`: those of texts by the order of the texts. */
export function* blocksOf(
  stores: readonly ColumnStore[],
  order: Uint32Array,
  rows: number,
  ranks: readonly (Uint32Array | undefined)[] = [],
): Generator<Block> {
  const most = Math.min(rows, order.length);
  const words = stores.map(({ width }) => new Uint32Array(width * most));
  for (let start = 0; start < order.length; start += rows) {
    const part = order.subarray(start, start + rows);
    for (const [c, { width, words: from }] of stores.entries())
      gather(from, width, part, ranks[c], words[c]!);
    yield { length: part.length, words };
  }
}

/**
 * The table of the first `length` rows of the stores, sorted by `keys`.
 *
 * @param shown the stores that are columns of it
 * @param parts numbers the part of each row: rows are then sorted when they are asked for
 */
export const sortTable = (
  stores: readonly ColumnStore[],
  keys: readonly string[],
  length: number,
  shown: readonly ColumnStore[] = stores,
  parts?: ColumnStore,
): ColumnTable => {
  const all = parts === undefined ? sortRows(stores, keys, length) : undefined;
  const ranks = shown.map((store) => store.ranks());
  return {
    columns: shown.map(({ column }) => column),
    texts: shown.map(sortedTexts),
    blocks: (rows, range) => {
      const some = range && parts && rowsOf(parts, range, length);
      return blocksOf(shown, all ?? sortRows(stores, keys, length, some), rows, ranks);
    },
  };
};

export const sortedTexts = (store: ColumnStore): readonly string[] => {
  const ranks = store.ranks();
  const sorted: string[] = new Array(store.texts.length);
  for (const [i, text] of store.texts.entries()) sorted[ranks![i + 1]! - 1] = text;
  return sorted;
};

const picked = ({ words, width }: ColumnStore, rows: Uint32Array): Uint32Array => {
  const to = new Uint32Array(width * rows.length);
  gather(words, width, rows, undefined, to);
  return to;
};

const gather = (
  from: Uint32Array,
  width: 1 | 2,
  rows: Uint32Array,
  ranks: Uint32Array | undefined,
  to: Uint32Array,
): void => {
  if (width === 1) {
    if (ranks === undefined) for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
    else for (let i = 0; i < rows.length; i++) to[i] = ranks[from[rows[i]!]!]!;
    return;
  }
  for (let i = 0; i < rows.length; i++) {
    const row = 2 * rows[i]!;
    to[2 * i] = from[row]!;
    to[2 * i + 1] = from[row + 1]!;
  }
};

/** Whether two rows have one key in this column: 0 and -0 are one. */
const sameIn = ({ width, words }: SortKey): ((a: number, b: number) => boolean) => {
  if (width === 1) return (a, b) => words[a] === words[b];
  const numbers = numbersOf(words);
  return (a, b) =>
    numbers[a] === numbers[b] || (words[2 * a] === words[2 * b] && words[2 * a + 1] === words[2 * b + 1]);
};

const differs = ({ width, words }: ColumnStore, a: number, b: number): boolean =>
  width === 1
    ? words[a] !== words[b]
    : words[2 * a] !== words[2 * b] || words[2 * a + 1] !== words[2 * b + 1];

const oneRow = (stores: readonly ColumnStore[], row: number): Uint32Array[] =>
  stores.map(({ width, words }) => words.slice(width * row, width * (row + 1)));

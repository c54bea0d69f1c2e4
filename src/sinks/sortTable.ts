/** Order and uniqueness of collected rows, so that what is written depends on the rows alone. */
import { type Block, type ColumnTable, numbersOf } from "./column.ts";
import type { ColumnStore } from "./columnStore.ts";
import { duplicateRow } from "./duplicateRow.ts";
import { type SortKey, sortedOrder } from "./sortedOrder.ts";

/**
 * Places of the first `length` rows of the stores sorted by the key columns, rows that are equal in every column once.
 *
 * @throws `DuplicateRow` where two rows have one key and differ elsewhere
 */
export const sortRows = (
  stores: readonly ColumnStore[],
  keys: readonly string[],
  length: number,
): Uint32Array => {
  const keyStores = keys.map((key) => stores.find(({ column }) => column.name === key)!);
  const sortKeys = keyStores.map((store) => ({
    width: store.width,
    words: store.words,
    ranks: store.ranks(),
  }));
  const { order, varying } = sortedOrder(sortKeys, length);
  // Neighbours differ in the last keys mostly.
  const same = varying.reverse().map(sameIn);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const row = order[i]!;
    const last = order[kept - 1];
    if (last === undefined || !same.every((isSame) => isSame(last, row))) {
      order[kept++] = row;
    } else if (stores.some((store) => differs(store, last, row))) {
      const texts = stores.map((store) => store.texts);
      const columns = stores.map(({ column }) => column);
      throw duplicateRow(columns, texts, keys, oneRow(stores, last), oneRow(stores, row));
    }
  }
  return order.subarray(0, kept);
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

/** The table of the first `length` rows of the stores, sorted by `keys`. */
export const sortTable = (
  stores: readonly ColumnStore[],
  keys: readonly string[],
  length: number,
): ColumnTable => {
  const order = sortRows(stores, keys, length);
  const ranks = stores.map((store) => store.ranks());
  return {
    columns: stores.map(({ column }) => column),
    texts: stores.map(sortedTexts),
    blocks: (rows) => blocksOf(stores, order, rows, ranks),
  };
};

export const sortedTexts = (store: ColumnStore): readonly string[] => {
  const ranks = store.ranks();
  const sorted: string[] = new Array(store.texts.length);
  for (const [i, text] of store.texts.entries()) sorted[ranks![i + 1]! - 1] = text;
  return sorted;
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

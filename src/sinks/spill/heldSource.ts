import type { ColumnStore } from "../columnStore.ts";
import { blocksOf } from "../sortTable.ts";
import { blockRows } from "./runFile.ts";
import type { Source } from "./runSource.ts";

/** Rows that are still in memory, sorted, as one more run. */
export class HeldSource implements Source {
  readonly words: readonly Uint32Array[];
  row = 0;
  length = 0;
  readonly #stores: readonly ColumnStore[];
  readonly #order: Uint32Array;
  readonly #ranks: readonly (Uint32Array | undefined)[];
  readonly #blocks: ReturnType<typeof blocksOf>;

  /** @param order of the rows; `ranks`: what the words of texts count, by store */
  constructor(
    stores: readonly ColumnStore[],
    order: Uint32Array,
    ranks: readonly (Uint32Array | undefined)[],
  ) {
    this.words = stores.map(({ width }) => new Uint32Array(width * blockRows));
    this.#stores = stores;
    this.#order = order;
    this.#ranks = ranks;
    this.#blocks = blocksOf(stores, order, blockRows, ranks);
  }

  next(): boolean {
    const { value, done } = this.#blocks.next();
    if (done) return false;
    this.row = 0;
    this.length = value.length;
    for (const [c, words] of value.words.entries()) this.words[c]!.set(words);
    return true;
  }

  /** Whether a column has this cell, by the order of texts, in all rows. */
  hasOnly(c: number, cell: Uint32Array): boolean {
    const { words, width } = this.#stores[c]!;
    const ranks = this.#ranks[c];
    const [low, high] = cell;
    if (ranks !== undefined) return this.#order.every((row) => ranks[words[row]!] === low);
    return this.#order.every(
      (row) => words[width * row] === low && (width === 1 || words[2 * row + 1] === high),
    );
  }
}

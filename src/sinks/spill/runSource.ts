import { numbersOf, type PartRange } from "../column.ts";
import { decodeBlock } from "./blockBytes.ts";
import { blockRows, type RunFile, type SpilledRun } from "./runFile.ts";

/** Sorted rows while they are merged with others: the block of them that is in memory, and the row in it that comes next. */
export interface Source {
  /** Of the columns that are asked for; the same arrays for all blocks. */
  readonly words: readonly (Uint32Array | undefined)[];
  row: number;
  readonly length: number;
  /** Takes the next block; false: there is none. */
  next(): boolean;
}

/** Rows of some parts only, by the column that numbers them. */
export interface Ranged extends PartRange {
  readonly column: number;
}

/** One run, read block by block. */
export class RunSource implements Source {
  readonly words: readonly (Uint32Array | undefined)[];
  row = 0;
  length = 0;
  readonly #file: RunFile;
  readonly #run: SpilledRun;
  readonly #ranks: readonly (Uint32Array | undefined)[];
  readonly #range: Ranged | undefined;
  #bytes: Uint8Array;
  #at: number;
  #block = 0;

  /** @param words arrays for a block of each column that is asked for */
  constructor(
    file: RunFile,
    run: SpilledRun,
    words: readonly (Uint32Array | undefined)[],
    ranks: readonly (Uint32Array | undefined)[],
    bytes: Uint8Array,
    range?: Ranged,
  ) {
    this.#file = file;
    this.#run = run;
    this.words = words;
    this.#ranks = run.isRanked ? [] : ranks;
    this.#range = range;
    this.#bytes = bytes;
    this.#at = run.at;
    // A column that came later is null here.
    for (const later of words.slice(run.widths.length)) later?.fill(0xffff_ffff);
  }

  next(): boolean {
    const { sizes, rows, widths, parts } = this.#run;
    const range = this.#range;
    for (;;) {
      const size = sizes[this.#block];
      if (size === undefined || (range && parts[this.#block]! > range.to)) return false;
      const at = this.#at;
      this.#at += size;
      this.#block += 1;
      if (range && parts[this.#block]! < range.from) continue;
      const bytes = this.#bytes.subarray(0, size);
      this.#file.read(bytes, at);
      this.row = 0;
      this.length = Math.min(blockRows, rows - (this.#block - 1) * blockRows);
      decodeBlock(bytes, widths, this.length, this.words, this.#ranks);
      if (range === undefined) return true;
      const numbers = numbersOf(this.words[range.column]!);
      while (this.row < this.length && numbers[this.row]! < range.from) this.row += 1;
      while (this.row < this.length && numbers[this.length - 1]! > range.to) this.length -= 1;
      if (this.row < this.length) return true;
    }
  }
}

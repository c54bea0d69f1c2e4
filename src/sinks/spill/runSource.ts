import { decodeBlock } from "./blockBytes.ts";
import { blockRows, type RunFile, type SpilledRun } from "./runFile.ts";

/** One run while it is merged: the block of it that is in memory, and the row in it that comes next. */
export class RunSource {
  /** Of the columns that are asked for. */
  readonly words: readonly (Uint32Array | undefined)[];
  row = 0;
  length = 0;
  readonly #file: RunFile;
  readonly #run: SpilledRun;
  readonly #ranks: readonly (Uint32Array | undefined)[];
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
  ) {
    this.#file = file;
    this.#run = run;
    this.words = words;
    this.#ranks = run.isRanked ? [] : ranks;
    this.#bytes = bytes;
    this.#at = run.at;
    // A column that came later is null here.
    for (const later of words.slice(run.widths.length)) later?.fill(0xffff_ffff);
  }

  /** Reads the next block; false: there is none. */
  next(): boolean {
    const { sizes, rows, widths } = this.#run;
    const size = sizes[this.#block];
    if (size === undefined) return false;
    const bytes = this.#bytes.subarray(0, size);
    this.#file.read(bytes, this.#at);
    this.#at += size;
    this.row = 0;
    this.length = Math.min(blockRows, rows - this.#block * blockRows);
    this.#block += 1;
    decodeBlock(bytes, widths, this.length, this.words, this.#ranks);
    return true;
  }
}

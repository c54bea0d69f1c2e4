/**
 * Sorted runs of rows on disk, in one file beside the table they will be part of. Its name is taken away as soon as it is
 * open, so that its space is free again however the program ends; where a system does not allow that, the file is named
 * `.NAME.*.rows.part` and removed at the end. It is written and read at once (not by promises): rows come faster than a
 * disk would call back, and nothing may pile up.
 */
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EwbError, isEwbError } from "../../model/errors.ts";
import { notWritten } from "../atomicFile.ts";
import { type Block, numbersOf } from "../column.ts";
import { encodeBlock, mostBytes } from "./blockBytes.ts";

/** Rows of a block: what is held of each run while runs are merged. */
export const blockRows = 256;

const pieceBytes = 1 << 20;

/** One sorted run: where its blocks are. */
export interface SpilledRun {
  readonly at: number;
  readonly rows: number;
  /** Bytes of each block. */
  readonly sizes: Uint32Array;
  readonly widths: readonly (1 | 2)[];
  /** The cell of a column that has one in all rows; undefined: it has several. */
  readonly constants: readonly (Uint32Array | undefined)[];
  /** Whether the words of texts are by their order already. */
  readonly isRanked: boolean;
  /** The part that the first row of each block is of; empty where the table has none. */
  readonly parts: Float64Array;
}

/** Takes the rows of a run, in blocks of `blockRows`. Throws `Write` where the disk is full or cannot be written to. */
export interface RunWriter {
  add(block: Block): void;
  end(): SpilledRun;
}

export class RunFile {
  readonly #path: string;
  readonly #part: string;
  #file: number | undefined;
  #end = 0;
  #isClosed = false;
  #piece = new Uint8Array(0);

  /** @param path of the table that the rows are of: errors name it */
  constructor(path: string) {
    this.#path = path;
    this.#part = join(dirname(path), `.${basename(path)}.${randomUUID()}.rows.part`);
  }

  /** Bytes held in memory. */
  get bytes(): number {
    return this.#piece.length;
  }

  /**
   * Begins a run behind what is there; one at a time.
   *
   * @param part column that numbers the part of each row
   */
  begin(widths: readonly (1 | 2)[], isRanked: boolean, part?: number): RunWriter {
    const at = this.#end;
    const most = pieceBytes + mostBytes(widths, blockRows);
    if (this.#piece.length < most) this.#piece = new Uint8Array(most);
    const piece = this.#piece;
    const sizes: number[] = [];
    const parts: number[] = [];
    const isConstant: boolean[] = [];
    const constants: (Uint32Array | undefined)[] = [];
    let [held, rows] = [0, 0];
    const flush = () => {
      this.#append(piece.subarray(0, held));
      held = 0;
    };
    return {
      add: (block) => {
        const end = encodeBlock(block, widths, piece, held, isConstant);
        for (const [c, width] of widths.entries()) {
          const words = block.words[c]!;
          if (rows === 0) constants.push(isConstant[c] ? words.slice(0, width) : undefined);
          else if (!isConstant[c] || constants[c]?.some((word, i) => word !== words[i]))
            constants[c] = undefined;
        }
        rows += block.length;
        sizes.push(end - held);
        if (part !== undefined) parts.push(numbersOf(block.words[part]!)[0]!);
        held = end;
        if (held >= pieceBytes) flush();
      },
      end: () => {
        flush();
        const all = { sizes: Uint32Array.from(sizes), parts: Float64Array.from(parts) };
        return { at, rows, widths, constants, isRanked, ...all };
      },
    };
  }

  /** Reads the bytes at a place into `to`, all of them. */
  read(to: Uint8Array, at: number): void {
    const file = this.#opened();
    for (let done = 0; done < to.length; ) {
      const got = readSync(file, to, done, to.length - done, at + done);
      if (got === 0) {
        const place = { source: this.#path };
        throw new EwbError("Write", `rows of ${this.#path} that were put aside on disk are cut short`, place);
      }
      done += got;
    }
  }

  /** Removes it. */
  close(): void {
    this.#isClosed = true;
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#part, { force: true });
  }

  #append(bytes: Uint8Array): void {
    try {
      const file = this.#opened();
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(file, bytes, done, bytes.length - done, this.#end + done);
      }
    } catch (cause) {
      throw isEwbError(cause) ? cause : notWritten(this.#path, cause);
    }
    this.#end += bytes.length;
  }

  /** @throws `Stopped` after `close`: a table that is given up may still be being written */
  #opened(): number {
    if (this.#isClosed) throw new EwbError("Stopped", `stopped: ${this.#path} was not published`);
    if (this.#file !== undefined) return this.#file;
    mkdirSync(dirname(this.#part), { recursive: true });
    this.#file = openSync(this.#part, "wx+", 0o600);
    try {
      unlinkSync(this.#part);
    } catch {
      // It goes when it is closed.
    }
    return this.#file;
  }
}

/** Where the blocks of the next blosc frame of an array most likely are, told by those seen. Right or wrong, what is read is checked. */
import type { BlockRanges } from "../codecs/bloscBlocks.ts";
import { type BloscHeader, headerBytes } from "../codecs/bloscHeader.ts";

/** Where blocks may lie later than in any frame seen. */
const margin = 1.03;

export const headOf = (blocks: number): number => headerBytes + 4 * blocks;

export class FrameGuess {
  /** Blocks of a frame. */
  blocks: number;
  /** Bytes of a frame, the fewest seen. */
  bytes = Number.POSITIVE_INFINITY;
  #blocksize = 0;
  #from: number[] = [];
  #to: number[] = [];

  constructor(blocks: number) {
    this.blocks = blocks;
  }

  learn({ blocks, blocksize }: BloscHeader, ranges: BlockRanges, total: number): void {
    if (blocks !== this.blocks || blocksize !== this.#blocksize) {
      this.#from = [];
      this.#to = [];
    }
    this.blocks = blocks;
    this.#blocksize = blocksize;
    this.bytes = Math.min(this.bytes, total);
    for (let i = 0; i < blocks; i++) {
      this.#from[i] = Math.min(this.#from[i] ?? total, ranges.from[i]!);
      this.#to[i] = Math.max(this.#to[i] ?? 0, ranges.to[i]!);
    }
  }

  /** Where the frame most likely holds decoded bytes [start, stop); undefined: none was seen. */
  reach(start: number, stop: number): { readonly from: number; readonly to: number } | undefined {
    if (this.#to.length === 0) return undefined;
    const first = Math.floor(start / this.#blocksize);
    const last = Math.ceil(stop / this.#blocksize);
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    for (let i = first; i < last; i++) {
      from = Math.min(from, this.#from[i]!);
      to = Math.max(to, this.#to[i]!);
    }
    return { from, to: Math.ceil(to * margin) };
  }
}

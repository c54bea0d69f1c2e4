/**
 * Neighbouring blocks of a Blosc frame, whose bytes are there, and what is wanted of them: arithmetic on memory, so that
 * whoever can reach it may do it.
 */
import type { Span } from "../../model/grid.ts";
import type { Buffers } from "../../model/memory.ts";
import { type BlockPiece, type BlockRanges, decodeWithin } from "./bloscBlocks.ts";
import type { BloscHeader } from "./bloscHeader.ts";

/** Spans of decoded bytes of the whole frame, ascending, and where they are put, one after the other. */
export interface WantedBytes {
  readonly spans: readonly Span[];
  readonly out: Uint8Array;
}

export interface BloscRun {
  readonly header: BloscHeader;
  readonly ranges: BlockRanges;
  /** Blocks [first, last). */
  readonly first: number;
  readonly last: number;
  /** Bytes of the frame from `from` on: those of these blocks, at least. */
  readonly encoded: Uint8Array;
  readonly from: number;
  readonly wanted: readonly WantedBytes[];
}

/** Decodes each block once for all that is wanted of it. Throws, and returns, what `decodeWithin` does. */
export const decodeRun = (
  { header, ranges, first, last, encoded, from, wanted }: BloscRun,
  buffers: Buffers,
): boolean => {
  const { blocksize, bytes } = header;
  let finite = true;
  for (let block = first; block < last; block++) {
    const start = block * blocksize;
    const stop = Math.min(start + blocksize, bytes);
    const pieces: BlockPiece[] = [];
    for (const { spans, out } of wanted) {
      let at = 0;
      for (const span of spans) {
        const [begin, end] = [Math.max(span.start, start), Math.min(span.stop, stop)];
        if (begin < end)
          pieces.push({ from: begin - start, to: end - start, out, at: at + begin - span.start });
        at += span.stop - span.start;
      }
    }
    if (!decodeWithin(header, ranges, block, pieces, encoded, from, buffers)) finite = false;
  }
  return finite;
};

import type { Buffers } from "../../model/memory.ts";
import { type BloscHeader, bloscFault } from "./bloscHeader.ts";
import { blosclzBlock } from "./blosclz.ts";
import { lz4Block } from "./lz4.ts";
import { exactly } from "./size.ts";
import { snappyBlock } from "./snappy.ts";
import { unzlib } from "./zlib.ts";
import { zstdInto } from "./zstd.ts";

/** Decodes `source` from `at` to `end` into `out` from `start` to `stop`; fills it exactly or throws. */
type Block = (
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  stop: number,
  buffers: Buffers,
) => void;

const zlibBlock: Block = (source, at, end, out, start, stop, buffers) => {
  const block = unzlib(source.subarray(at, end), exactly(stop - start));
  out.set(block, start);
  buffers.give(block);
};

const zstdBlock: Block = (source, at, end, out, start, stop) =>
  zstdInto(source.subarray(at, end), out.subarray(start, stop));

/** By the number in the header's flags; lz4hc writes what lz4 reads. */
const inner: readonly Block[] = [blosclzBlock, lz4Block, snappyBlock, zlibBlock, zstdBlock];

/**
 * Streams of a block of so many decoded bytes. c-blosc's rule: what is split is known from the header alone, and a
 * shorter last block never is.
 */
export function streamsOf(header: BloscHeader, bytes: number): number {
  const { unsplit, typesize, blocksize } = header;
  const split = !unsplit && typesize <= 16 && blocksize >= 128 * typesize && bytes === blocksize;
  const streams = split ? typesize : 1;
  if (bytes % streams !== 0) throw bloscFault(`a block of ${bytes} bytes`, `a multiple of ${streams}`);
  return streams;
}

/** The streams of one block, `source` from `at` to `end`, into `out` from `start` to `stop`, shuffled as they are. */
export function bloscStreams(
  header: BloscHeader,
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  stop: number,
  buffers: Buffers,
): void {
  const decode = inner[header.compressor]!;
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const each = (stop - start) / streamsOf(header, stop - start);
  let from = at;
  for (let to = start; to < stop; to += each) {
    if (from + 4 > end) throw bloscFault(`a stream at ${from - at} of its block`, `at most ${end - at - 4}`);
    const length = view.getUint32(from, true);
    from += 4;
    if (length > end - from) throw bloscFault(`a stream of ${length} bytes`, `at most ${end - from}`);
    if (length === each) out.set(source.subarray(from, from + length), to);
    else decode(source, from, from + length, out, to, to + each, buffers);
    from += length;
  }
}

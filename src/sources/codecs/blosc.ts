import type { Buffers } from "../../model/memory.ts";
import { bitUnshuffle } from "./bitUnshuffle.ts";
import { type BloscHeader, bloscHeader, headerBytes } from "./bloscHeader.ts";
import { blosclzBlock } from "./blosclz.ts";
import { CodecError } from "./codecError.ts";
import { lz4Block } from "./lz4.ts";
import { compressed, exactly, type Size } from "./size.ts";
import { snappyBlock } from "./snappy.ts";
import { fresh, type Step } from "./step.ts";
import { unshuffle } from "./unshuffle.ts";
import { unzlib } from "./zlib.ts";
import { unzstd } from "./zstd.ts";

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

const whole =
  (decode: (encoded: Uint8Array, size: Size, buffers: Buffers) => Uint8Array): Block =>
  (source, at, end, out, start, stop, buffers) => {
    const block = decode(source.subarray(at, end), exactly(stop - start), buffers);
    out.set(block, start);
    buffers.give(block);
  };

/** By the number in the header's flags; lz4hc writes what lz4 reads. */
const inner: readonly Block[] = [blosclzBlock, lz4Block, snappyBlock, whole(unzlib), whole(unzstd)];

const corrupt = (found: string, expected: string) => new CodecError({ codec: "blosc", found, expected });

/** The streams of one block, from `at`, into `out` from `start` to `stop`. */
function decodeBlock(
  header: BloscHeader,
  source: Uint8Array,
  at: number,
  out: Uint8Array,
  start: number,
  stop: number,
  buffers: Buffers,
): void {
  const decode = inner[header.compressor]!;
  const bytes = stop - start;
  // c-blosc's rule: what is split is known from the header alone, and a shorter last block never is.
  const split =
    !header.unsplit &&
    header.typesize <= 16 &&
    header.blocksize >= 128 * header.typesize &&
    bytes === header.blocksize;
  const streams = split ? header.typesize : 1;
  if (bytes % streams !== 0) throw corrupt(`a block of ${bytes} bytes`, `a multiple of ${streams}`);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const each = bytes / streams;
  let from = at;
  for (let to = start; to < stop; to += each) {
    if (from + 4 > source.length) throw corrupt(`a stream at ${from}`, `at most ${source.length - 4}`);
    const length = view.getUint32(from, true);
    from += 4;
    if (length > source.length - from)
      throw corrupt(`a stream of ${length} bytes`, `at most ${source.length - from}`);
    if (length === each) out.set(source.subarray(from, from + length), to);
    else decode(source, from, from + length, out, to, to + each, buffers);
    from += length;
  }
}

/**
 * A Blosc 1 frame: 16 bytes of header, the offset of each block, the blocks. Its length must be what the header
 * says, and the decoded length what the chunk needs, before anything is allocated. The header's typesize counts,
 * not the array's. There is no checksum in the format: a changed literal passes.
 */
export function unblosc(encoded: Uint8Array, size: Size, buffers: Buffers = fresh): Uint8Array {
  const header = bloscHeader(encoded, size);
  if (header.copied) return encoded.subarray(headerBytes);
  const out = buffers.take(header.bytes);
  const { blocksize, typesize } = header;
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const least = headerBytes + 4 * header.blocks;
  const scratch = buffers.take(header.shuffle === "none" ? 0 : Math.min(blocksize, header.bytes));
  for (let block = 0; block < header.blocks; block++) {
    const start = block * blocksize;
    const stop = Math.min(start + blocksize, header.bytes);
    const at = view.getUint32(headerBytes + 4 * block, true);
    if (at < least || at > encoded.length - 4) {
      throw corrupt(`block ${block} at ${at}`, `${least} to ${encoded.length - 4}`);
    }
    if (header.shuffle === "none") {
      decodeBlock(header, encoded, at, out, start, stop, buffers);
      continue;
    }
    decodeBlock(header, encoded, at, scratch, 0, stop - start, buffers);
    const shuffled = scratch.subarray(0, stop - start);
    if (header.shuffle === "byte") unshuffle(shuffled, out, start, typesize);
    else bitUnshuffle(shuffled, out, start, typesize);
  }
  buffers.give(scratch);
  return out;
}

export const blosc = (): Step => ({ name: "blosc", encodedSize: compressed, decode: unblosc });

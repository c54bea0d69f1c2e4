import { copyBytes } from "../../kernels/wasm/copyBytes.ts";
import type { Buffers } from "../../model/memory.ts";
import { bitUnshuffle } from "./bitUnshuffle.ts";
import { type BloscHeader, bloscFault, headerBytes } from "./bloscHeader.ts";
import { bloscStreams, streamsOf } from "./bloscStreams.ts";
import { gatherTiles } from "./bloscTiles.ts";
import { bloscRoom } from "./bloscWasm.ts";
import { unshuffle } from "./unshuffle.ts";

/**
 * The blocks of a Blosc 1 frame one by one, so that only those that are needed must be fetched: the header, then the
 * starts of the blocks, then runs of blocks.
 *
 *     const header = bloscHeader(prefix, size, length);
 *     const ranges = blockRanges(header, frame.subarray(16, 16 + startBytes(header)));
 *     // Fetch the bytes from ranges.from[2] to ranges.to[2], then:
 *     decodeBlocks(header, ranges, 2, 3, fetched, ranges.from[2], out, 0, buffers);
 *
 * Decoded byte b is in block floor(b / header.blocksize).
 */
export interface BlockRanges {
  /** By block, the first byte of it in the frame, and the first behind it. Blocks may stand in any order. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** Bytes behind the header that say where blocks start; none where the data were only copied. */
export const startBytes = (header: BloscHeader): number => (header.copied ? 0 : 4 * header.blocks);

/**
 * Where each block lies, from the bytes behind the header. No length is stated: a block ends where the next one begins
 * or the frame ends, and writers with several threads store blocks in the order in which they got done. Throws a
 * CodecError where a block would lie outside the frame, or where another does.
 */
export function blockRanges(header: BloscHeader, starts: Uint8Array): BlockRanges {
  const { blocks, length } = header;
  const from = new Uint32Array(blocks);
  const to = new Uint32Array(blocks);
  if (header.copied) {
    for (let block = 0; block < blocks; block++) {
      from[block] = headerBytes + block * header.blocksize;
      to[block] = Math.min(from[block]! + header.blocksize, length);
    }
    return { from, to };
  }
  const least = headerBytes + 4 * blocks;
  if (starts.length < 4 * blocks) {
    throw bloscFault(`${starts.length} bytes of starts`, `${4 * blocks} for ${blocks} blocks`);
  }
  const view = new DataView(starts.buffer, starts.byteOffset, starts.byteLength);
  let ascending = true;
  for (let block = 0; block < blocks; block++) {
    const at = view.getUint32(4 * block, true);
    if (at < least || at > length - 4) {
      throw bloscFault(`block ${block} at ${at}`, `${least} to ${length - 4}`);
    }
    if (block > 0 && at <= from[block - 1]!) ascending = false;
    from[block] = at;
  }
  const order = Uint32Array.from(from, (_, block) => block);
  if (!ascending) order.sort((a, b) => from[a]! - from[b]! || a - b);
  for (let i = 0; i < blocks; i++) {
    const block = order[i]!;
    const next = order[i + 1];
    to[block] = next === undefined ? length : from[next]!;
    if (to[block] === from[block]) {
      throw bloscFault(`blocks ${block} and ${next} both at ${to[block]}`, "a place for each");
    }
  }
  return { from, to };
}

/**
 * Decodes blocks `first` to before `last` into `out` from `at` on, where block `first` begins. `source` holds the bytes
 * of the frame from `sourceAt` on, as many as these blocks need. Throws a CodecError: what came until then is in `out`.
 * True: they are elements of four bytes, and as float32 none is infinite; false: there is one, or nobody looked.
 */
export function decodeBlocks(
  header: BloscHeader,
  ranges: BlockRanges,
  first: number,
  last: number,
  source: Uint8Array,
  sourceAt: number,
  out: Uint8Array,
  at: number,
  buffers: Buffers,
): boolean {
  const { blocksize, bytes } = header;
  let finite = !header.copied;
  for (let block = first, to = at; block < last; block++, to += blocksize) {
    const start = ranges.from[block]! - sourceAt;
    const end = ranges.to[block]! - sourceAt;
    if (!(start >= 0 && end <= source.length)) {
      const found = `bytes ${sourceAt} to ${sourceAt + source.length} of a frame`;
      throw bloscFault(found, `block ${block}, ${ranges.from[block]} to ${ranges.to[block]}`);
    }
    const stop = to + Math.min(blocksize, bytes - block * blocksize);
    if (stop > out.length)
      throw bloscFault(`block ${block} up to ${stop}`, `room for it in ${out.length} bytes`);
    if (header.copied) {
      copyBytes(out, source.subarray(start, end), to);
      continue;
    }
    const found = inRoom(header, source, start, end, stop - to, [{ from: 0, to: stop - to, out, at: to }]);
    if (found === undefined) scalar(header, source, start, end, out, to, stop, buffers);
    if (found !== "finite") finite = false;
  }
  return finite;
}

/** Bytes `from` to before `to` of a block, counted in it, and where they are put: into `out` from `at` on. */
export interface BlockPiece {
  readonly from: number;
  readonly to: number;
  readonly out: Uint8Array;
  readonly at: number;
}

/**
 * Decodes some pieces of one block; see `decodeBlocks`. Where the streams allow it they are decoded only as far as is
 * needed, once for all pieces: what is behind is not checked.
 */
export function decodeWithin(
  header: BloscHeader,
  ranges: BlockRanges,
  block: number,
  pieces: readonly BlockPiece[],
  source: Uint8Array,
  sourceAt: number,
  buffers: Buffers,
): boolean {
  const { blocksize, copied } = header;
  const start = ranges.from[block]! - sourceAt;
  const end = ranges.to[block]! - sourceAt;
  const bytes = Math.min(blocksize, header.bytes - block * blocksize);
  const isThere =
    start >= 0 &&
    end <= source.length &&
    pieces.every(({ from, to, out, at }) => at + to - from <= out.length);
  if (copied && isThere) {
    for (const { from, to, out, at } of pieces) copyBytes(out, source.subarray(start + from, start + to), at);
    return false;
  }
  const found = isThere ? inRoom(header, source, start, end, bytes, pieces) : undefined;
  if (found !== undefined) return found === "finite";
  const whole = buffers.take(bytes);
  try {
    const finite = decodeBlocks(header, ranges, block, block + 1, source, sourceAt, whole, 0, buffers);
    for (const { from, to, out, at } of pieces) copyBytes(out, whole.subarray(from, to), at);
    return finite;
  } finally {
    buffers.give(whole);
  }
}

/** A bit shuffle is made only of eights of elements. */
const shuffleOf = ({ shuffle, typesize }: BloscHeader, bytes: number) =>
  shuffle === "bit" && Math.floor(bytes / typesize) % 8 !== 0 ? "none" : shuffle;

/**
 * A block of so many `bytes` in WebAssembly; undefined where the compressor is not there, it is too large, or anything wrong
 * with it. "finite": its pieces are float32, if anything of four bytes, of which none is infinite.
 */
function inRoom(
  header: BloscHeader,
  source: Uint8Array,
  start: number,
  end: number,
  bytes: number,
  pieces: readonly BlockPiece[],
): "decoded" | "finite" | undefined {
  if (header.compressor > 1) return undefined;
  const room = bloscRoom(end - start + bytes + 63, ...pieces.map(({ out }) => out), source);
  if (room === undefined) return undefined;
  const { u8, i32, run, table, work } = room;
  const streams = streamsOf(header, bytes);
  const each = bytes / streams;
  const shuffle = shuffleOf(header, bytes);
  const width = header.typesize;
  const isWhole = pieces.some(({ from, to }) => from === 0 && to === bytes);
  for (const { from, to } of pieces) {
    const isPart = from !== 0 || to !== bytes;
    if (isPart && (shuffle !== "byte" || from % width !== 0 || to % width !== 0)) return undefined;
  }
  const isThere = source.buffer === u8.buffer;
  if (!isThere) copyBytes(u8, source.subarray(start, end), work);
  const begin = isThere ? source.byteOffset + start : work;
  const until = begin + end - start;
  const scratch = isThere ? work : (until + 63) & ~63;
  // Each stream holds one byte of every element, or all of them.
  const last = pieces.reduce((most, { to }) => Math.max(most, to), 0);
  const enough = isWhole || streams !== width ? each : last / width;
  if (run.streams(header.compressor, begin, until, scratch, streams, each, enough, table) !== 0)
    return undefined;
  const places = table >> 2;
  if (shuffle === "none") {
    for (const { out, at } of pieces) {
      for (let i = 0; i < streams; i++) {
        const place = i32[places + i]!;
        copyBytes(out, u8.subarray(place, place + each), at + i * each);
      }
    }
    return "decoded";
  }
  const elements = Math.floor(bytes / width);
  const place = i32[places]!;
  if (streams === 1) for (let i = 0; i < width; i++) i32[places + i] = place + i * elements;
  let finite = elements * width === bytes;
  for (const { from, to, out, at } of pieces) {
    const stop = Math.min(elements, Math.floor(to / width));
    const first = Math.floor(from / width);
    if (!gatherTiles(room, shuffle, width, elements, first, stop, out, at)) finite = false;
    // What is left of an element was not shuffled; a split block has none.
    const whole = elements * width;
    if (whole < to) out.set(u8.subarray(place + whole, place + to), at + whole - from);
  }
  return finite ? "finite" : "decoded";
}

function scalar(
  header: BloscHeader,
  source: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  to: number,
  stop: number,
  buffers: Buffers,
): void {
  if (header.shuffle === "none") {
    bloscStreams(header, source, start, end, out, to, stop, buffers);
    return;
  }
  const scratch = buffers.take(stop - to);
  try {
    bloscStreams(header, source, start, end, scratch, 0, stop - to, buffers);
    const undo = header.shuffle === "byte" ? unshuffle : bitUnshuffle;
    undo(scratch.subarray(0, stop - to), out, to, header.typesize);
  } finally {
    buffers.give(scratch);
  }
}

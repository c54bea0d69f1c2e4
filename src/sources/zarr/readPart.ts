/**
 * Some parts of a chunk, from the bytes of its object that hold them. A raw chunk is asked for these bytes alone. Of
 * a blosc frame come the header and the starts of its blocks, then the blocks that are touched, each decoded as far as it
 * is needed. All is checked as in a whole chunk, but what is not read.
 */
import { copyBytes } from "../../kernels/wasm/copyBytes.ts";
import type { Span } from "../../model/grid.ts";
import type { Buffers } from "../../model/memory.ts";
import { type BlockRanges, blockRanges, startBytes } from "../codecs/bloscBlocks.ts";
import { type BloscHeader, bloscHeader, headerBytes } from "../codecs/bloscHeader.ts";
import { type BloscRun, decodeRun, type WantedBytes } from "../codecs/bloscRun.ts";
import type { PartDecoder } from "../codecs/chain.ts";
import { CodecError } from "../codecs/codecError.ts";
import { exactly } from "../codecs/size.ts";
import type { Seen } from "../codecs/step.ts";
import type { OpenObject } from "../stores/store.ts";
import { type FrameGuess, headOf } from "./frameGuess.ts";

/** Bytes that are not needed and read nevertheless, where that joins two reads. */
const gap = 32_768;

export interface PartOptions {
  readonly buffers: Buffers;
  readonly guess: FrameGuess;
  /** Is told what holds for all parts. */
  readonly seen: Seen;
  /** Runs a step of decoding. */
  readonly decode: <T>(work: () => T) => T;
  /** Decodes elsewhere, where that is worth it: see `ChunkReader.decode`. */
  readonly far?: ((run: BloscRun) => Promise<boolean | undefined> | undefined) | undefined;
}

/** Decoded bytes of some parts: of each its spans, one after the other, in an array of the `buffers`. */
export const readPart = async (
  object: OpenObject,
  decoder: PartDecoder,
  parts: readonly (readonly Span[])[],
  options: PartOptions,
): Promise<Uint8Array[]> => {
  const { width } = decoder;
  const wanted = parts.map((part): WantedBytes => {
    const spans = part.map(({ start, stop }) => ({ start: start * width, stop: stop * width }));
    return {
      spans,
      out: options.buffers.take(spans.reduce((sum, { start, stop }) => sum + stop - start, 0)),
    };
  });
  try {
    if (decoder.frame === "raw") {
      if (object.total !== decoder.bytes) {
        throw new CodecError({ codec: "raw", found: `${object.total} bytes`, expected: `${decoder.bytes}` });
      }
      await copyRaw(object, 0, wanted);
    } else if ((await unpackFrame(object, decoder, wanted, options)) && decoder.isFloat32) {
      options.seen.finite = true;
    }
    return wanted.map(({ out }) => out);
  } catch (error) {
    for (const { out } of wanted) options.buffers.give(out);
    throw error;
  }
};

/** The bytes of the object from `from` on. */
const copyRaw = async (object: OpenObject, from: number, wanted: readonly WantedBytes[]): Promise<void> => {
  for (const { spans, out } of wanted) {
    let at = 0;
    for (const { start, stop } of spans) {
      const bytes = await object.read(from + start, from + stop);
      copyBytes(out, bytes, at);
      object.release(bytes);
      at += stop - start;
    }
  }
};

/** Returns what `decodeRun` does. */
const unpackFrame = async (
  object: OpenObject,
  decoder: PartDecoder,
  wanted: readonly WantedBytes[],
  { buffers, guess, decode, far }: PartOptions,
): Promise<boolean> => {
  const head = await readHead(object, guess.blocks);
  const header = bloscHeader(head, exactly(decoder.bytes), object.total);
  if (header.copied) {
    await copyRaw(object, headerBytes, wanted);
    return false;
  }
  const starts = await readStarts(object, header, head);
  const ranges = blockRanges(header, starts);
  guess.learn(header, ranges, object.total);
  let finite = true;
  for (const { first, last } of runsOf(blocksOf(header, wanted), ranges)) {
    const [from, to] = [ranges.from[first]!, ranges.to[last - 1]!];
    const encoded = await object.read(from, to);
    const run: BloscRun = { header, ranges, first, last, encoded, from, wanted };
    try {
      const found = (await far?.(run)) ?? decode(() => decodeRun(run, buffers));
      if (!found) finite = false;
    } finally {
      object.release(encoded);
    }
  }
  return finite;
};

/** The header, and as many starts of blocks as the last frame had; a copy of its own. */
const readHead = async (object: OpenObject, blocks: number): Promise<Uint8Array> => {
  const bytes = await object.read(0, Math.min(object.total, headOf(blocks)));
  const head = bytes.slice();
  object.release(bytes);
  return head;
};

const readStarts = async (object: OpenObject, header: BloscHeader, head: Uint8Array): Promise<Uint8Array> => {
  const end = headerBytes + startBytes(header);
  const whole = head.length >= end ? head : await readHead(object, header.blocks);
  return whole.subarray(headerBytes, end);
};

/** Numbers of the blocks that are touched, ascending. */
const blocksOf = ({ blocksize }: BloscHeader, wanted: readonly WantedBytes[]): readonly number[] => {
  const blocks = new Set<number>();
  for (const { start, stop } of wanted.flatMap(({ spans }) => spans)) {
    for (let block = Math.floor(start / blocksize); block * blocksize < stop; block++) blocks.add(block);
  }
  return [...blocks].sort((a, b) => a - b);
};

interface Run {
  readonly first: number;
  readonly last: number;
}

/** Neighbours that are read at once: they follow one another in the frame, or nearly. */
const runsOf = (blocks: readonly number[], ranges: BlockRanges): readonly Run[] => {
  const runs: { first: number; last: number }[] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    const between = run?.last === block ? ranges.from[block]! - ranges.to[block - 1]! : -1;
    if (run !== undefined && between >= 0 && between <= gap) run.last += 1;
    else runs.push({ first: block, last: block + 1 });
  }
  return runs;
};

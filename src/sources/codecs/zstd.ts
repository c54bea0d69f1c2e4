import * as nodeZlib from "node:zlib";
import type { Buffers } from "../../model/memory.ts";
import { CodecError } from "./codecError.ts";
import { checkSize, compressed, exactly, type Size } from "./size.ts";
import { fresh, type Step } from "./step.ts";
import { xxh64Low } from "./xxh64.ts";
import { type Carried, zstdBlock } from "./zstdBlock.ts";
import { type ZstdFrame, zstdCorrupt, zstdFrames } from "./zstdFrame.ts";
import { wasmFrame } from "./zstdWasm.ts";

/** Decodes one frame into `out` from `start`, and returns where its content ends. */
export type FrameDecoder = (source: Uint8Array, frame: ZstdFrame, out: Uint8Array, start: number) => number;

type NativeZstd = (input: Uint8Array, options: { maxOutputLength: number; chunkSize: number }) => Uint8Array;
const nodeZstd = (nodeZlib as { zstdDecompressSync?: NativeZstd }).zstdDecompressSync;

/** By Node's own zstd, which is there from 22.15 on. */
const nativeFrame =
  (decompress: NativeZstd): FrameDecoder =>
  (source, frame, out, start) => {
    const room = out.length - start;
    try {
      const content = decompress(source.subarray(frame.start, frame.end), {
        maxOutputLength: Math.max(room, 1),
        chunkSize: Math.max(room + 1, 64),
      });
      if (content.length > room) throw zstdCorrupt(`more than ${room} bytes`, `at most ${room}`);
      out.set(content, start);
      return start + content.length;
    } catch (cause) {
      if (cause instanceof CodecError) throw cause;
      const { code, message } = cause as { code?: string; message: string };
      const found =
        code === "ERR_BUFFER_TOO_LARGE" ? `more than ${room} bytes` : `a corrupt frame (${message})`;
      throw new CodecError({ codec: "zstd", found, expected: `a frame of at most ${room} bytes`, cause });
    }
  };

/** By our own blocks, in JavaScript: any Node; what it says of a frame counts. */
export const ownFrame: FrameDecoder = (source, frame, out, start) => {
  const carried: Carried = { huffman: undefined, tables: undefined, recent: [1, 4, 8] };
  const widest = frame.blocks.reduce((most, { length }) => Math.max(most, length), 0);
  const padded = new Uint8Array(widest + 16);
  let to = start;
  for (const { kind, at, length, size } of frame.blocks) {
    if (kind === "compressed") {
      if (length < 2) throw zstdCorrupt(`a compressed block of ${length} bytes`, "2 at least");
      padded.set(source.subarray(at, at + length), 8);
      padded.fill(0, 8 + length, 16 + length);
      to = zstdBlock(padded, 8, 8 + length, out, start, to, carried);
      continue;
    }
    if (size > out.length - to)
      throw zstdCorrupt(`more than ${out.length - start} bytes`, `${out.length - start}`);
    if (kind === "raw") out.set(source.subarray(at, at + size), to);
    else out.fill(source[at]!, to, to + size);
    to += size;
  }
  if (frame.checksum !== undefined) {
    const computed = xxh64Low(out.subarray(start, to));
    if (computed !== frame.checksum) {
      const expected = `${frame.checksum.toString(16)} by the frame`;
      throw zstdCorrupt(`checksum ${computed.toString(16)}`, expected);
    }
  }
  return to;
};

/** Bytes of content from which on Node's own zstd, where it is there, is faster than WebAssembly: it costs more a call. */
const nativeFrom = 512 * 1024;

const byWasm = wasmFrame(ownFrame);
const byNode = nodeZstd === undefined ? byWasm : nativeFrame(nodeZstd);

/** By what is fastest here for the frame's size. */
const fastestFrame: FrameDecoder = (source, frame, out, start) =>
  (out.length - start < nativeFrom ? byWasm : byNode)(source, frame, out, start);

/** Bytes of all frames together, where each states its own. */
const statedBytes = (frames: readonly ZstdFrame[]): number | undefined =>
  frames.reduce<number | undefined>(
    (sum, { contentSize }) =>
      sum === undefined || contentSize === undefined ? undefined : sum + contentSize,
    0,
  );

/** Frames one after the other into `out`; returns where the last one ends. */
function decodeFrames(
  encoded: Uint8Array,
  frames: readonly ZstdFrame[],
  out: Uint8Array,
  decodeFrame: FrameDecoder,
): number {
  let to = 0;
  for (const frame of frames) {
    const end = decodeFrame(encoded, frame, out, to);
    if (frame.contentSize !== undefined && end - to !== frame.contentSize) {
      throw zstdCorrupt(`${end - to} bytes`, `${frame.contentSize} by the frame's header`);
    }
    to = end;
  }
  return to;
}

/** Frames that fill `encoded` exactly and give `size` bytes, decoded one by one with `decodeFrame`. */
export function zstdDecode(
  encoded: Uint8Array,
  size: Size,
  decodeFrame: FrameDecoder,
  buffers: Buffers = fresh,
): Uint8Array {
  const frames = zstdFrames(encoded);
  const stated = statedBytes(frames);
  if (stated !== undefined) checkSize("zstd", stated, size);
  const out = buffers.take(stated ?? size.most);
  const to = decodeFrames(encoded, frames, out, decodeFrame);
  checkSize("zstd", to, size);
  return to === out.length ? out : out.subarray(0, to);
}

/**
 * Frames that fill `encoded` exactly and give as many bytes as `out` has, decoded in place: for streams within another
 * format.
 *
 *     zstdInto(frame.subarray(at, at + length), block.subarray(from, from + each));
 */
export function zstdInto(
  encoded: Uint8Array,
  out: Uint8Array,
  decodeFrame: FrameDecoder = fastestFrame,
): void {
  const size = exactly(out.length);
  const frames = zstdFrames(encoded);
  const stated = statedBytes(frames);
  if (stated !== undefined) checkSize("zstd", stated, size);
  checkSize("zstd", decodeFrames(encoded, frames, out, decodeFrame), size);
}

export const unzstd = (encoded: Uint8Array, size: Size, buffers: Buffers = fresh): Uint8Array =>
  zstdDecode(encoded, size, fastestFrame, buffers);

export const zstd = (): Step => ({ name: "zstd", encodedSize: compressed, decode: unzstd });

import * as nodeZlib from "node:zlib";
import type { Buffers } from "../../model/memory.ts";
import { CodecError } from "./codecError.ts";
import { checkSize, compressed, type Size } from "./size.ts";
import { fresh, type Step } from "./step.ts";
import { xxh64Low } from "./xxh64.ts";
import { type Carried, zstdBlock } from "./zstdBlock.ts";
import { type ZstdFrame, zstdCorrupt, zstdFrames } from "./zstdFrame.ts";

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

/** By our own blocks: any Node, no native code. */
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

/** Frames that fill `encoded` exactly and give `size` bytes, decoded one by one with `decodeFrame`. */
export function zstdDecode(
  encoded: Uint8Array,
  size: Size,
  decodeFrame: FrameDecoder,
  buffers: Buffers = fresh,
): Uint8Array {
  const frames = zstdFrames(encoded);
  const stated = frames.reduce<number | undefined>(
    (sum, { contentSize }) =>
      sum === undefined || contentSize === undefined ? undefined : sum + contentSize,
    0,
  );
  if (stated !== undefined) checkSize("zstd", stated, size);
  const out = buffers.take(stated ?? size.most);
  let to = 0;
  for (const frame of frames) {
    const end = decodeFrame(encoded, frame, out, to);
    if (frame.contentSize !== undefined && end - to !== frame.contentSize) {
      throw zstdCorrupt(`${end - to} bytes`, `${frame.contentSize} by the frame's header`);
    }
    to = end;
  }
  checkSize("zstd", to, size);
  return to === out.length ? out : out.subarray(0, to);
}

export const unzstd = (encoded: Uint8Array, size: Size, buffers: Buffers = fresh): Uint8Array =>
  zstdDecode(encoded, size, nodeZstd === undefined ? ownFrame : nativeFrame(nodeZstd), buffers);

export const zstd = (): Step => ({ name: "zstd", encodedSize: compressed, decode: unzstd });

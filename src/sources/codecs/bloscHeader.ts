import { CodecError } from "./codecError.ts";
import { checkSize, type Size } from "./size.ts";

export const headerBytes = 16;

/** The header of a Blosc 1 frame, checked against the frame's length, the chunk's size, and itself. */
export interface BloscHeader {
  readonly typesize: number;
  /** Bytes after decoding. */
  readonly bytes: number;
  readonly blocksize: number;
  readonly blocks: number;
  readonly shuffle: "none" | "byte" | "bit";
  /** The data stand behind the header as they are. */
  readonly copied: boolean;
  /** The blocks are one stream each. */
  readonly unsplit: boolean;
  /** 0 blosclz, 1 lz4, 2 snappy, 3 zlib, 4 zstd. */
  readonly compressor: number;
}

const corrupt = (found: string, expected: string) => new CodecError({ codec: "blosc", found, expected });

export function bloscHeader(frame: Uint8Array, size: Size): BloscHeader {
  if (frame.length < headerBytes) throw corrupt(`${frame.length} bytes`, `a header of ${headerBytes}`);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const [version, compressorVersion, flags, typesize] = [frame[0]!, frame[1]!, frame[2]!, frame[3]!];
  if (version !== 2) throw corrupt(`format version ${version}`, "2 of a blosc frame");
  if (compressorVersion !== 1) throw corrupt(`compressor version ${compressorVersion}`, "1");
  const bytes = view.getUint32(4, true);
  const blocksize = view.getUint32(8, true);
  const length = view.getUint32(12, true);
  if (length !== frame.length) throw corrupt(`a frame of ${frame.length} bytes`, `${length} by its header`);
  checkSize("blosc", bytes, size);
  if (typesize === 0) throw corrupt("typesize 0", "1 to 255");
  if ((flags & 0x08) !== 0) throw corrupt(`flags ${flags.toString(2)}`, "bit 3 unset");
  if ((flags & 0x05) === 0x05) throw corrupt("both shuffles", "one");
  const compressor = flags >> 5;
  if (compressor > 4)
    throw corrupt(`compressor ${compressor}`, "blosclz, lz4, snappy, zlib or zstd (0 to 4)");
  const copied = (flags & 0x02) !== 0;
  if (copied && bytes + headerBytes !== length) {
    throw corrupt(`${length - headerBytes} bytes behind the header`, `${bytes} by the header`);
  }
  if (!copied && blocksize === 0) throw corrupt("blocksize 0", "1 at least");
  const blocks = copied ? 1 : Math.ceil(bytes / blocksize);
  if (!copied && headerBytes + 4 * blocks > length) {
    throw corrupt(`${blocks} blocks in ${length} bytes`, `${headerBytes + 4 * blocks} bytes at least`);
  }
  const byteShuffled = (flags & 0x01) !== 0 && typesize > 1;
  const bitShuffled = (flags & 0x04) !== 0 && blocksize >= typesize;
  const shuffle = byteShuffled ? "byte" : bitShuffled ? "bit" : "none";
  return { typesize, bytes, blocksize, blocks, shuffle, copied, unsplit: (flags & 0x10) !== 0, compressor };
}

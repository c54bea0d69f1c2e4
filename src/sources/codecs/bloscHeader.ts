import { CodecError } from "./codecError.ts";
import { checkSize, type Size } from "./size.ts";

export const headerBytes = 16;

/** The header of a Blosc 1 frame, checked against the frame's length, the chunk's size, and itself. */
export interface BloscHeader {
  /** Bytes of the frame. */
  readonly length: number;
  readonly typesize: number;
  /** Bytes after decoding. */
  readonly bytes: number;
  /** Decoded bytes of every block but the last, which may have less. */
  readonly blocksize: number;
  readonly blocks: number;
  readonly shuffle: "none" | "byte" | "bit";
  /** The data stand behind the header as they are, without starts of blocks: any cut of them is a block. */
  readonly copied: boolean;
  /** The blocks are one stream each. */
  readonly unsplit: boolean;
  /** 0 blosclz, 1 lz4, 2 snappy, 3 zlib, 4 zstd. */
  readonly compressor: number;
}

export const bloscFault = (found: string, expected: string) =>
  new CodecError({ codec: "blosc", found, expected });

/** A block of what was only copied. */
const copiedBlock = 65_536;

/**
 * Reads the header from `prefix`, the first 16 bytes of a frame or more. `frameLength` is the length of the frame as
 * stored; undefined where nobody knows it yet: then the header is believed, and whoever reads a block finds out.
 *
 *     const header = bloscHeader(first, exactly(4 * 721 * 1440), object.size);
 *     const starts = startBytes(header); // bytes to read next, from 16 on
 */
export function bloscHeader(prefix: Uint8Array, size: Size, frameLength: number | undefined): BloscHeader {
  if (prefix.length < headerBytes) throw bloscFault(`${prefix.length} bytes`, `a header of ${headerBytes}`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const [version, compressorVersion, flags, typesize] = [prefix[0]!, prefix[1]!, prefix[2]!, prefix[3]!];
  if (version !== 2) throw bloscFault(`format version ${version}`, "2 of a blosc frame");
  if (compressorVersion !== 1) throw bloscFault(`compressor version ${compressorVersion}`, "1");
  const bytes = view.getUint32(4, true);
  const stated = view.getUint32(8, true);
  const length = view.getUint32(12, true);
  if (frameLength !== undefined && length !== frameLength) {
    throw bloscFault(`a frame of ${frameLength} bytes`, `${length} by its header`);
  }
  checkSize("blosc", bytes, size);
  if (typesize === 0) throw bloscFault("typesize 0", "1 to 255");
  if ((flags & 0x08) !== 0) throw bloscFault(`flags ${flags.toString(2)}`, "bit 3 unset");
  if ((flags & 0x05) === 0x05) throw bloscFault("both shuffles", "one");
  const compressor = flags >> 5;
  if (compressor > 4)
    throw bloscFault(`compressor ${compressor}`, "blosclz, lz4, snappy, zlib or zstd (0 to 4)");
  const copied = (flags & 0x02) !== 0;
  if (copied && bytes + headerBytes !== length) {
    throw bloscFault(`${length - headerBytes} bytes behind the header`, `${bytes} by the header`);
  }
  if (!copied && stated === 0) throw bloscFault("blocksize 0", "1 at least");
  const blocksize = copied ? copiedBlock : stated;
  const blocks = Math.ceil(bytes / blocksize);
  if (!copied && headerBytes + 4 * blocks > length) {
    throw bloscFault(`${blocks} blocks in ${length} bytes`, `${headerBytes + 4 * blocks} bytes at least`);
  }
  const byteShuffled = (flags & 0x01) !== 0 && typesize > 1;
  const bitShuffled = (flags & 0x04) !== 0 && blocksize >= typesize;
  const shuffle = byteShuffled ? "byte" : bitShuffled ? "bit" : "none";
  const unsplit = (flags & 0x10) !== 0;
  return { length, typesize, bytes, blocksize, blocks, shuffle, copied, unsplit, compressor };
}

import type { Buffers } from "../../model/memory.ts";
import { blockRanges, decodeBlocks } from "./bloscBlocks.ts";
import { bloscHeader, headerBytes } from "./bloscHeader.ts";
import { compressed, type Size } from "./size.ts";
import { fresh, type Seen, type Step } from "./step.ts";

/**
 * A Blosc 1 frame: 16 bytes of header, the offset of each block, the blocks. Its length must be what the header
 * says, and the decoded length what the chunk needs, before anything is allocated. The header's typesize counts,
 * not the array's. There is no checksum in the format: a changed literal passes.
 */
export function unblosc(
  encoded: Uint8Array,
  size: Size,
  buffers: Buffers = fresh,
  seen: Seen = {},
): Uint8Array {
  const header = bloscHeader(encoded, size, encoded.length);
  if (header.copied) return encoded.subarray(headerBytes);
  const ranges = blockRanges(header, encoded.subarray(headerBytes));
  const out = buffers.take(header.bytes);
  if (decodeBlocks(header, ranges, 0, header.blocks, encoded, 0, out, 0, buffers)) seen.finite = true;
  return out;
}

export const blosc = (): Step => ({ name: "blosc", encodedSize: compressed, decode: unblosc });

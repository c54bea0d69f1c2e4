import { blockRanges } from "../codecs/bloscBlocks.ts";
import { bloscHeader, headerBytes } from "../codecs/bloscHeader.ts";
import type { PartDecoder } from "../codecs/chain.ts";
import { CodecError } from "../codecs/codecError.ts";
import { exactly } from "../codecs/size.ts";
import type { PartOptions } from "./readPart.ts";

/**
 * The decoded bytes of a frame that is there, in an array of the `buffers`: its blocks at once, in whatever order they
 * stand. Undefined where they were not decoded elsewhere: whoever asked does it, and finds out why.
 */
export const wholeFrame = async (
  encoded: Uint8Array,
  { bytes, isFloat32 }: PartDecoder,
  far: NonNullable<PartOptions["far"]>,
  { buffers, seen }: Pick<PartOptions, "buffers" | "seen">,
): Promise<Uint8Array | undefined> => {
  try {
    const header = bloscHeader(encoded, exactly(bytes), encoded.length);
    if (header.copied) return undefined;
    const ranges = blockRanges(header, encoded.subarray(headerBytes));
    const out = buffers.take(bytes);
    const wanted = [{ spans: [{ start: 0, stop: bytes }], out }];
    const finite = await far({ header, ranges, first: 0, last: header.blocks, encoded, from: 0, wanted });
    if (finite && isFloat32) seen.finite = true;
    if (finite !== undefined) return out;
    buffers.give(out);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
  }
  return undefined;
};

import type { Stages } from "../../model/stages.ts";
import type { ChunkDecoder } from "../codecs/chain.ts";
import type { OpenObject, StoredObject } from "../stores/store.ts";
import { type PartOptions, readPart } from "./readPart.ts";

/** The decoded bytes of a frame that is there, all of them as one part of it; what is encoded is given back. */
export const wholeFrame = async (
  { bytes, version }: StoredObject,
  { parts, bytes: decoded }: ChunkDecoder,
  { stages, ...options }: Omit<PartOptions, "decode"> & { readonly stages: Stages },
): Promise<Uint8Array> => {
  const object: OpenObject = {
    total: bytes.length,
    version,
    read: async (from, to) => bytes.subarray(from, to),
    release() {},
  };
  const all = { start: 0, stop: decoded / parts!.width };
  const decode = <T>(work: () => T): T => stages.during("decode", work);
  try {
    const [whole] = await readPart(object, parts!, [[all]], { ...options, decode });
    return whole!;
  } finally {
    options.buffers.give(bytes);
  }
};

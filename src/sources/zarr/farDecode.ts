import type { Stages } from "../../model/stages.ts";
import type { ChunkReader } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";

/**
 * Blocks of chunks that have come over the network are decoded by another thread, while this one hears of the next.
 * Undefined: what lies on this machine is read there as well (`farReading`), or it is too small.
 */
export const farDecode = (
  { folder }: Store,
  { decoder }: ArrayMetadata,
  reader: ChunkReader,
  stages: Stages,
): ChunkReader["decode"] | undefined => {
  if (folder !== undefined || decoder.bytes < reader.least || decoder.parts?.frame !== "blosc")
    return undefined;
  reader.begin();
  return (run) => {
    const decoding = reader.decode(run);
    if (decoding === undefined) return undefined;
    const over = stages.begin("decode");
    return decoding.finally(over);
  };
};

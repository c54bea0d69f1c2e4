import type { Stages } from "../../model/stages.ts";
import { decodedWidth, elementsOf } from "../codecs/elements.ts";
import type { ChunkOptions, ChunkReader, StoredChunk } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";
import { orAborted } from "./orAborted.ts";

/**
 * Chunks of an array that another thread reads and decodes, into arrays of the buffers of this one: the bytes do not
 * travel. Undefined where it does not, whatever the reason: they are read here then, and what is wrong is found here, so
 * that results and errors are the same wherever a chunk is read.
 *
 * @param known version that a part of the same object had, as far as that is known by now
 */
export type FarReading = (
  coords: readonly number[],
  options: ChunkOptions,
  known: () => string | undefined,
) => Promise<StoredChunk | undefined> | undefined;

/** Undefined: the store is no folder of this machine, or its chunks are too small. */
export const farReading = (
  { address, folder }: Store,
  name: string,
  metadata: ArrayMetadata,
  reader: ChunkReader,
  count: (bytes: number, requests: number) => void,
  stages: Stages,
): FarReading | undefined => {
  if (folder === undefined || metadata.decoder.bytes < reader.least) return undefined;
  reader.begin();
  const { shape, document, decoder, elementType } = metadata;
  const array = { address, folder, name, shape, document };
  // What is waited for is most likely what the last one took.
  let stage: "read" | "decode" = "read";
  return (coords, { part, buffers, signal, arrived }, known) => {
    const bytes = part?.bytes ?? decoder.bytes;
    if (buffers === undefined || bytes < reader.least) return undefined;
    const out = buffers.take(bytes);
    const reading = reader.read({ array, coords, part, out });
    if (reading === undefined) {
      buffers.give(out);
      return undefined;
    }
    const over = stages.begin(stage);
    const read = reading.then((answer) => {
      over();
      count(answer.bytes, answer.requests);
      const { chunk } = answer;
      if (chunk === undefined || signal?.aborted || (known() ?? chunk.version) !== chunk.version) {
        buffers.give(out);
        return undefined;
      }
      stage = chunk.stage;
      const { version, finite, encoded } = chunk;
      arrived?.(encoded);
      const values = elementsOf(elementType, out.buffer, out.byteOffset, bytes / decodedWidth(elementType));
      return { values, version, buffer: out, ...(finite === undefined ? {} : { finite }) };
    });
    const given = orAborted(read, signal);
    // Nobody takes what comes after an abort.
    given.catch(() => read.then((chunk) => chunk && buffers.give(out)).catch(() => {}));
    return given;
  };
};

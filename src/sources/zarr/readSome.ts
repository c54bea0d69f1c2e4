/**
 * A part of a chunk, read the way its store serves best: of a file that stays open, or of an object that is asked for
 * in ranges. Over a network a request costs more than some bytes do: one asks for everything from the object's start
 * to the last byte that is needed, as far as the last frames tell where that is; or for the whole object where that is
 * hardly more, or nothing is known.
 */
import type { PartDecoder } from "../codecs/chain.ts";
import type { ChunkPart, StoredChunk } from "../storedArray.ts";
import type { OpenObject, Store, StoreReadOptions } from "../stores/store.ts";
import { type PartOptions, readPart } from "./readPart.ts";
import { firstRange, requestedObject } from "./requestedObject.ts";
import { storedChunk } from "./storedChunk.ts";

export interface SomeOptions extends StoreReadOptions, Pick<PartOptions, "guess"> {
  readonly buffers: PartOptions["buffers"];
  readonly arrived?: ((encoded: number) => void) | undefined;
}

export const readSome = async (
  store: Store,
  key: string,
  decoder: PartDecoder,
  { spans }: ChunkPart,
  { guess, arrived, ...asked }: SomeOptions,
): Promise<StoredChunk | undefined> => {
  const { buffers, stages } = asked;
  let came = 0;
  const options = {
    ...asked,
    count(bytes: number, requests: number) {
      came += bytes;
      asked.count?.(bytes, requests);
    },
  };
  const work = async (object: OpenObject): Promise<StoredChunk> => {
    const decode = <T>(step: () => T): T => (stages === undefined ? step() : stages.during("decode", step));
    const bytes = await readPart(object, decoder, spans, { buffers, guess, decode });
    arrived?.(came);
    // Nobody takes what comes after an abort.
    if (options.signal?.aborted) {
      buffers.give(bytes);
      throw options.signal.reason;
    }
    return storedChunk(bytes, object.version, buffers, () => decode(() => decoder.elements(bytes)));
  };
  if (store.opened === undefined) {
    const range = firstRange(decoder, spans, guess, store.pace?.());
    return requestedObject(store, key, range, options, work);
  }
  let done: StoredChunk | undefined;
  const opened = async (object: OpenObject) => {
    done = await work(object);
    return done;
  };
  try {
    return await store.opened(key, opened, options);
  } catch (error) {
    // The work was done, and then the file did not close, or all was given up.
    if (done?.buffer !== undefined) buffers.give(done.buffer);
    throw error;
  }
};

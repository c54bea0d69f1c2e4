/**
 * A part of a chunk, read the way its store serves best: of a file that stays open, or of an object that is asked for
 * in ranges. Over a network a request costs more than some bytes do: one asks for everything from the object's start
 * to the last byte that is needed, as far as the last frames tell where that is; or for the whole object where that is
 * hardly more, or nothing is known. Other parts that are needed soon come with it where that costs no request of its own.
 */
import type { Span } from "../../model/grid.ts";
import type { PartDecoder } from "../codecs/chain.ts";
import type { Seen } from "../codecs/step.ts";
import type { Beside, ChunkPart, StoredChunk } from "../storedArray.ts";
import type { OpenObject, Store, StoreReadOptions } from "../stores/store.ts";
import { type PartOptions, readPart } from "./readPart.ts";
import { firstRange, requestedObject } from "./requestedObject.ts";
import { storedChunk } from "./storedChunk.ts";

export interface SomeOptions extends StoreReadOptions, Pick<PartOptions, "guess" | "far"> {
  readonly buffers: PartOptions["buffers"];
  readonly beside?: readonly Beside[] | undefined;
  readonly arrived?: ((encoded: number) => void) | undefined;
}

export const readSome = async (
  store: Store,
  key: string,
  decoder: PartDecoder,
  { spans }: ChunkPart,
  { guess, far, arrived, beside = [], ...asked }: SomeOptions,
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
  const pace = store.pace?.();
  const isRanged = store.opened === undefined && decoder.frame === "raw";
  const along = isRanged
    ? beside.filter((other) => isWorth(gapOf(spans, other.spans) * decoder.width, pace))
    : beside;
  const work = async (object: OpenObject): Promise<StoredChunk> => {
    const decode = <T>(step: () => T): T => (stages === undefined ? step() : stages.during("decode", step));
    const parts = [spans, ...along.map((other) => other.spans)];
    const seen: Seen = {};
    const all = await readPart(object, decoder, parts, { buffers, guess, decode, seen, far });
    // Nobody takes what comes after an abort.
    if (options.signal?.aborted) {
      arrived?.(came);
      for (const bytes of all) buffers.give(bytes);
      throw options.signal.reason;
    }
    const made: StoredChunk[] = [];
    try {
      for (const bytes of all)
        made.push(
          storedChunk(bytes, object.version, buffers, seen, () => decode(() => decoder.elements(bytes))),
        );
    } catch (error) {
      for (const { buffer } of made) buffers.give(buffer!);
      for (const bytes of all.slice(made.length + 1)) buffers.give(bytes);
      throw error;
    }
    for (const [i, other] of along.entries()) other.take(made[i + 1]!);
    arrived?.(came);
    return made[0]!;
  };
  if (store.opened === undefined) {
    const range = firstRange(decoder, [spans, ...along.map((other) => other.spans)], guess, pace);
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

/** Elements between two parts. */
const gapOf = (a: readonly Span[], b: readonly Span[]): number =>
  Math.max(0, a[0]!.start - b.at(-1)!.stop, b[0]!.start - a.at(-1)!.stop);

/** Whether so many bytes that nobody needs cost less than a request. */
const isWorth = (bytes: number, pace: ReturnType<NonNullable<Store["pace"]>>): boolean =>
  bytes <= (pace === undefined ? 32_768 : pace.latency * pace.bandwidth);

/** An object of a store that is asked request by request, for work on some of its bytes. */
import type { Span } from "../../model/grid.ts";
import type { Buffers } from "../../model/memory.ts";
import type { PartDecoder } from "../codecs/chain.ts";
import { liesIn } from "../codecs/step.ts";
import type { ByteRange, OpenObject, Store, StoredPart, StoreReadOptions } from "../stores/store.ts";
import { isWhole, storeFault } from "../stores/storeFault.ts";
import { type FrameGuess, headOf } from "./frameGuess.ts";

/** Bytes above which the whole object is asked for. */
const nearlyAll = 0.8;

/** What of an object should be asked for first, to read some parts of it; undefined: all of it. */
export const firstRange = (
  { frame, width, bytes }: PartDecoder,
  parts: readonly (readonly Span[])[],
  guess: FrameGuess,
  pace: { readonly latency: number; readonly bandwidth: number } | undefined,
): ByteRange | undefined => {
  const start = Math.min(...parts.map((spans) => spans[0]!.start)) * width;
  const stop = Math.max(...parts.map((spans) => spans.at(-1)!.stop)) * width;
  if (frame === "raw") return { offset: start, length: stop - start };
  const reach = guess.reach(start, stop);
  if (reach === undefined) return undefined;
  // A request for the header, then one for the blocks, where what lies before them takes longer than a request.
  const isFar = pace !== undefined && reach.from / pace.bandwidth > pace.latency;
  const first = isFar ? headOf(guess.blocks) : reach.to;
  return first > nearlyAll * Math.min(guess.bytes, bytes) ? undefined : { offset: 0, atMost: first };
};

/** Runs `work` on an object whose first bytes came in one request; what it reads beyond them is asked for. */
export const requestedObject = async <T>(
  store: Store,
  key: string,
  range: ByteRange | undefined,
  options: StoreReadOptions & { readonly buffers: Buffers },
  work: (object: OpenObject) => Promise<T>,
): Promise<T | undefined> => {
  const { buffers } = options;
  const first = await firstPart(store, key, range, options);
  if (first === undefined) return undefined;
  const { offset, total } = first;
  if (total === undefined) {
    // Without the object's length nothing can be checked.
    buffers.give(first.bytes);
    return requestedObject(store, key, undefined, options, work);
  }
  const end = offset + first.bytes.length;
  try {
    return await work({
      total,
      version: first.version,
      async read(from, to) {
        if (from >= offset && to <= end) return first.bytes.subarray(from - offset, to - offset);
        const { version } = first;
        const part = await store.getRange(key, { offset: from, length: to - from }, { ...options, version });
        if (part !== undefined) return part.bytes;
        throw storeFault(
          store.address,
          key,
          `nothing found, ${to - from} bytes from byte ${from} on expected`,
        );
      },
      release(bytes) {
        if (!liesIn(bytes, first.bytes)) buffers.give(bytes);
      },
    });
  } finally {
    buffers.give(first.bytes);
  }
};

/** Begins at `offset` of the object: at 0 where the server knows no ranges and gives all of it. */
const firstPart = async (
  store: Store,
  key: string,
  range: ByteRange | undefined,
  options: StoreReadOptions,
): Promise<(StoredPart & { readonly offset: number }) | undefined> => {
  if (range !== undefined) {
    try {
      const part = await store.getRange(key, range, options);
      return part && { ...part, offset: "offset" in range ? range.offset : 0 };
    } catch (error) {
      if (!isWhole(error)) throw error;
    }
  }
  const whole = await store.get(key, options);
  return whole && { ...whole, offset: 0, total: whole.bytes.length };
};

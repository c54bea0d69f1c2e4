/**
 * What a reader does: opens arrays as it is told, reads chunks of them into the arena of whoever asks; decodes what has
 * come there already. Nothing is kept of a chunk, and nothing is said of what is wrong: whoever asked finds that out.
 */

import { leastPooled } from "../../kernels/pooledSize.ts";
import { scratchBytes, scratchIn, shareArena } from "../../kernels/wasm/arena.ts";
import type { Buffers } from "../../model/memory.ts";
import type { Stages } from "../../model/stages.ts";
import { type BloscRun, decodeRun } from "../../sources/codecs/bloscRun.ts";
import type { FarAnswer, FarArray, StoredArray } from "../../sources/storedArray.ts";
import { folderStore } from "../../sources/stores/folderStore.ts";
import type { ArrayDocument } from "../../sources/zarr/arrayMetadata.ts";
import { metadataOf } from "../../sources/zarr/metadataOf.ts";
import { shardIndexes } from "../../sources/zarr/shardIndexes.ts";
import { zarrArray } from "../../sources/zarr/zarrArray.ts";
import { bufferPool } from "../bufferPool.ts";
import type { FromReader, ToReader } from "./readerMessages.ts";

/** Bytes of encoded chunks that are kept as free buffers. */
const spare = 16e6;

/** The arena of whoever asks, and in it a place for encoded bytes: no copy leads to what decodes them. */
interface Arena {
  readonly buffer: ArrayBufferLike;
  readonly encodedAt: number | undefined;
  isTaken: boolean;
}

/** `pool`, but for the one array that is to hold the elements, and what is encoded. */
const buffersWith = (out: Uint8Array, arena: Arena, pool: Buffers): Buffers => {
  let isOut = false;
  return {
    take(length) {
      if (!isOut && length === out.length) {
        isOut = true;
        return out;
      }
      const fits = arena.encodedAt !== undefined && length >= leastPooled && length <= scratchBytes;
      if (!fits || arena.isTaken) return pool.take(length);
      arena.isTaken = true;
      return new Uint8Array(arena.buffer as ArrayBuffer, arena.encodedAt, length);
    },
    give(array) {
      if (array.buffer !== arena.buffer) pool.give(array);
      else if (array.byteOffset < out.byteOffset) arena.isTaken = false;
      else isOut = false;
    },
  };
};

/**
 * @param send answers; @param collect collects garbage; @param now milliseconds of a steady clock
 * @example port.on("message", chunkProgram((answer) => port.postMessage(answer), collect, () => performance.now()));
 */
export const chunkProgram = (
  send: (answer: FromReader) => void,
  collect: () => void,
  now: () => number,
): ((message: ToReader) => void) => {
  const pool = bufferPool(spare, collect);
  const arrays = new Map<number, Promise<StoredArray>>();
  /** Milliseconds of decoding. */
  let decoding = 0;
  const stages: Stages = {
    during(_, work) {
      const began = now();
      try {
        return work();
      } finally {
        decoding += now() - began;
      }
    },
    begin: () => () => {},
  };
  const arenas = new Map<number, Arena>();
  let [bytes, requests] = [0, 0];
  const count = (more: number, asked: number) => {
    bytes += more;
    requests += asked;
  };

  const open = async ({ address, folder, name, shape, document }: FarArray): Promise<StoredArray> => {
    const store = await folderStore(address, folder);
    const metadata = { ...metadataOf(document as ArrayDocument), shape };
    return zarrArray(store, name, metadata, shardIndexes(store, count), count, stages);
  };

  /** Undefined: it was not read, or gave something else than what fills its place. */
  const read = async (message: Extract<ToReader, { type: "read" }>, arena: Arena) => {
    const { array, coords, part, at, bytes: length } = message;
    const { buffer } = arena;
    const out = new Uint8Array(buffer as ArrayBuffer, at, length);
    const [began, before] = [now(), decoding];
    let encoded = 0;
    const arrived = (came: number) => {
      encoded = came;
    };
    const buffers = buffersWith(out, arena, pool);
    const chunk = await (await arrays.get(array)!).chunk(coords, { part, buffers, arrived });
    if (chunk === undefined) return undefined;
    const { values, version, finite } = chunk;
    if (values.buffer !== buffer || values.byteOffset !== at) {
      if (values.byteLength === length)
        out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      if (chunk.buffer !== undefined) buffers.give(chunk.buffer);
    }
    if (values.byteLength !== length) return undefined;
    const stage = 2 * (decoding - before) > now() - began ? ("decode" as const) : ("read" as const);
    return { version, finite, encoded, stage };
  };

  const decode = ({ run, encoded, wanted }: Extract<ToReader, { type: "decode" }>, { buffer }: Arena) => {
    const place = (at: number, bytes: number) => new Uint8Array(buffer as ArrayBuffer, at, bytes);
    const whole: BloscRun = {
      ...run,
      encoded: place(encoded.at, encoded.bytes),
      wanted: wanted.map(({ spans, at, bytes }) => ({ spans, out: place(at, bytes) })),
    };
    try {
      return decodeRun(whole, pool);
    } catch {
      return undefined;
    }
  };

  return (message) => {
    if (message.type === "forget") {
      arenas.delete(message.arena);
      collect();
      return;
    }
    const { id, memory } = message;
    if (memory !== undefined) {
      shareArena(memory);
      const { buffer } = memory;
      arenas.set(message.arena, { buffer, encodedAt: scratchIn(buffer, scratchBytes)?.at, isTaken: false });
    }
    const arena = arenas.get(message.arena)!;
    if (message.type === "decode") {
      send({ type: "decode", id, finite: decode(message, arena) });
      return;
    }
    const { array, opened } = message;
    if (opened !== undefined) arrays.set(array, open(opened));
    const over = (chunk?: FarAnswer["chunk"]) => {
      send({ type: "read", id, answer: { chunk, bytes, requests } });
      [bytes, requests] = [0, 0];
    };
    read(message, arena).then(over, () => over());
  };
};

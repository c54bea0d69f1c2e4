/**
 * A thread beside one that computes: it reads and decodes the chunks of local folders, straight into the arena of that
 * thread, which goes on computing meanwhile. So a run with a core to spare takes as long as the longer of the two, not as
 * both; a second worker would load the program once more, and be slow as long as its code is cold.
 *
 * It never has to: what it cannot take is read by whoever asked. That is so until it has begun, where a chunk belongs
 * elsewhere than in the arena, and while it has `enough` to do: then two decode, and none waits.
 */
import { memoryOfArena } from "../../kernels/wasm/arena.ts";
import type { ChunkReader, FarAnswer, FarArray } from "../../sources/storedArray.ts";
import type { FromReader, ToReader } from "./readerMessages.ts";
import type { ReaderThread } from "./readerThread.ts";

/** Chunks that it is at or that wait for it. */
const enough = 16;
/** To ask costs as much as to decode so many bytes. */
const worthAsking = 200_000;

const notRead: FarAnswer = { chunk: undefined, bytes: 0, requests: 0 };

export interface ThreadReader extends ChunkReader {
  /** An arena is used no more. */
  forget(buffer: ArrayBufferLike): void;
  close(): Promise<void>;
}

/** @param least bytes of a chunk from which on it is worth asking */
export const threadReader = (newThread: () => ReaderThread, least = worthAsking): ThreadReader => {
  const arrays = new Map<FarArray, number>();
  const underWay = new Map<number, (answer: FarAnswer) => void>();
  /** Null: there is none to be had. */
  let begun: ReaderThread | null | undefined;
  let isReady = false;
  let asked = 0;
  let known: WeakRef<ArrayBufferLike> | undefined;
  const gone = () => {
    isReady = false;
    for (const settle of underWay.values()) settle(notRead);
    underWay.clear();
  };
  const begin = (): ReaderThread => {
    const made = newThread();
    const { thread } = made;
    thread.on("message", (message: FromReader) => {
      if (message.type === "ready") isReady = true;
      else {
        underWay.get(message.id)?.(message.answer);
        underWay.delete(message.id);
        if (underWay.size === 0) thread.unref();
      }
    });
    // What it was at is read by those who asked: they find out whether anything is wrong. Until it has ended files may
    // still be read into the arena.
    thread.on("error", () => {
      isReady = false;
    });
    thread.on("exit", gone);
    thread.unref();
    return made;
  };
  return {
    least,
    begin() {
      if (begun !== undefined) return;
      try {
        begun = begin();
      } catch {
        begun = null;
      }
    },
    read({ array, coords, part, out }) {
      if (!begun || !isReady) return undefined;
      const { thread, done } = begun;
      // Answers that nobody has heard yet are done all the same.
      if (asked - Atomics.load(done, 0) >= enough) return undefined;
      const { buffer, byteOffset: at, length: bytes } = out;
      const memory = memoryOfArena(buffer);
      if (memory === undefined) return undefined;
      const number = arrays.get(array) ?? arrays.size;
      const opened = number === arrays.size ? { opened: array } : {};
      const arena = known?.deref() === buffer ? {} : { memory };
      arrays.set(array, number);
      known = new WeakRef(buffer);
      const id = asked++;
      const message = { type: "read", id, array: number, coords, part, at, bytes } as const;
      thread.postMessage({ ...message, ...opened, ...arena } satisfies ToReader);
      if (underWay.size === 0) thread.ref();
      return new Promise((resolve) => underWay.set(id, resolve));
    },
    forget(buffer) {
      const isLast = known?.deref() === buffer;
      if (isLast) known = undefined;
      if (isReady) begun?.thread.postMessage({ type: "forget", isLast } satisfies ToReader);
    },
    async close() {
      await begun?.thread.terminate();
      gone();
    },
  };
};

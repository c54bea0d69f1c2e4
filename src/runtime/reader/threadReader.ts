/**
 * A thread beside one that computes: it reads and decodes the chunks of local folders, straight into the arena of that
 * thread, which goes on computing meanwhile. So a run with a core to spare takes as long as the longer of the two, not as
 * both; a second worker would load the program once more, and be slow as long as its code is cold.
 *
 * Of a web store it decodes what this thread has fetched.
 *
 * It never has to: what it cannot take is read by whoever asked. That is so until it has begun, where a chunk belongs
 * elsewhere than in the arena, and while it has `enough` to do: then two decode, and none waits.
 */
import { memoryOfArena } from "../../kernels/wasm/arena.ts";
import type { ChunkReader, FarAnswer, FarArray } from "../../sources/storedArray.ts";
import type { FromReader, ToReader } from "./readerMessages.ts";
import type { ReaderThread } from "./readerThread.ts";

/** Chunks that it is at or that wait for it. */
const enough = 8;
/** To ask costs as much as to decode so many bytes. */
const worthAsking = 200_000;

type Without<T> = T extends unknown ? Omit<T, "arena" | "memory"> : never;
type Message = Without<Exclude<ToReader, { type: "forget" }>>;
type Answer = Exclude<FromReader, { type: "ready" }>;

const placeOf = ({ byteOffset: at, length: bytes }: Uint8Array) => ({ at, bytes });

const notRead: FarAnswer = { chunk: undefined, bytes: 0, requests: 0 };

export interface ThreadReader extends ChunkReader {
  /** An arena is used no more. */
  forget(buffer: ArrayBufferLike): void;
  close(): Promise<void>;
}

/** @param least bytes of a chunk from which on it is worth asking */
export const threadReader = (newThread: () => ReaderThread, least = worthAsking): ThreadReader => {
  const arrays = new Map<FarArray, number>();
  /** Undefined: nothing came of it. */
  const underWay = new Map<number, (answer: Answer | undefined) => void>();
  /** Null: there is none to be had. */
  let begun: ReaderThread | null | undefined;
  let isReady = false;
  let asked = 0;
  /** Numbers of the arenas that it was told of: what is under way in one goes on while another is asked for. */
  const arenas = new WeakMap<ArrayBufferLike, number>();
  let told = 0;
  const gone = () => {
    isReady = false;
    for (const settle of underWay.values()) settle(undefined);
    underWay.clear();
  };
  const begin = (): ReaderThread => {
    const made = newThread();
    const { thread } = made;
    thread.on("message", (message: FromReader) => {
      if (message.type === "ready") isReady = true;
      else {
        underWay.get(message.id)?.(message);
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
  /** Posts what lies in `buffer`, if it can be reached and there is not enough to do. */
  const ask = (buffer: ArrayBufferLike, message: (id: number) => Message) => {
    if (!begun || !isReady) return undefined;
    const { thread, done } = begun;
    // Answers that nobody has heard yet are done all the same.
    if (asked - Atomics.load(done, 0) >= enough) return undefined;
    const memory = memoryOfArena(buffer);
    if (memory === undefined) return undefined;
    const arena = arenas.get(buffer) ?? told;
    const more = arena === told ? { memory } : {};
    if (arena === told) arenas.set(buffer, told++);
    const id = asked++;
    thread.postMessage({ ...message(id), arena, ...more } satisfies ToReader);
    if (underWay.size === 0) thread.ref();
    return new Promise<Answer | undefined>((resolve) => underWay.set(id, resolve));
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
      const { buffer, byteOffset: at, length: bytes } = out;
      const answer = ask(buffer, (id) => {
        const number = arrays.get(array) ?? arrays.size;
        const opened = number === arrays.size ? { opened: array } : {};
        arrays.set(array, number);
        return { type: "read", id, array: number, coords, part, at, bytes, ...opened };
      });
      return answer?.then((given) => (given?.type === "read" ? given.answer : notRead));
    },
    decode({ encoded, wanted, ...run }) {
      const { buffer } = encoded;
      if (wanted.some(({ out }) => out.buffer !== buffer)) return undefined;
      const all = wanted.reduce((sum, { out }) => sum + out.length, 0);
      if (Math.min(all, (run.last - run.first) * run.header.blocksize) < least) return undefined;
      const answer = ask(buffer, (id) => ({
        ...{ type: "decode", id, run, encoded: placeOf(encoded) },
        wanted: wanted.map(({ spans, out }) => ({ spans, ...placeOf(out) })),
      }));
      return answer?.then((given) => (given?.type === "decode" ? given.finite : undefined));
    },
    forget(buffer) {
      const arena = arenas.get(buffer);
      if (arena === undefined) return;
      arenas.delete(buffer);
      if (isReady) begun?.thread.postMessage({ type: "forget", arena } satisfies ToReader);
    },
    async close() {
      await begun?.thread.terminate();
      gone();
    },
  };
};

/**
 * A reader in the thread of those who ask it: all of it but the thread. What it says can be held back, and it can end
 * as a thread ends.
 */
import { EventEmitter } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { chunkProgram } from "../../../src/runtime/reader/chunkProgram.ts";
import type { FromReader, ToReader } from "../../../src/runtime/reader/readerMessages.ts";
import type { ReaderThread } from "../../../src/runtime/reader/readerThread.ts";
import { type ThreadReader, threadReader } from "../../../src/runtime/reader/threadReader.ts";

export interface ReaderHere {
  readonly reader: ThreadReader;
  readonly hasBegun: boolean;
  /** What it was told, without what was posted along. */
  readonly told: ToReader[];
  /** Chunks that it gave, or decoded something of. */
  readonly answered: number;
  /** Whether somebody waits for it: it would keep its process alive. */
  readonly isAwaited: boolean;
  /** Once it has begun and said so; it has to be begun. */
  ready(): Promise<void>;
  /** From now on nothing that it says is heard. */
  hold(): void;
  /** Answers that are held back. */
  readonly held: number;
  /** Lets all be heard that was held back, and what comes. */
  release(): void;
  /** Something is thrown in it: it is about to end. */
  fail(thrown: Error): void;
  /** Ends as a thread does: nothing of it goes on. */
  end(): void;
}

export interface HereOptions {
  readonly least?: number;
  /** Says at once that it is ready; default true. */
  readonly ready?: boolean;
}

export const later = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Waits until `there`: all of it happens in this thread, or in those that read files for it. */
export const until = async (there: () => boolean): Promise<void> => {
  const patience = performance.now() + 20_000;
  while (!there()) {
    if (performance.now() > patience) throw new Error("it never came");
    await later();
  }
};

export const readerHere = ({ least = 1, ready = true }: HereOptions = {}): ReaderHere & AsyncDisposable => {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const events = new EventEmitter();
  const told: ToReader[] = [];
  const back: FromReader[] = [];
  let isHeld = false;
  let isReady = false;
  let hasBegun = false;
  let isOver = false;
  let isAwaited = true;
  let answered = 0;

  const say = (message: FromReader) => {
    if (isOver) return;
    if (isHeld) back.push(message);
    else port2.postMessage(message);
  };
  const end = () => {
    if (isOver) return;
    isOver = true;
    port1.close();
    events.emit("exit", 1);
  };
  const begin = (): ReaderThread => {
    hasBegun = true;
    const hear = chunkProgram(
      (answer) => {
        if (answer.type === "read" && answer.answer.chunk !== undefined) answered += 1;
        if (answer.type === "decode" && answer.finite !== undefined) answered += 1;
        Atomics.add(done, 0, 1);
        say(answer);
      },
      () => {},
      () => performance.now(),
    );
    port2.on("message", hear);
    port1.on("message", (message: FromReader) => {
      events.emit("message", message);
      if (message.type === "ready") isReady = true;
    });
    if (ready) say({ type: "ready" });
    const thread = {
      on(event: string, listener: (value: any) => void) {
        events.on(event, listener);
        return thread;
      },
      postMessage(message: ToReader) {
        told.push(message);
        port1.postMessage(message);
      },
      ref() {
        isAwaited = true;
      },
      unref() {
        isAwaited = false;
      },
      async terminate() {
        await later();
        end();
        return 1;
      },
    };
    return { thread: thread as unknown as ReaderThread["thread"], done };
  };
  const reader = threadReader(begin, least);
  return {
    reader,
    get hasBegun() {
      return hasBegun;
    },
    told,
    get answered() {
      return answered;
    },
    get isAwaited() {
      return isAwaited;
    },
    ready: () => until(() => isReady),
    hold() {
      isHeld = true;
    },
    get held() {
      return back.length;
    },
    release() {
      isHeld = false;
      for (const message of back.splice(0)) say(message);
    },
    fail(thrown) {
      back.length = 0;
      events.emit("error", thrown);
    },
    end,
    async [Symbol.asyncDispose]() {
      await reader.close();
      end();
      port2.close();
    },
  };
};

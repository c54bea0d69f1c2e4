import type { Worker } from "node:worker_threads";
import { extension, newThread } from "../workerThread.ts";

/** A thread that loads a reader, and where it counts the chunks that are done. */
export interface ReaderThread {
  readonly thread: Pick<Worker, "on" | "postMessage" | "ref" | "unref" | "terminate">;
  readonly done: Int32Array;
}

export const newReaderThread = (): ReaderThread => {
  const done = new Int32Array(new SharedArrayBuffer(4));
  return { thread: newThread(new URL(`./reader${extension}`, import.meta.url), done), done };
};

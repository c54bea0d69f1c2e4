import { Worker } from "node:worker_threads";
import { youngSpace } from "../workerThread.ts";

// Types are stripped by the build: the reader's file has the extension of this one.
const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));

/** A thread that loads a reader, and where it counts the chunks that are done. */
export interface ReaderThread {
  readonly thread: Pick<Worker, "on" | "postMessage" | "ref" | "unref" | "terminate">;
  readonly done: Int32Array;
}

export const newReaderThread = (): ReaderThread => {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL(`./reader${extension}`, import.meta.url), {
    workerData: done,
    resourceLimits: { maxYoungGenerationSizeMb: youngSpace },
  });
  return { thread, done };
};

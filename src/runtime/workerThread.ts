import { Worker } from "node:worker_threads";

/**
 * Young objects are few and small in a worker, and their space is memory of each that no ledger sees: so many MB of it.
 */
export const youngSpace = 6;

// Types are stripped by the build: the worker's file has the extension of this one.
const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
export const workerFile = new URL(`./worker${extension}`, import.meta.url);

/** A thread that loads a worker, which then waits for its first message: what to start with. */
export const newThread = (): Worker =>
  new Worker(workerFile, { resourceLimits: { maxYoungGenerationSizeMb: youngSpace } });

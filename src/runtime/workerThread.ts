import { Worker } from "node:worker_threads";

/**
 * Young objects are few and small in a worker, and their space is memory of each that no ledger sees: so many MB of it.
 */
export const youngSpace = 6;

/** Types are stripped by the build: what a thread begins with has the extension of this file. */
export const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
export const workerFile = new URL(`./worker${extension}`, import.meta.url);

/** A thread that loads a worker, which then waits for its first message: what to start with; or another program. */
export const newThread = (file: URL = workerFile, workerData?: unknown): Worker =>
  new Worker(file, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngSpace } });

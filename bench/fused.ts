/**
 * Decode and RMSE fused in worker threads with the product's functions and nothing else: each takes the next valid
 * time, decodes the target once and every forecast for it, and adds up. Sums are all that leaves a thread.
 */
import { Worker } from "node:worker_threads";
import type { ChunkUnit } from "./stores/sets.ts";

export interface Fused {
  /** Over all units; throws where a thread does. */
  run(units: readonly ChunkUnit[]): Promise<void>;
  stop(): Promise<void>;
}

export const startFused = async (count: number): Promise<Fused> => {
  const jiti = import.meta.resolve("jiti/register");
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL("./fusedWorker.ts", import.meta.url), { execArgv: ["--import", jiti] }),
  );
  const said = (worker: Worker) =>
    new Promise<unknown>((done, reject) => {
      worker.once("message", done).once("error", reject);
    });
  await Promise.all(workers.map(said));
  return {
    async run(units) {
      const next = new Int32Array(new SharedArrayBuffer(4));
      const sums = workers.map((worker) => {
        const sum = said(worker);
        worker.postMessage({ units, next });
        return sum;
      });
      const total = (await Promise.all(sums)).reduce((a: number, b) => a + Number(b), 0);
      if (!(total > 0)) throw new Error(`a sum of ${total}`);
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};

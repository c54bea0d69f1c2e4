/** How a worker talks with its coordinator, whether it is a thread or a process. */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";

export interface WorkerPort {
  readonly start: WorkerStart;
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
  hear(listener: (message: ToWorker) => void): void;
}

/** Resolves when the coordinator has said what to do. A process whose coordinator is gone ends. */
export const workerPort = async (): Promise<WorkerPort> => {
  if (!isMainThread) {
    const port = parentPort!;
    return {
      start: workerData as WorkerStart,
      send: (message, transfer = []) => port.postMessage(message, [...transfer]),
      hear: (listener) => void port.on("message", listener),
    };
  }
  process.on("disconnect", () => process.exit(0));
  // The terminal interrupts the whole group: what happens then is the coordinator's to say.
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  // What comes before anybody listens (a lease, a pause) would be lost.
  const early: ToWorker[] = [];
  let take = (message: ToWorker): void => void early.push(message);
  const start = await new Promise<WorkerStart>((resolve) =>
    process.once("message", (message) => {
      process.on("message", (later) => take(later as ToWorker));
      resolve(message as WorkerStart);
    }),
  );
  return {
    start,
    send: (message) => void process.send?.(message),
    hear(listener) {
      take = listener;
      for (const message of early.splice(0)) listener(message);
    },
  };
};

/** How a worker talks with its coordinator, whether it is a thread or a process. */
import { isMainThread, parentPort } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";

export interface WorkerPort {
  readonly start: WorkerStart;
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
  hear(listener: (message: ToWorker) => void): void;
}

/** Resolves when the coordinator has said what to do. A process whose coordinator is gone ends. */
export const workerPort = async (): Promise<WorkerPort> => {
  const port = parentPort;
  if (isMainThread) {
    process.on("disconnect", () => process.exit(0));
    // The terminal interrupts the whole group: what happens then is the coordinator's to say.
    process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  }
  // What comes before anybody listens (a lease, a pause) would be lost.
  const early: ToWorker[] = [];
  let take = (message: ToWorker): void => void early.push(message);
  const start = await new Promise<WorkerStart>((resolve) => {
    let began = false;
    (port ?? process).on("message", (message: unknown) => {
      if (began) return take(message as ToWorker);
      began = true;
      resolve(message as WorkerStart);
    });
  });
  return {
    start,
    send: port
      ? (message, transfer = []) => port.postMessage(message, [...transfer])
      : (message) => void process.send?.(message),
    hear(listener) {
      take = listener;
      for (const message of early.splice(0)) listener(message);
    },
  };
};

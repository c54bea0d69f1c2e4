import { setMaxListeners } from "node:events";
import type PQueue from "p-queue";

/** Runs `work` when it is its turn; rejects with the signal's reason as soon as that is aborted, running or not. */
export const inTurn = <T>(
  queue: PQueue,
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> => {
  if (signal === undefined) return queue.add(work);
  // All reads of a unit wait with its one signal; of more than ten Node would warn as of a leak.
  setMaxListeners(0, signal);
  return new Promise((resolve, reject) => {
    const stopped = () => reject(signal.reason);
    if (signal.aborted) return stopped();
    signal.addEventListener("abort", stopped);
    // The queue's own listening to a signal costs more than a turn; who was stopped while waiting has none to take.
    queue
      .add(async () => (signal.aborted ? undefined : resolve(await work())))
      .catch(reject)
      .finally(() => signal.removeEventListener("abort", stopped));
  });
};

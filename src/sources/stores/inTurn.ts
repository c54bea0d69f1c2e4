import type PQueue from "p-queue";
import type { Stops } from "./stops.ts";

/** Runs `work` when it is its turn; rejects with the signal's reason as soon as that is aborted, running or not. */
export const inTurn = <T>(
  queue: PQueue,
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  stops: Stops,
): Promise<T> => {
  if (signal === undefined) return queue.add(work);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const leave = stops.when(signal, () => reject(signal.reason));
    // The queue's own listening to a signal costs more than a turn; who was stopped while waiting has none to take.
    const turn = () => (signal.aborted ? Promise.reject(signal.reason) : work());
    const over =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        leave();
        settle(value);
      };
    queue.add(turn).then(over(resolve), over(reject));
  });
};

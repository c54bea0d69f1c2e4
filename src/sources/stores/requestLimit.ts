/**
 * How many requests one host is asked at once. Nobody knows beforehand: a store 200 ms away wants hundreds under way,
 * one that is busy answers slower the more it is asked. So the limit is found: it doubles as long as that brings more
 * bytes a second, then goes on by half, is taken back where a step brought nothing, and is halved when the host says
 * "slow down" (429, 503). It only grows while requests wait for it: what the memory does not let ask is no reason to ask more.
 * (Hill climbing on throughput, as in TCP's congestion avoidance: Jacobson 1988, doi:10.1145/52324.52356.)
 */
import PQueue from "p-queue";
import { inTurn } from "./inTurn.ts";

const [least, most] = [4, 256];
/** A step up must bring this much more to be kept. */
const worth = 1.1;
/** Milliseconds in which a host that said "slow down", or for which more brought nothing, is not asked for more. */
const pause = 10_000;

export interface RequestLimit {
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Bytes of an answer that came. */
  came(bytes: number): void;
  /** The host asked for less. */
  slowDown(): void;
  /** Requests that may be under way now. */
  readonly now: number;
}

/**
 * @param first requests at once before anything is known
 * @param clock milliseconds of a steady clock
 */
export const requestLimit = (first: number, clock: () => number): RequestLimit => {
  const queue = new PQueue({ concurrency: first });
  let answers = 0;
  let bytes = 0;
  let since = clock();
  /** Whether requests waited for the limit all the time since then. */
  let isFull = true;
  /** Bytes a millisecond before the last step up, while it is not known what that brought. */
  let before: number | undefined;
  let holdUntil = 0;
  /** Doubles until a step brings nothing; then by half (slow start). */
  let step = 2;

  const judge = () => {
    const rate = bytes / Math.max(1, clock() - since);
    const wasFull = isFull;
    start();
    if (!wasFull) {
      before = undefined;
    } else if (before !== undefined && rate < before * worth) {
      queue.concurrency = Math.max(least, Math.floor(queue.concurrency / step));
      step = 1.5;
      before = undefined;
      holdUntil = clock() + pause;
    } else if (clock() >= holdUntil) {
      before = rate;
      queue.concurrency = Math.min(most, Math.ceil(queue.concurrency * step));
    }
  };
  const start = () => {
    answers = 0;
    bytes = 0;
    since = clock();
    isFull = true;
  };

  return {
    run: async (work, signal) => inTurn(queue, work, signal),
    came(more) {
      bytes += more;
      answers += 1;
      if (queue.size === 0) isFull = false;
      // A round and a half: the first answers are still to requests of before the step.
      if (answers >= 1.5 * queue.concurrency) judge();
    },
    slowDown() {
      if (clock() < holdUntil) return;
      holdUntil = clock() + pause;
      queue.concurrency = Math.max(least, Math.floor(queue.concurrency / 2));
      before = undefined;
      start();
    },
    get now() {
      return queue.concurrency;
    },
  };
};

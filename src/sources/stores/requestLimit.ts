/**
 * How many requests one host is asked at once. Nobody knows beforehand: a store 200 ms away wants hundreds under way,
 * one that is busy answers slower the more it is asked. So the limit is found: it doubles as long as that brings more
 * a second, then goes on by half; a step that brought nothing is taken back. Where first bytes take much longer than
 * they did, the host only lets requests wait: a step down is tried, and kept if nothing is lost by it. When the host
 * says "slow down" (429, 503) the limit is halved, once for all that was asked before; when it says for how long,
 * nothing is asked until then. The limit only grows while requests wait for it: what the memory does not let ask is
 * no reason to ask more. It rises by one with an answer, and not faster than a simple server takes connections: of many
 * that are begun at once it drops all but five, which are tried again after a second.
 * (Hill climbing on throughput, as in TCP's congestion avoidance: Jacobson 1988, doi:10.1145/52324.52356.)
 */
import PQueue from "p-queue";
import type { Clock } from "./clock.ts";
import { inTurn } from "./inTurn.ts";
import { Stops } from "./stops.ts";

const [least, most] = [1, 256];
/** A step up must bring this much more to be kept, a step down may lose this much. */
const [worth, loss] = [1.1, 0.95];
/** Milliseconds in which a host that said "slow down" is not asked for more. */
const pause = 10_000;
/** The same for one for which more brought nothing: it may have been busy for a moment. Doubles each time in a row. */
const shortPause = 1000;
/** A shorter time says little of a rate. */
const shortest = 100;
const longestHold = 60_000;
/** Milliseconds from one connection more to the next. */
const rise = 6;
/** An answer is work like that many bytes: small ones count by number, large ones by size. */
const answerBytes = 32_768;

export interface RequestLimit {
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Bytes of an answer that came. */
  came(bytes: number): void;
  /**
   * The host asked for less.
   * @param begun when the request that it answered so was made, milliseconds of the clock
   * @param after milliseconds that it asked to wait
   */
  slowDown(begun: number, after: number): void;
  /** Requests that may be under way now, and those that are. */
  readonly now: number;
  readonly underWay: number;
  /** How often the host asked for less, and whether it did not lately. */
  readonly slowedDown: number;
  /** Milliseconds that it last asked to wait. */
  readonly askedToWait: number;
  readonly isCalm: boolean;
  /** Nothing waits on any longer. */
  close(): void;
}

/**
 * @param first requests at once before anything is known
 * @param latency milliseconds to the first byte lately
 */
export const requestLimit = (
  first: number,
  clock: Clock,
  latency: () => number | undefined = () => undefined,
): RequestLimit => {
  const queue = new PQueue({ concurrency: first });
  const stops = new Stops();
  const closing = new AbortController();
  let answers = 0;
  let bytes = 0;
  let since = clock.now();
  /** Whether requests waited for the limit all the time since then. */
  let isFull = true;
  /** Where the limit rises to, from where, since when. */
  let target = first;
  let base = first;
  let risesSince = since;
  /** A step whose outcome is not known: limit and rate before it, and the part of the rate that it must reach. */
  let trial: { readonly from: number; readonly rate: number; readonly worth: number } | undefined;
  /** Doubles until a step brings nothing; then by half (slow start). */
  let step = 2;
  let rest = shortPause;
  let restUntil = 0;
  let heldUntil = 0;
  let slowedDown = 0;
  let askedToWait = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let halvedAt = Number.NEGATIVE_INFINITY;
  /** The first byte's usual time. */
  let usual = Number.POSITIVE_INFINITY;

  const start = () => {
    answers = 0;
    bytes = 0;
    since = clock.now();
    isFull = true;
  };
  const set = (limit: number) => {
    target = limit;
    base = queue.concurrency;
    risesSince = clock.now();
    if (limit < queue.concurrency) queue.concurrency = limit;
  };
  const judge = () => {
    const now = clock.now();
    if (now - since < shortest) return;
    const rate = (bytes + answers * answerBytes) / (now - since);
    const lately = latency() ?? usual;
    const tried = trial;
    const wasFull = isFull;
    trial = undefined;
    start();
    if (!wasFull) return;
    if (tried !== undefined && rate < tried.rate * tried.worth) {
      set(tried.from);
      step = 1.5;
      restUntil = now + rest;
      rest = Math.min(pause, 2 * rest);
      usual = lately;
    } else if (now >= restUntil) {
      if (tried !== undefined) rest = shortPause;
      const from = queue.concurrency;
      const queues = lately > 3 * usual + 20;
      usual = Math.min(usual, lately);
      trial = { from, rate, worth: queues ? loss : worth };
      const next = queues ? Math.floor(from / step) : Math.ceil(from * step);
      set(Math.min(most, Math.max(least, next)));
    }
  };
  const hold = (milliseconds: number) => {
    const until = clock.now() + milliseconds;
    if (until <= heldUntil) return;
    heldUntil = until;
    queue.pause();
    const goOn = () => void (heldUntil === until && queue.start());
    clock.wait(milliseconds, closing.signal).then(goOn, goOn);
  };

  return {
    run: (work, signal) => inTurn(queue, work, signal, stops),
    came(more) {
      if (queue.concurrency < target) {
        if (queue.concurrency >= base + (clock.now() - risesSince) / rise) return;
        queue.concurrency += 1;
        // What it brings is seen once it is there.
        if (queue.concurrency === target) start();
        return;
      }
      bytes += more;
      answers += 1;
      if (queue.size === 0) isFull = false;
      // A round and a half: the first answers are still to requests of before the step.
      if (answers >= 1.5 * queue.concurrency) judge();
    },
    slowDown(begun, after) {
      const now = clock.now();
      slowedDown += 1;
      askedToWait = after;
      slowedAt = now;
      if (after > 0) hold(Math.min(after, longestHold));
      if (begun <= halvedAt) return;
      halvedAt = now;
      set(Math.max(least, Math.floor(queue.concurrency / 2)));
      trial = undefined;
      step = 1.5;
      restUntil = now + pause;
      start();
    },
    get now() {
      return queue.concurrency;
    },
    get underWay() {
      return queue.pending;
    },
    get slowedDown() {
      return slowedDown;
    },
    get askedToWait() {
      return askedToWait;
    },
    get isCalm() {
      return clock.now() - slowedAt > pause;
    },
    close: () => closing.abort(),
  };
};

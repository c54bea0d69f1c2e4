/**
 * A second request for an answer that is out of the usual ("The Tail at Scale": Dean and Barroso 2013,
 * doi:10.1145/2408776.2408794): where no byte came for three times as long as 95 % of the host's first bytes take, and
 * for a quarter of a second, the same is asked once more. The first whole answer counts, the other is cancelled. At most
 * one request in twenty is made twice, one at a time, and none while the host asks for less.
 *
 * Where this thread is at work, answers lie there unread, and a server on the same machine may have no turn: all that
 * is under way stands still, and a second request would only add to it. So time counts by looks: however late one
 * comes, no more than the interval between two has passed.
 */
import type { Clock } from "./clock.ts";
import type { Pace } from "./pace.ts";
import type { Request } from "./request.ts";
import type { RequestLimit } from "./requestLimit.ts";
import { Stops } from "./stops.ts";

const share = 0.05;
/** Milliseconds between two looks at what is under way. */
const interval = 50;

interface Waiting {
  readonly first: Pick<Request<unknown>, "sentAt" | "latestAt">;
  readonly again: () => void;
  /** Of the latest byte, when it was last looked at; milliseconds without one since then. */
  latestAt: number;
  silent: number;
}

export class Hedging {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #limit: RequestLimit;
  readonly #stops = new Stops();
  readonly #waiting = new Set<Waiting>();
  #asked = 0;
  #askedAgain = 0;
  #looked = 0;
  #stop: (() => void) | undefined;

  constructor(clock: Clock, pace: Pace, limit: RequestLimit) {
    this.#clock = clock;
    this.#pace = pace;
    this.#limit = limit;
  }

  /** Second requests that were made. */
  get askedAgain(): number {
    return this.#askedAgain;
  }

  /** The request that gave the first whole answer; where none does, rejects with the first one's error. */
  run<T>(ask: () => Request<T>, signal: AbortSignal | undefined): Promise<Request<T>> {
    return new Promise((resolve, reject) => {
      const asked: Request<T>[] = [];
      let failed = 0;
      let firstError: unknown;
      const over = () => {
        this.#waiting.delete(waiting);
        leave?.();
      };
      const begin = () => {
        const request = ask();
        asked.push(request);
        request.answer.then(
          () => {
            over();
            if (asked.length > 1) cancelAll(asked, new Error("the other answer came first"));
            resolve(request);
          },
          (error) => {
            firstError ??= error;
            failed += 1;
            if (failed < asked.length) return;
            over();
            reject(firstError);
          },
        );
        return request;
      };
      this.#asked += 1;
      const waiting: Waiting = { first: begin(), again: begin, latestAt: 0, silent: 0 };
      const leave = signal && this.#stops.when(signal, () => cancelAll(asked, signal.reason));
      this.#watch(waiting);
    });
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #watch(waiting: Waiting): void {
    this.#waiting.add(waiting);
    if (this.#stop !== undefined) return;
    this.#looked = this.#clock.now();
    this.#stop = this.#clock.every(interval, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.now();
    const passed = Math.min(now - this.#looked, interval);
    this.#looked = now;
    if (this.#waiting.size === 0) this.close();
    let longest: Waiting | undefined;
    for (const waiting of this.#waiting) {
      const { sentAt, latestAt } = waiting.first;
      const isSilent = sentAt !== undefined && latestAt === waiting.latestAt;
      waiting.latestAt = latestAt;
      waiting.silent = isSilent ? waiting.silent + passed : 0;
      if (waiting.silent > (longest?.silent ?? 0)) longest = waiting;
    }
    if (longest === undefined || longest.silent < (this.#pace.slow ?? Number.POSITIVE_INFINITY)) return;
    if (this.#askedAgain + 1 > share * this.#asked || !this.#limit.isCalm) return;
    this.#askedAgain += 1;
    this.#waiting.delete(longest);
    longest.again();
  }
}

/** Those that are over stay as they are. */
const cancelAll = (requests: readonly Pick<Request<unknown>, "cancel">[], reason: unknown): void => {
  for (const request of requests) request.cancel(reason);
};

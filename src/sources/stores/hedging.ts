/**
 * A second request for an answer that is out of the usual ("The Tail at Scale": Dean and Barroso 2013,
 * doi:10.1145/2408776.2408794): where no byte came for three times as long as 95 % of the host's first bytes take, and
 * for a tenth of a second, the same is asked once more. The first whole answer counts, the other is cancelled. At most
 * one request in twenty is made twice, and none while the host asks for less.
 */
import type { Clock } from "./clock.ts";
import type { Pace } from "./pace.ts";
import type { Request } from "./request.ts";
import type { RequestLimit } from "./requestLimit.ts";

const share = 0.05;
/** Milliseconds between two looks at what is under way. */
const interval = 50;

interface Waiting {
  readonly silentSince: () => number | undefined;
  readonly again: () => void;
}

export class Hedging {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #limit: RequestLimit;
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
      const underWay = new Set<Request<T>>();
      let firstError: unknown;
      const stopped = () => {
        for (const request of underWay) request.cancel(signal!.reason);
      };
      const over = () => {
        this.#waiting.delete(waiting);
        signal?.removeEventListener("abort", stopped);
      };
      const begin = () => {
        const request = ask();
        underWay.add(request);
        request.answer.then(
          () => {
            underWay.delete(request);
            over();
            for (const other of underWay) other.cancel(new Error("the other answer came first"));
            resolve(request);
          },
          (error) => {
            underWay.delete(request);
            firstError ??= error;
            if (underWay.size > 0) return;
            over();
            reject(firstError);
          },
        );
        return request;
      };
      this.#asked += 1;
      signal?.addEventListener("abort", stopped);
      const first = begin();
      const waiting: Waiting = {
        silentSince: () => (first.sentAt === undefined ? undefined : first.latestAt),
        again: () => void begin(),
      };
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
    const sinceLast = now - this.#looked;
    this.#looked = now;
    if (this.#waiting.size === 0) this.close();
    // This thread was at work meanwhile: answers may lie there unread.
    if (sinceLast > 2 * interval || !this.#limit.isCalm) return;
    const slow = this.#pace.slow;
    if (slow === undefined) return;
    for (const waiting of this.#waiting) {
      if (this.#askedAgain + 1 > share * this.#asked) return;
      if (now - (waiting.silentSince() ?? now) <= slow) continue;
      this.#askedAgain += 1;
      this.#waiting.delete(waiting);
      waiting.again();
    }
  }
}

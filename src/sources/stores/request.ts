import type { Dispatcher } from "undici";
import { copyBytes } from "../../kernels/wasm/copyBytes.ts";
import type { Buffers } from "../../model/memory.ts";
import type { Stages } from "../../model/stages.ts";
import type { Clock } from "./clock.ts";
import { AnswerFault } from "./storeFault.ts";

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The header of that name; of several the first. */
export const header = (headers: AnswerHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** What is done with a body, decided when the headers are there; `length` undefined: it is not announced. */
export type Verdict<T> =
  | { readonly drop: T }
  | { readonly length: number | undefined; readonly most: number; give: (bytes: Uint8Array) => T };

export interface RequestOptions<T> {
  /** Default GET. */
  readonly method?: "GET" | "HEAD";
  readonly origin: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Throws where the answer is none that was asked for. */
  judge(status: number, headers: AnswerHeaders): Verdict<T>;
  readonly buffers: Buffers | undefined;
  readonly stages: Stages | undefined;
  count(bytes: number, requests: number): void;
}

/** A body that is not wanted is read up to this many bytes, so that its connection lives on. */
const shortBody = 16_384;

/**
 * One request under way. Its body goes from the socket's parts into one buffer, of the length that was announced; nothing
 * is allocated before that is found to be allowed. It is what undici's `Pool.request` is made of, without the stream
 * in between, which costs more than all the rest. What ends it early (`cancel`, a fault) closes its connection.
 */
export class Request<T> implements Dispatcher.DispatchHandler {
  readonly answer: Promise<T>;
  /** Bytes of the body that came. */
  bytes = 0;
  /** Milliseconds of the clock: sent, first byte of the answer, first part of the body, latest byte. */
  sentAt: number | undefined;
  answeredAt: number | undefined;
  bodyAt: number | undefined;
  latestAt = 0;
  /** Bytes of the first part of the body: it came with the headers. */
  firstBytes = 0;
  readonly #options: RequestOptions<T>;
  readonly #clock: Clock;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #verdict: Verdict<T> | undefined;
  #fault: unknown;
  #whole: Uint8Array | undefined;
  #parts: Uint8Array[] | undefined;
  #over = false;
  #stage: (() => void) | undefined;

  constructor(options: RequestOptions<T>, dispatcher: Dispatcher, clock: Clock) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#options = options;
    this.#clock = clock;
    const { origin, path, headers, method = "GET" } = options;
    options.count(0, 1);
    this.#stage = options.stages?.begin("waitStore");
    dispatcher.dispatch({ method, origin, path, headers }, this);
  }

  /** Ends it, at the socket too: `answer` rejects with `reason`. */
  cancel(reason: unknown): void {
    this.#end(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.sentAt = this.latestAt = this.#clock.now();
    if (this.#over) this.#abort();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200 || this.#over) return;
    this.answeredAt = this.latestAt = this.#clock.now();
    this.#stage?.();
    this.#stage = this.#options.stages?.begin("read");
    try {
      this.#verdict = this.#options.judge(status, headers);
      if ("drop" in this.#verdict) return;
      const { length, most } = this.#verdict;
      if (length === undefined) this.#parts = [];
      else if (length > most) this.#end(new AnswerFault(`${length} bytes`, `at most ${most}`));
      else this.#whole = this.#options.buffers?.take(length) ?? new Uint8Array(length);
    } catch (error) {
      this.#verdict = undefined;
      this.#fault = error;
    }
  }

  onResponseData(_: Dispatcher.DispatchController, part: Uint8Array): void {
    if (this.#over) return;
    this.latestAt = this.#clock.now();
    if (this.bodyAt === undefined) {
      this.bodyAt = this.latestAt;
      this.firstBytes = part.length;
    }
    const verdict = this.#verdict;
    const at = this.bytes;
    this.bytes += part.length;
    if (verdict === undefined || "drop" in verdict) {
      if (this.bytes > shortBody) this.#finish(true);
      return;
    }
    const { length, most } = verdict;
    if (this.bytes > (length ?? most)) {
      this.#end(new AnswerFault(`more than ${length ?? most} bytes`, `${length ?? `at most ${most}`}`));
    } else if (this.#whole !== undefined) copyBytes(this.#whole, part, at);
    else this.#parts!.push(part);
  }

  onResponseEnd(): void {
    if (!this.#over) this.#finish(false);
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#over) return;
    // Of an answer whose body is not wanted everything is known.
    if (this.#fault !== undefined || (this.#verdict !== undefined && "drop" in this.#verdict))
      this.#finish(false);
    else this.#end(error);
  }

  /** The answer is known; `cut`: though its body is not over. */
  #finish(cut: boolean): void {
    const verdict = this.#verdict;
    if (verdict === undefined) this.#end(this.#fault, cut);
    else if ("drop" in verdict) {
      this.#leave();
      if (cut) this.#abort();
      this.#resolve(verdict.drop);
    } else {
      try {
        const value = this.#value(verdict);
        this.#leave();
        this.#options.count(this.bytes, 0);
        this.#resolve(value);
      } catch (error) {
        this.#end(error, false);
      }
    }
  }

  #value({ length, give }: Exclude<Verdict<T>, { drop: T }>): T {
    if (length !== undefined && this.bytes !== length)
      throw new AnswerFault(`${this.bytes} bytes`, `${length}`);
    return give(this.#whole ?? joined(this.#parts!, this.bytes));
  }

  #end(error: unknown, abort = true): void {
    if (this.#over) return;
    this.#leave();
    if (this.#whole !== undefined) {
      this.#options.buffers?.give(this.#whole);
      this.#options.count(this.bytes, 0);
    }
    if (abort) this.#abort();
    this.#reject(error);
  }

  #leave(): void {
    this.#over = true;
    this.#stage?.();
  }

  #abort(): void {
    this.#controller?.abort(new Error("the request was given up"));
  }
}

const joined = (parts: readonly Uint8Array[], bytes: number): Uint8Array => {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    copyBytes(whole, part, at);
    at += part.length;
  }
  return whole;
};

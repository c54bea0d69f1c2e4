/**
 * The ledger of bytes: a first-come-first-served weighted semaphore over RxJS, and the only door to bytes.
 *
 * - A unit asks for all its bytes at once and gives them back when its work completes, fails or is unsubscribed.
 * - Asks are served strictly in order, so a large one at the head is never overtaken and never starves.
 * - An ask above the limit is an error (`OverBudget`), not a wait. An ask from within the work of another ask of
 *   the same budget is refused (`NestedBudget`): nothing is acquired while holding, so there is no deadlock. What
 *   a unit emits leaves its context: an operator further down may use the same budget.
 * - Release admits on the asap scheduler: when many asks are torn down together, none of them is started first.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { asapScheduler, defer, Observable, type ObservableInput } from "rxjs";
import type { Budget } from "../../model/budget.ts";
import { EwbError } from "../../model/errors.ts";

/** Budgets held by the work that is running in this asynchronous context. */
const held = new AsyncLocalStorage<readonly MemoryBudget[]>();
const none: readonly MemoryBudget[] = [];

interface Ask {
  readonly bytes: number;
  start(): void;
}

export class MemoryBudget implements Budget {
  readonly limit: number;
  #used = 0;
  #waiting: Ask[] = [];
  /** Index of the first ask that still waits; the array is cut when half of it is spent. */
  #head = 0;
  /** Whether an admission is scheduled already: many releases of one moment need one. */
  #admitting = false;
  #rooms: { readonly asks: number; readonly resolve: () => void }[] = [];

  /** @param limit bytes that may be held at once */
  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  use<T>(bytes: number, work: () => ObservableInput<T>): Observable<T> {
    return new Observable<T>((subscriber) => {
      const outside = held.getStore() ?? none;
      if (outside.includes(this)) {
        subscriber.error(
          new EwbError(
            "NestedBudget",
            `${bytes} bytes were asked for inside work that already holds bytes of the same budget. ` +
              "Ask for everything a unit needs at once, or put the second step after the first in the pipe.",
          ),
        );
        return;
      }
      if (!(bytes <= this.limit)) {
        subscriber.error(
          new EwbError(
            "OverBudget",
            `a unit needs ${bytes} bytes, the budget is ${this.limit} bytes. Give more memory (--memory), ` +
              "or choose fewer variables, a smaller region or a store with smaller chunks.",
          ),
        );
        return;
      }
      let state: "waiting" | "held" | "over" = "waiting";
      const outward = (emit: () => void) => held.run(outside, emit);
      const ask: Ask = {
        bytes,
        start: () => {
          state = "held";
          held.run([...outside, this], () =>
            subscriber.add(
              defer(work).subscribe({
                next: (value) => outward(() => subscriber.next(value)),
                error: (error) => {
                  release();
                  outward(() => subscriber.error(error));
                },
                complete: () => {
                  release();
                  outward(() => subscriber.complete());
                },
              }),
            ),
          );
        },
      };
      const release = () => {
        if (state !== "held") return;
        state = "over";
        this.#used -= bytes;
        this.#admitSoon();
      };
      this.#waiting.push(ask);
      this.#admit();
      return () => {
        if (state === "waiting") {
          state = "over";
          this.#waiting.splice(this.#waiting.indexOf(ask, this.#head), 1);
          this.#admitSoon();
        } else {
          release();
        }
      };
    });
  }

  async room(asks: number): Promise<void> {
    while (this.waiting >= asks) {
      await new Promise<void>((resolve) => this.#rooms.push({ asks, resolve }));
    }
  }

  #admitSoon(): void {
    if (this.#admitting || (this.waiting === 0 && this.#rooms.length === 0)) return;
    this.#admitting = true;
    asapScheduler.schedule(() => {
      this.#admitting = false;
      this.#admit();
    });
  }

  #admit(): void {
    while (this.#head < this.#waiting.length) {
      const ask = this.#waiting[this.#head]!;
      if (this.#used + ask.bytes > this.limit) break;
      this.#head += 1;
      this.#used += ask.bytes;
      ask.start();
    }
    if (this.#head > 1024 || this.#head === this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    if (this.#rooms.length > 0) {
      const waiting = this.waiting;
      const open = this.#rooms.filter(({ asks }) => waiting < asks);
      this.#rooms = this.#rooms.filter(({ asks }) => waiting >= asks);
      for (const { resolve } of open) resolve();
    }
  }
}

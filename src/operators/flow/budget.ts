/**
 * The ledger of bytes: a first-come-first-served weighted semaphore over RxJS, and the only door to bytes.
 *
 * - A unit asks for all its bytes at once and gives them back when its work completes, fails or is unsubscribed.
 *   Store chunks it names are charged once, however many units hold them; those nobody holds any more stay as a cache
 *   until somebody needs their bytes.
 * - Asks are served strictly in order, so a large one at the head is never overtaken and never starves.
 * - An ask above `most` is an error (`OverBudget`), not a wait. An ask from within the work of another ask of the same
 *   budget is refused (`NestedBudget`): nothing is acquired while holding, so there is no deadlock. What a unit emits
 *   leaves its context: an operator further down may use the same budget.
 * - `limit` moves: with the machine's memory, with what other workers need, with `ewb control`. However far it falls,
 *   one unit is always admitted (`alone`): a run may become slow, it never stops.
 * - Release admits on the asap scheduler: when many asks are torn down together, none of them is started first.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { asapScheduler, defer, Observable, type ObservableInput } from "rxjs";
import type { Asker, Budget, SharedChunks } from "../../model/budget.ts";
import { type ChunkCost, type Cost, wholeCost } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";

/** Budgets held by the work that is running in this asynchronous context. */
const held = new AsyncLocalStorage<readonly MemoryBudget[]>();
const none: readonly MemoryBudget[] = [];
/** Runs `work` where these are held. Entered only where it has to be: on Node 20 every promise pays from the first time on. */
const holding = (budgets: readonly MemoryBudget[], work: () => void): void => {
  if ((held.getStore() ?? none) === budgets) work();
  else held.run(budgets, work);
};
const noChunks: readonly ChunkCost[] = [];
/**
 * Share of the limit that asks beyond a few may fill: the rest is for parts that come along with others of the same chunk.
 * Without it they are asked for once more.
 */
const [few, aheadShare] = [8, 0.7];

interface Ask {
  bytes: number;
  readonly chunks: ChunkCost[];
  /** Units that it is for. */
  units: number;
  readonly asker: Asker | undefined;
  start(over: (() => void) | undefined): void;
}

export interface BudgetOptions {
  readonly chunks?: SharedChunks;
  /** Bytes one unit may hold at most; default: the first limit. */
  readonly most?: number;
  /** Whether the first ask may be admitted above the limit when nothing else is held; default true. */
  readonly alone?: boolean;
  /** Called when what is held, or what waits, has changed. */
  readonly onChange?: () => void;
  /** Called when a unit is admitted; what it returns, when it is over. */
  readonly onAdmitted?: (bytes: number, asker: Asker | undefined) => () => void;
  /** How many asks may be admitted at once; told of each that is over. Default: as many as fit. */
  readonly ahead?: { readonly most: number; over(inWork: number): void };
  /** Called when asks begin to wait; what it returns, when none does any more. */
  readonly onWaits?: () => () => void;
}

export class MemoryBudget implements Budget {
  readonly #chunks: SharedChunks | undefined;
  readonly #alone: boolean;
  readonly #onChange: () => void;
  readonly #onAdmitted: BudgetOptions["onAdmitted"];
  readonly #onWaits: BudgetOptions["onWaits"];
  readonly #ahead: BudgetOptions["ahead"];
  #waits: (() => void) | undefined;
  #limit: number;
  #most: number;
  #paused = false;
  /** Private bytes of units, how many asks they are of, and bytes of what stays. */
  #units = 0;
  #admitted = 0;
  #kept = 0;
  #waiting: Ask[] = [];
  /** Index of the first ask that still waits; the array is cut when half of it is spent. */
  #head = 0;
  /** Those that others may join, and units of all that wait. */
  readonly #open = new Map<Asker, Ask>();
  #unitsWaiting = 0;
  /** Names that will ask, but may not yet. */
  #announced = 0;
  /** Whether an admission is scheduled already: many releases of one moment need one. */
  #admitting = false;
  #rooms: { readonly asks: number; readonly resolve: () => void }[] = [];

  /** @param limit bytes that may be held at once */
  constructor(limit: number, options: BudgetOptions = {}) {
    const { chunks, most, alone, onChange, onAdmitted, onWaits, ahead } = options;
    this.#ahead = ahead;
    this.#limit = limit;
    this.#most = most ?? limit;
    this.#chunks = chunks;
    this.#alone = alone ?? true;
    this.#onChange = onChange ?? (() => {});
    this.#onAdmitted = onAdmitted;
    this.#onWaits = onWaits;
  }

  get limit(): number {
    return this.#limit;
  }

  get most(): number {
    return this.#most;
  }

  get used(): number {
    return this.#units + this.#kept + (this.#chunks?.held ?? 0);
  }

  /** Bytes of states, rows and the like. */
  get kept(): number {
    return this.#kept;
  }

  get cached(): number {
    return this.#chunks?.cached ?? 0;
  }

  get waiting(): number {
    return this.#unitsWaiting + this.#announced;
  }

  get #asks(): number {
    return this.#waiting.length - this.#head;
  }

  /** Asks whose units hold bytes now. */
  get admitted(): number {
    return this.#admitted;
  }

  /** Bytes that would be held if the first ask that waits were the only unit; 0: none waits. */
  get needed(): number {
    const ask = this.#waiting[this.#head];
    if (ask === undefined) return 0;
    return this.#kept + this.#costOf(ask) + (this.#chunks?.reused(ask.chunks) ?? 0);
  }

  /** What the first ask that waits is about. */
  get next(): Asker | undefined {
    return this.#waiting[this.#head]?.asker;
  }

  /** Moves the limit; what is held stays, chunks nobody holds go, nothing is admitted above it but one unit. */
  resize(limit: number, most = this.#most): void {
    this.#limit = limit;
    this.#most = most;
    this.#dropAbove();
    this.#admitSoon();
  }

  /** Admits nothing while `paused`; what is in work finishes. */
  pause(paused: boolean): void {
    this.#paused = paused;
    this.#admitSoon();
  }

  keep(bytes: number): void {
    this.#kept += bytes;
    if (bytes > 0) this.#dropAbove();
    else this.#admitSoon();
  }

  announce(asks: number): void {
    this.#announced += asks;
    if (asks < 0) this.#admitSoon();
  }

  expect(chunks: readonly ChunkCost[]): () => void {
    this.#chunks?.want(chunks);
    return () => this.#chunks?.unwant(chunks);
  }

  /** Whether so many bytes more may be held of the shared chunks; those that nobody waits for go for them. */
  hasRoom(bytes: number): boolean {
    const over = this.used + this.cached + bytes - this.#limit;
    return over <= 0 || (this.#chunks?.drop(over, [], false) ?? 0) >= over;
  }

  /** Something of the shared chunks was given back. */
  freed(): void {
    this.#onChange();
    this.#admitSoon();
  }

  join(asker: Asker, { bytes, chunks }: Cost): boolean {
    const ask = this.#open.get(asker);
    if (ask === undefined) return false;
    const known = new Set(ask.chunks.map(({ id }) => id));
    const more = chunks.filter(({ id }) => !known.has(id));
    const [first, second] = [wholeCost(ask), wholeCost({ bytes, chunks: more })];
    if (first + second > this.#most) return false;
    ask.bytes += bytes;
    ask.chunks.push(...more);
    ask.units += 1;
    this.#unitsWaiting += 1;
    this.#chunks?.want(more);
    return true;
  }

  use<T>(cost: number | Cost, work: () => ObservableInput<T>, asker?: Asker): Observable<T> {
    const { bytes, chunks } = typeof cost === "number" ? { bytes: cost, chunks: noChunks } : cost;
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
      const whole = wholeCost({ bytes, chunks });
      if (!(whole <= this.#most)) {
        subscriber.error(
          new EwbError(
            "OverBudget",
            `a unit needs ${whole} bytes, the budget is ${this.#most} bytes. Give more memory (--memory), ` +
              "or choose fewer variables, a smaller region or a store with smaller chunks.",
          ),
        );
        return;
      }
      let state: "waiting" | "held" | "over" = "waiting";
      // A unit with a name asks for nothing inside: there is no need to look out for it.
      const inside = asker === undefined ? [...outside, this] : outside;
      const outward = (emit: () => void) => holding(outside, emit);
      let over: (() => void) | undefined;
      const ask: Ask = {
        bytes,
        chunks: [...chunks],
        units: 1,
        asker,
        start: (whenOver) => {
          state = "held";
          over = whenOver;
          holding(inside, () =>
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
        this.#units -= ask.bytes;
        this.#admitted -= 1;
        this.#ahead?.over(this.#admitted);
        this.#chunks?.release(ask.chunks);
        over?.();
        this.#onChange();
        this.#admitSoon();
      };
      this.#waiting.push(ask);
      this.#unitsWaiting += 1;
      if (asker !== undefined) this.#open.set(asker, ask);
      this.#chunks?.want(chunks);
      this.#admit();
      if (state === "waiting") this.#onChange();
      return () => {
        if (state === "waiting") {
          state = "over";
          this.#waiting.splice(this.#waiting.indexOf(ask, this.#head), 1);
          this.#leave(ask);
          this.#chunks?.unwant(ask.chunks);
          this.#sayWaits();
          this.#onChange();
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

  /** An ask waits no more. */
  #leave({ asker, units }: Ask): void {
    this.#unitsWaiting -= units;
    if (asker !== undefined) this.#open.delete(asker);
  }

  #costOf({ bytes, chunks }: Ask): number {
    return bytes + (this.#chunks?.missing(chunks) ?? wholeCost({ bytes: 0, chunks }));
  }

  #dropAbove(): void {
    const over = this.used + this.cached - this.#limit;
    if (over > 0) this.#chunks?.drop(over);
  }

  #admitSoon(): void {
    if (this.#admitting || (this.#asks === 0 && this.#rooms.length === 0)) return;
    this.#admitting = true;
    asapScheduler.schedule(() => {
      this.#admitting = false;
      this.#admit();
    });
  }

  get #isFull(): boolean {
    if (this.#ahead === undefined) return false;
    if (this.#admitted >= this.#ahead.most) return true;
    return this.#admitted >= few && this.used > aheadShare * this.#limit;
  }

  #sayWaits(): void {
    // What waits for its turn only does not wait for memory.
    const waits = this.#asks > 0 && !this.#isFull;
    if (waits === (this.#waits !== undefined)) return;
    if (waits) {
      this.#waits = this.#onWaits?.();
    } else {
      this.#waits?.();
      this.#waits = undefined;
    }
  }

  #admit(): void {
    while (this.#head < this.#waiting.length && !this.#paused && !this.#isFull) {
      const ask = this.#waiting[this.#head]!;
      const { bytes, chunks } = ask;
      const cost = this.#costOf(ask);
      const reused = this.#chunks?.reused(chunks) ?? 0;
      const isFirst = this.#alone && this.#admitted === 0;
      if (this.used + reused + cost > this.#limit && !isFirst) break;
      const over = this.used + this.cached + cost - this.#limit;
      if (over > 0) this.#chunks?.drop(over, chunks);
      this.#head += 1;
      this.#leave(ask);
      this.#units += bytes;
      this.#admitted += 1;
      this.#chunks?.unwant(chunks);
      this.#chunks?.hold(chunks);
      ask.start(this.#onAdmitted?.(cost, ask.asker));
      this.#onChange();
    }
    this.#sayWaits();
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

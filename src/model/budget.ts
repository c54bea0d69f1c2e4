import type { Observable, ObservableInput } from "rxjs";

/**
 * The only door to bytes. A unit's bytes are acquired whole, first come first served, and released when the work
 * is over; work that asks the same budget again is refused (`NestedBudget`), so there is no deadlock.
 */
export interface Budget {
  /** Bytes. */
  readonly limit: number;
  readonly used: number;
  /** Asks that wait for bytes. */
  readonly waiting: number;
  /** Runs `work` while `bytes` are held. Errors with `OverBudget` where `bytes` exceed the limit. */
  use<T>(bytes: number, work: () => ObservableInput<T>): Observable<T>;
  /** Resolves when fewer than `asks` wait: how a generator of refs is held back. */
  room(asks: number): Promise<void>;
}

/**
 * Removes what rows said longer ago than is to be kept, once a day. Where the clock has gone forwards by much more than
 * the time that passed, nothing is removed: what seems old may be of today.
 */
import type { LedgerRecords } from "../../model/ledger.ts";

export interface RetentionEffects {
  /** Milliseconds UTC. */
  now(): number;
  /** Milliseconds of a clock that only grows. */
  elapsed(): number;
}

const day = 86_400_000;

/** To be called after each turn; gives how many versions were removed, and what is to be said. */
export const retention = (
  records: Pick<LedgerRecords, "prune">,
  keep: number,
  { now, elapsed }: RetentionEffects,
): (() => Promise<string | undefined>) => {
  const began = { now: now(), elapsed: elapsed() };
  let last: number | undefined;
  return async () => {
    const passed = elapsed();
    if (last !== undefined && passed - last < day) return undefined;
    last = passed;
    const jump = now() - began.now - (passed - began.elapsed);
    if (jump > day)
      return `the clock has gone forwards by ${Math.round(jump / day)} days: no history is removed until a restart`;
    const removed = await records.prune({ before: now() - keep });
    return removed > 0 ? `${removed} versions of rows were removed from the history` : undefined;
  };
};

/**
 * Once a day removes what rows said longer ago than is to be kept, and what is kept of units of cases that no turn has
 * asked for in a month, since they were edited or are gone. Where the clock has gone forwards by much more than
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
/** Days for which units of a case that is not asked for are kept. */
const keptFor = 30;

/**
 * To be called after each turn; gives what is to be said.
 *
 * @param keep milliseconds; undefined: what rows said is kept for ever
 */
export const retention = (
  records: Pick<LedgerRecords, "prune" | "forget">,
  keep: number | undefined,
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
      return `the clock has gone forwards by ${Math.round(jump / day)} days: nothing old is removed until a restart`;
    const said: string[] = [];
    const sites = await records.forget(keptFor);
    if (sites > 0) said.push(`units of ${sites} cases and sources that are no longer asked for were removed`);
    const removed = keep === undefined ? 0 : await records.prune({ before: now() - keep });
    if (removed > 0) said.push(`${removed} versions of rows were removed from the history`);
    return said.length === 0 ? undefined : said.join("; ");
  };
};

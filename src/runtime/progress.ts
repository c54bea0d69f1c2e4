import type { RunEvent, UnitCounts } from "../model/event.ts";

type Tick = Extract<RunEvent, { event: "tick" }>;

/**
 * Counts of a run, and the time left from them.
 *
 * The total of units is known for a case once its sources are open; `given` and `asked` tell how many of them a
 * filter of the pipeline lets through. Cases that were not opened yet count as the mean of those that were.
 */
export class Progress {
  readonly #cases = new Map<number, UnitCounts>();
  readonly #done = new Set<number>();
  readonly #began: number;
  #total = 0;
  #bytes = 0;
  #requests = 0;
  #rows = 0;
  #firstDone: number | undefined;

  /** @param now milliseconds of a steady clock */
  constructor(now: number) {
    this.#began = now;
  }

  announce(cases: number): void {
    this.#total += cases;
  }

  count(caseId: number, units: Partial<UnitCounts>, now: number): void {
    const had = this.#cases.get(caseId) ?? { total: 0, given: 0, asked: 0, done: 0 };
    this.#cases.set(caseId, {
      total: had.total + (units.total ?? 0),
      given: had.given + (units.given ?? 0),
      asked: had.asked + (units.asked ?? 0),
      done: had.done + (units.done ?? 0),
    });
    if (this.#firstDone === undefined && (units.done ?? 0) > 0) this.#firstDone = now;
  }

  finished(caseId: number): void {
    this.#done.add(caseId);
  }

  read(bytes: number, requests: number): void {
    this.#bytes += bytes;
    this.#requests += requests;
  }

  rows(count: number): void {
    this.#rows += count;
  }

  tick(now: number, waiting: number): Tick {
    let done = 0;
    let expected = 0;
    let open = 0;
    for (const [id, units] of this.#cases) {
      done += units.done;
      const share = units.given > 0 ? units.asked / units.given : 1;
      expected += this.#done.has(id) ? units.done : units.asked + (units.total - units.given) * share;
      open += 1;
    }
    const unopened = Math.max(this.#total - open, 0);
    if (open > 0) expected += unopened * (expected / open);
    const since = (now - (this.#firstDone ?? now)) / 1000;
    const eta =
      done > 1 && done >= 0.05 * expected && since > 0 ? (since * (expected - done)) / (done - 1) : null;
    return {
      event: "tick",
      t: (now - this.#began) / 1000,
      cases: { done: this.#done.size, total: this.#total },
      units: { done, total: Math.max(done, Math.round(expected)) },
      bytes: { read: this.#bytes },
      requests: { total: this.#requests },
      waiting: { memory: waiting },
      rows: this.#rows,
      eta,
    };
  }
}

import type { RunEvent, UnitCounts } from "../model/event.ts";

type Tick = Extract<RunEvent, { event: "tick" }>;

/** A case: how often it was announced (once for each `eachCase`) and finished, and its units. */
interface CaseProgress {
  announced: number;
  finished: number;
  units: UnitCounts;
}

const noUnits: UnitCounts = { sets: 0, total: 0, given: 0, asked: 0, done: 0 };

/**
 * Counts of a run, and the time left from them.
 *
 * The units of one forecast of a case are known once its sources are open; `given` and `asked` tell how many of
 * them a filter of the pipeline lets through. Forecasts that a case has not come to yet count as the mean of those
 * it has: a case has as many as the finished ones had, or, before one is finished, as the pipeline asked for. Cases
 * that were not opened yet count as the mean of those that were.
 */
export class Progress {
  readonly #cases = new Map<number, CaseProgress>();
  readonly #began: number;
  #forecasts = 1;
  #bytes = 0;
  #requests = 0;
  #rows = 0;
  #done = 0;
  /** When how many units were done, at steps of a few per cent: what the present rate is taken from. */
  readonly #past: { readonly at: number; readonly done: number }[] = [];

  /** @param now milliseconds of a steady clock */
  constructor(now: number) {
    this.#began = now;
  }

  announce(caseId: number): void {
    this.#case(caseId).announced += 1;
  }

  /** How many forecasts the pipeline was given for each case. */
  forecasts(count: number): void {
    this.#forecasts = Math.max(this.#forecasts, count);
  }

  count(caseId: number, units: Partial<UnitCounts>, now: number): void {
    const one = this.#case(caseId);
    const sum = (name: keyof UnitCounts) => one.units[name] + (units[name] ?? 0);
    one.units = {
      sets: sum("sets"),
      total: sum("total"),
      given: sum("given"),
      asked: sum("asked"),
      done: sum("done"),
    };
    this.#done += units.done ?? 0;
    if (this.#done > 1.03 * (this.#past.at(-1)?.done ?? 0)) this.#past.push({ at: now, done: this.#done });
  }

  finished(caseId: number): void {
    this.#case(caseId).finished += 1;
  }

  read(bytes: number, requests: number): void {
    this.#bytes += bytes;
    this.#requests += requests;
  }

  rows(count: number): void {
    this.#rows += count;
  }

  tick(now: number, waiting: number): Tick {
    const all = [...this.#cases.values()];
    const add = (of: readonly CaseProgress[], number: (one: CaseProgress) => number) =>
      of.reduce((sum, one) => sum + number(one), 0);
    const done = add(all, ({ units }) => units.done);
    const opened = all.filter((one) => isOver(one) || one.units.sets > 0);
    const known = add(opened, (one) => this.#expected(one));
    const expected = opened.length > 0 ? (known * all.length) / opened.length : 0;
    // The rate of the later half of what is done: the first chunks come slowly, from cold stores and cold code.
    const from = this.#past.findLast((past) => past.done <= done / 2) ?? this.#past[0];
    const since = (now - (from?.at ?? now)) / 1000;
    const timed = done - (from?.done ?? 0);
    const isKnown = since > 0 && timed > 0 && timed >= 0.05 * expected;
    return {
      event: "tick",
      t: (now - this.#began) / 1000,
      cases: { done: add(all, ({ finished }) => finished), total: add(all, ({ announced }) => announced) },
      units: { done, total: Math.max(done, Math.round(expected)) },
      bytes: { read: this.#bytes },
      requests: { total: this.#requests },
      waiting: { memory: waiting },
      rows: this.#rows,
      eta: isKnown ? (since * Math.max(expected - done, 0)) / timed : null,
    };
  }

  /** Units of a case that is open or over. */
  #expected(one: CaseProgress): number {
    const { sets, total, given, asked, done } = one.units;
    if (isOver(one)) return done;
    const share = given > 0 ? asked / given : 1;
    const over = [...this.#cases.values()].filter((other) => isOver(other) && other.units.sets > 0);
    const all =
      over.length > 0
        ? over.reduce((sum, { units }) => sum + units.sets, 0) / over.length
        : this.#forecasts * Math.max(one.announced, 1);
    return (asked + (total - given) * share) * Math.max(1, all / sets);
  }

  #case(id: number): CaseProgress {
    const found = this.#cases.get(id) ?? { announced: 0, finished: 0, units: noUnits };
    this.#cases.set(id, found);
    return found;
  }
}

const isOver = ({ announced, finished }: CaseProgress): boolean => announced > 0 && finished >= announced;

import type {
  CaseEvent,
  MemoryState,
  RequestState,
  StageTimes,
  TickEvent,
  UnitCounts,
  WorkerState,
} from "../model/event.ts";
import { type Range, Rate } from "./rate.ts";
import { noTimes } from "./stages/workerStages.ts";

/** A case: how often it was announced (once for each `eachCase`) and finished, its units and rows. */
interface CaseProgress {
  /** How many units it will have, relative to other cases. */
  readonly weight: number;
  announced: number;
  finished: number;
  failed: number;
  rows: number;
  readonly units: { -readonly [Count in keyof UnitCounts]: UnitCounts[Count] };
  /** Milliseconds: first and last count. */
  from: number | undefined;
  to: number;
}

/** What a tick says beside counts; what is left out is not known, or 0. */
export interface Measured {
  readonly memory?: Partial<MemoryState>;
  readonly stages?: StageTimes;
  readonly workers?: readonly WorkerState[];
  readonly requests?: Partial<RequestState>;
  readonly bytes?: Partial<TickEvent["bytes"]>;
}

/**
 * Counts of a run, and the time left from them.
 *
 * The units of one forecast of a case are known once its sources are open; `given` and `asked` tell how many of
 * them a filter of the pipeline lets through. Forecasts that a case has not come to yet count as the mean of those
 * it has: a case has as many as the finished ones had, or, before one is finished, as the pipeline asked for. Cases
 * that were not opened yet count as the mean of those that were, by weight: the length of a case in time. A plan
 * (`planned`) replaces these guesses.
 *
 * Units do not cost the same: one may need a store chunk of its own, the next twenty share one that is there already.
 * With a plan the time left is therefore that of the chunks left, at the rate chunks come, and that of the units left,
 * at the rate units are done, mixed as worker time was spent: fetching and decoding, or computing and writing.
 */
export class Progress {
  readonly #cases = new Map<number, CaseProgress>();
  readonly #began: number;
  readonly #unitRate = new Rate();
  readonly #chunkRate = new Rate();
  #plan: { readonly units: number; readonly chunks: number } | undefined;
  #chunks = 0;
  /** Worker time up to some moments, in milliseconds. */
  readonly #spent: { readonly at: number; readonly fetching: number; readonly working: number }[] = [];
  #forecasts = 1;
  #bytes = 0;
  #requests = 0;
  #rows = 0;
  #done = 0;
  #failed = 0;

  /** @param now milliseconds of a steady clock */
  constructor(now: number) {
    this.#began = now;
  }

  /** @param weight what its units are proportional to, e.g. its length in time; any positive unit */
  announce(caseId: number, weight = 1): void {
    this.#case(caseId, Math.max(weight, Number.MIN_VALUE)).announced += 1;
  }

  /** How many forecasts the pipeline was given for each case. */
  forecasts(count: number): void {
    this.#forecasts = Math.max(this.#forecasts, count);
  }

  /** What a plan of the run found: units, and store chunks to read, each once. */
  planned(plan: { readonly units: number; readonly chunks: number }): void {
    this.#plan = plan;
  }

  /** Store chunks that were read and decoded. */
  loaded(chunks: number, now: number): void {
    this.#chunks += chunks;
    this.#chunkRate.add(this.#chunks, now);
  }

  count(caseId: number, units: Partial<UnitCounts>, now: number): void {
    const one = this.#case(caseId);
    for (const name in units) one.units[name as keyof UnitCounts] += units[name as keyof UnitCounts] ?? 0;
    one.from ??= now;
    one.to = now;
    if (units.done === undefined) return;
    this.#done += units.done;
    this.#unitRate.add(this.#done, now);
  }

  finished(caseId: number): void {
    this.#case(caseId).finished += 1;
  }

  /** Units that failed; they are done too. */
  failed(count: number, caseId?: number): void {
    this.#failed += count;
    if (caseId !== undefined) this.#case(caseId).failed += count;
  }

  read(bytes: number, requests: number): void {
    this.#bytes += bytes;
    this.#requests += requests;
  }

  rows(count: number, caseId?: number): void {
    this.#rows += count;
    if (caseId !== undefined) this.#case(caseId).rows += count;
  }

  /** `event` with how far its case is. */
  caseEvent(event: CaseEvent): Required<CaseEvent> {
    const { units, failed, rows, from, to } = this.#case(event.id);
    const total = Math.max(units.done, Math.round(this.#expected(this.#case(event.id))));
    const ms = from === undefined ? 0 : Math.round(to - from);
    return { type: "", ...event, done: units.done, total, failed, rows, ms };
  }

  tick(now: number, measured: Measured = {}): TickEvent {
    const all = [...this.#cases.values()];
    const expected = this.#plan?.units ?? this.#guessed(all);
    return {
      event: "tick",
      t: (now - this.#began) / 1000,
      memory: {
        limit: null,
        baseline: null,
        budget: 0,
        units: 0,
        cache: 0,
        states: 0,
        rss: null,
        waiting: 0,
        largest: null,
        ...measured.memory,
      },
      stages: measured.stages ?? noTimes(),
      workers: measured.workers ?? [],
      cases: { done: add(all, ({ finished }) => finished), total: add(all, ({ announced }) => announced) },
      units: { done: this.#done, total: Math.max(this.#done, Math.round(expected)), failed: this.#failed },
      bytes: { read: this.#bytes, total: null, amplification: null, ...measured.bytes },
      requests: {
        total: this.#requests,
        in_flight: 0,
        limit: null,
        retried: 0,
        throttled: 0,
        median_ms: null,
        ...measured.requests,
      },
      rows: this.#rows,
      eta: this.#left(all, expected, measured, now),
    };
  }

  /** Units of all cases, as far as the open ones tell. */
  #guessed(all: readonly CaseProgress[]): number {
    const opened = all.filter((one) => isOver(one) || one.units.sets > 0);
    if (opened.length === 0) return 0;
    const weight = ({ weight }: CaseProgress) => weight;
    return (add(opened, (one) => this.#expected(one)) * add(all, weight)) / add(opened, weight);
  }

  #left(all: readonly CaseProgress[], expected: number, { stages }: Measured, now: number): Range | null {
    const open = add(all, (one) => (isOver(one) ? 0 : setUnits(one) - one.units.done));
    const left = Math.max(expected - this.#done, 0);
    const begun = Math.min(Math.max(open, 0), left);
    const isKnown = this.#done > 0 && this.#done >= 0.05 * expected;
    const units = isKnown ? this.#unitRate.left(begun, left - begun, this.#plan === undefined, now) : null;
    const share = stages === undefined ? 0 : this.#fetchShare(stages, now);
    if (units === null || this.#plan === undefined || share === 0) return units;
    const chunks = this.#chunkRate.left(Math.max(this.#plan.chunks - this.#chunks, 0), 0, false, now);
    if (chunks === null) return units;
    const mixed = (end: "low" | "high") => share * chunks[end] + (1 - share) * units[end];
    return { low: mixed("low"), high: mixed("high") };
  }

  /** Share of fetching and decoding in the work of the time that the rate of units is taken from. */
  #fetchShare(stages: StageTimes, now: number): number {
    const from = this.#unitRate.since ?? now;
    const fetching = stages.read + stages.waitStore + stages.decode;
    const spent = { at: now, fetching, working: fetching + stages.compute + stages.write };
    // A hundred points of that time, and one before it.
    if (now - (this.#spent.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= (now - from) / 100)
      this.#spent.push(spent);
    while (this.#spent.length > 1 && this.#spent[1]!.at <= from) this.#spent.shift();
    const first = this.#spent[0]!;
    const isLater = spent.working > first.working;
    return isLater ? (fetching - first.fetching) / (spent.working - first.working) : 0;
  }

  /** Units of a case that is open or over. */
  #expected(one: CaseProgress): number {
    const { sets, done } = one.units;
    if (isOver(one) || sets === 0) return done;
    const over = [...this.#cases.values()].filter((other) => isOver(other) && other.units.sets > 0);
    const all =
      over.length > 0
        ? over.reduce((sum, { units }) => sum + units.sets, 0) / over.length
        : this.#forecasts * Math.max(one.announced, 1);
    return setUnits(one) * Math.max(1, all / sets);
  }

  #case(id: number, weight = 1): CaseProgress {
    const known = this.#cases.get(id);
    if (known !== undefined) return known;
    const found: CaseProgress = {
      weight,
      announced: 0,
      finished: 0,
      failed: 0,
      rows: 0,
      units: { sets: 0, total: 0, given: 0, asked: 0, done: 0 },
      from: undefined,
      to: 0,
    };
    this.#cases.set(id, found);
    return found;
  }
}

const isOver = ({ announced, finished }: CaseProgress): boolean => announced > 0 && finished >= announced;

/** Units of the sets of a case that are open: those asked for, and of those not given yet as many as were let through. */
const setUnits = ({ units: { total, given, asked } }: CaseProgress): number =>
  asked + (total - given) * (given > 0 ? asked / given : 1);

const add = (all: readonly CaseProgress[], number: (one: CaseProgress) => number): number =>
  all.reduce((sum, one) => sum + number(one), 0);

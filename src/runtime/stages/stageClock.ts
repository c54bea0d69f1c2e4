/**
 * Where the time of one thread goes. The thread interleaves many units, so a stage is not a property of a unit but
 * of the moment: inside `during` it is that stage (the innermost one counts); else the first that holds of: a body
 * is being received (`read`), another thread decodes (`decode`), a request waits for its first byte (`waitStore`), a unit
 * waits for bytes (`waitMemory`); else `idle`. Every moment has exactly one stage, so the stages add up to wall time.
 *
 * Cost of a transition: one reading of the clock and a few additions. For a live view the last minute is kept as
 * slots of 100 ms, each named by the stage that took most of it: 8 bytes for each stage of the slot that is open,
 * one byte for each of the 600 that are over.
 */
import { type Segment, type Stage, type StageTimes, stages } from "../../model/event.ts";
import type { Stages } from "../../model/stages.ts";

type Section = Parameters<Stages["during"]>[0];
type Wait = Parameters<Stages["begin"]>[0];

const idle = 6;
/** Of those that hold the first counts: read, decode, waitStore, waitMemory. */
const waits = [0, 1, 5, 4];
const slotLength = 100;
const slots = 600;

/**
 * @example
 * const clock = new StageClock(() => performance.now());
 * const answered = clock.begin("waitStore"); // … answered() at the first byte
 * clock.during("decode", () => inflate(bytes));
 */
export class StageClock implements Stages {
  readonly #now: () => number;
  readonly #began: number;
  readonly #times = new Float64Array(stages.length);
  /** How many hold of each `Wait`, by index of the stage. */
  readonly #holding = new Uint32Array(stages.length);
  /** Index of the present stage, since when, and up to when its time is counted. */
  #stage = idle;
  #since: number;
  #counted: number;
  #section = -1;
  /** The open slot: its number since the start, when it ends, time of each stage in it. */
  #slot = 0;
  #slotEnd: number;
  readonly #slotTimes = new Float64Array(stages.length);
  readonly #past = new Uint8Array(slots);

  /** @param now milliseconds of a steady clock; where several threads are drawn together, of one common zero */
  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
    this.#since = this.#began;
    this.#counted = this.#began;
    this.#slotEnd = this.#began + slotLength;
  }

  /** Runs a synchronous `work` as `stage`; a `during` inside it counts as its own stage. Throws what `work` throws. */
  during<T>(stage: Section, work: () => T): T {
    const outside = this.#section;
    this.#section = stages.indexOf(stage);
    this.#turn();
    try {
      return work();
    } finally {
      this.#section = outside;
      this.#turn();
    }
  }

  /** Says that `stage` holds until the function given back is called; a second call does nothing. */
  begin(stage: Wait): () => void {
    const index = stages.indexOf(stage);
    this.#holding[index]! += 1;
    if (this.#section < 0) this.#turn();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#holding[index]! -= 1;
      if (this.#section < 0) this.#turn();
    };
  }

  get stage(): Stage {
    return stages[this.#stage]!;
  }

  /** Milliseconds of the clock: since when `stage` holds. */
  get since(): number {
    return this.#since;
  }

  /** Milliseconds of each stage from the start to now. */
  times(): StageTimes {
    this.#count(this.#now());
    return Object.fromEntries(stages.map((stage, i) => [stage, this.#times[i]!])) as Record<Stage, number>;
  }

  /** Stages of the last minute, from `from` (milliseconds of the clock) on, in milliseconds; neighbours differ. */
  segments(from = 0): Segment[] {
    const now = this.#now();
    this.#count(now);
    const found: [Stage, number, number][] = [];
    const oldest = Math.max(0, this.#slot - slots, Math.floor((from - this.#began) / slotLength));
    for (let slot = oldest; slot <= this.#slot; slot++) {
      const start = Math.max(from, this.#began + slot * slotLength);
      const end = Math.min(now, this.#began + (slot + 1) * slotLength);
      if (end <= start) continue;
      const index = slot < this.#slot ? this.#past[slot % slots]! : largest(this.#slotTimes);
      const stage = stages[index]!;
      const last = found.at(-1);
      if (last?.[0] === stage) last[2] = end;
      else found.push([stage, start, end]);
    }
    return found;
  }

  /** Counts what was, and goes to the stage that holds now. */
  #turn(): void {
    const next =
      this.#section >= 0 ? this.#section : (waits.find((wait) => this.#holding[wait]! > 0) ?? idle);
    if (next === this.#stage) return;
    const now = this.#now();
    this.#count(now);
    this.#stage = next;
    this.#since = now;
  }

  #count(now: number): void {
    const stage = this.#stage;
    this.#times[stage]! += now - this.#counted;
    if (now >= this.#slotEnd) this.#closeSlots(now);
    else this.#slotTimes[stage]! += now - this.#counted;
    this.#counted = now;
  }

  /** The open slot and all that are over since got the present stage for the rest of their time. */
  #closeSlots(now: number): void {
    this.#slotTimes[this.#stage]! += this.#slotEnd - this.#counted;
    this.#past[this.#slot % slots] = largest(this.#slotTimes);
    const open = Math.floor((now - this.#began) / slotLength);
    for (let slot = Math.max(this.#slot + 1, open - slots); slot < open; slot++) {
      this.#past[slot % slots] = this.#stage;
    }
    this.#slot = open;
    const start = this.#began + open * slotLength;
    this.#slotEnd = start + slotLength;
    this.#slotTimes.fill(0);
    this.#slotTimes[this.#stage] = now - start;
  }
}

const largest = (times: Float64Array): number => {
  let found = 0;
  for (let i = 1; i < times.length; i++) if (times[i]! > times[found]!) found = i;
  return found;
};

/**
 * The last five minutes of a run, kept to be written when it fails: ticks (one in two seconds, without segments),
 * admissions, and what else was said. Each but an admission is kept as the line of text it will be, so that the bytes
 * are known: lists are cut by number, the oldest lines first, long texts are shortened, and the file says how many lines
 * were dropped.
 * Held are at most 150 ticks with 16 workers each, 2,048 admissions and 1,024 other lines: 5 MB if every text is as
 * long as it may be, below 1 MB in an ordinary run.
 */
import { writeFileSync } from "node:fs";
import type { Asker } from "../model/budget.ts";
import { EwbError } from "../model/errors.ts";
import type { HelloEvent, RunEvent, TickEvent } from "../model/event.ts";
import type { Failure, Gap } from "../model/row.ts";

const seconds = 300;
const tickEvery = 2;
const most = { ticks: 150, admissions: 2048, events: 1024 };
const [mostWorkers, mostText] = [16, 200];

/**
 * @example
 * const recorder = new FlightRecorder();
 * recorder.event(event); // every event of the run
 * recorder.admitted(t, bytes, asker);
 * recorder.dump("heatwave.flight.json", "worker 2 was killed");
 */
export class FlightRecorder {
  readonly #ticks = new Recent<string>(most.ticks);
  readonly #admissions = new Recent<Admission>(most.admissions);
  readonly #events = new Recent<string>(most.events);
  #hello: HelloEvent | undefined;
  #t = 0;

  /** Takes any event of the run; of a case it keeps that it began and ended. */
  event(event: RunEvent): void {
    if (event.event === "tick") this.#tick(event);
    else if (event.event === "hello") this.#hello = event;
    else if (event.event !== "case" || event.state !== "running" || !event.done) {
      if ("t" in event && event.t !== undefined) this.#t = Math.max(this.#t, event.t);
      const { failure, gap, ...said } = event as RunEvent & { failure?: Failure; gap?: Gap };
      this.#events.add(this.#t, lineOf({ t: this.#t, ...failure, ...gap, ...said }));
    }
  }

  /** @param t seconds of the run's clock */
  admitted(t: number, bytes: number, asker?: Asker): void {
    this.#admissions.add(t, { t, bytes, asker });
  }

  /** Says something that is no event: what the governor did, a worker that ended. */
  note(t: number, what: string, data: object = {}): void {
    this.#events.add(t, lineOf({ t, event: what, ...data }));
  }

  /** The file: one JSON object, a line for each thing that happened. */
  text(why: string): string {
    const list = (lines: readonly string[]) => `[\n${lines.join(",\n")}\n  ]`;
    const from = this.#t - seconds;
    const dropped = {
      ticks: this.#ticks.dropped,
      admissions: this.#admissions.dropped,
      events: this.#events.dropped,
    };
    return `{
  "what": "the last minutes of a run of ewb: times in seconds since its start, bytes as integers",
  "why": ${JSON.stringify(why)},
  "t": ${this.#t},
  "run": ${JSON.stringify(this.#hello ?? null)},
  "dropped": ${JSON.stringify(dropped)},
  "events": ${list(this.#events.from(from))},
  "ticks": ${list(this.#ticks.from(from))},
  "admissions": ${list(this.#admissions.from(from).map(admissionLine))}
}
`;
  }

  /**
   * Writes the file at once: the process may be about to end.
   *
   * @throws `Write` where it cannot
   */
  dump(path: string, why: string, write: (path: string, text: string) => void = writeFileSync): void {
    try {
      write(path, this.text(why));
    } catch (cause) {
      const message = `cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new EwbError("Write", message, { source: path }, { cause });
    }
  }

  #tick({ event: _, workers, ...tick }: TickEvent): void {
    this.#t = Math.max(this.#t, tick.t);
    if (tick.t - this.#ticks.last < tickEvery) return;
    const kept = workers.slice(0, mostWorkers).map(({ segments: _, ...worker }) => worker);
    this.#ticks.add(tick.t, lineOf({ ...tick, workers: kept }));
  }
}

/** There are many, and their texts are short: their lines are made when they are wanted. */
interface Admission {
  readonly t: number;
  readonly bytes: number;
  readonly asker: Asker | undefined;
}

const admissionLine = ({ t, bytes, asker }: Admission): string =>
  lineOf({
    ...{ t, case: asker?.case_id ?? null, forecast: asker?.forecast ?? null },
    ...{ key: asker?.key ?? null, bytes },
  });

/** The latest `most` of what was added. */
class Recent<Kept> {
  readonly #most: number;
  readonly #kept: { readonly t: number; readonly what: Kept }[] = [];
  #next = 0;
  /** When the latest one was. */
  last = Number.NEGATIVE_INFINITY;
  dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(t: number, what: Kept): void {
    if (this.#kept.length === this.#most) this.dropped += 1;
    this.#kept[this.#next % this.#most] = { t, what };
    this.#next += 1;
    this.last = t;
  }

  /** In the order they were added, from `t` on. */
  from(t: number): Kept[] {
    const first = this.#kept.length < this.#most ? 0 : this.#next % this.#most;
    const all = [...this.#kept.slice(first), ...this.#kept.slice(0, first)];
    return all.filter((one) => one.t >= t).map(({ what }) => what);
  }
}

const lineOf = (what: object): string => `    ${JSON.stringify(what, shortened)}`;

/** A text that was cut ends with three dots. */
const shortened = (_: string, value: unknown): unknown =>
  typeof value === "string" && value.length > mostText ? `${value.slice(0, mostText - 3)}...` : value;

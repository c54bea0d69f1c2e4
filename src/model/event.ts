import type { Failure, Gap } from "./row.ts";

/**
 * How far the units of a case are: `total` by the sources' axes, `given` by `pairs`, `asked` by `score` (a filter
 * between them lets fewer through), `done`; `sets` is how many calls of `pairs` the total comes from. Counts are
 * added up.
 */
export interface UnitCounts {
  readonly sets: number;
  readonly total: number;
  readonly given: number;
  readonly asked: number;
  readonly done: number;
}

/**
 * Stages in the order they are drawn. `waitStore` lasts until the first byte of an answer, `read` from there to the
 * last one. Their sum over a worker is wall time, so shares are true shares.
 */
export const stages = ["read", "decode", "compute", "write", "waitMemory", "waitStore", "idle"] as const;
export type Stage = (typeof stages)[number];

/** Milliseconds of each stage since the start, of all workers together. */
export type StageTimes = Readonly<Record<Stage, number>>;

/** Seconds `from` to `to` in which one stage held for the most part. */
export type Segment = readonly [stage: Stage, from: number, to: number];

/** A worker thread, or the one thread of a run without workers (id 0), at one moment. */
export interface WorkerState {
  readonly id: number;
  readonly stage: Stage;
  /** Since when the stage holds. */
  readonly since: number;
  /** The unit that is longest in work, and since when; null: none is. */
  readonly case: number | null;
  readonly source: string | null;
  readonly key: string | null;
  readonly begun: number | null;
  /** Bytes of the units in work. */
  readonly leased: number;
  /** What it did since the tick before. */
  readonly segments: readonly Segment[];
}

/** Bytes; null where they are not measured on this machine. */
export interface MemoryState {
  readonly limit: number | null;
  /** Of the process and its idle workers, before the first unit. */
  readonly baseline: number | null;
  readonly budget: number;
  /** Admitted for units in work. */
  readonly units: number;
  /** Chunks kept that no unit in work uses: they may be dropped. */
  readonly cache: number;
  /** States and rows. */
  readonly states: number;
  /** Measured, of the whole process tree. */
  readonly rss: number | null;
  /** Number of units that wait for bytes. */
  readonly waiting: number;
  /** Largest ask so far. */
  readonly largest: number | null;
}

export interface RequestState {
  /** Asked so far, repeats not counted. */
  readonly total: number;
  readonly in_flight: number;
  /** How many may be in flight now; null: no limit is known. */
  readonly limit: number | null;
  readonly retried: number;
  /** Answers "slow down" (429, 503). */
  readonly throttled: number;
  /** Of the latest requests; null before one was answered. */
  readonly median_ms: number | null;
}

export interface HelloEvent {
  readonly event: "hello";
  /** Version of these events: 1. */
  readonly protocol: number;
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly pipeline: string;
    readonly command: string;
    /** ISO 8601, UTC: zero of the run's own clock. */
    readonly started: string;
    readonly version: string;
    readonly out: string;
    readonly data: string;
  };
  /** null: the run was not planned beforehand. */
  readonly plan: { readonly units: number; readonly bytes: number; readonly requests: number } | null;
  readonly memory: Pick<MemoryState, "limit" | "baseline" | "budget">;
  readonly workers: number;
  readonly stages: readonly Stage[];
}

/** Twice a second. */
export interface TickEvent {
  readonly event: "tick";
  readonly t: number;
  readonly memory: MemoryState;
  readonly stages: StageTimes;
  readonly workers: readonly WorkerState[];
  readonly cases: { readonly done: number; readonly total: number };
  readonly units: { readonly done: number; readonly total: number; readonly failed: number };
  readonly bytes: {
    readonly read: number;
    readonly total: number | null;
    /** Bytes read / bytes needed once; null where it is not known what was needed. */
    readonly amplification: number | null;
  };
  readonly requests: RequestState;
  readonly rows: number;
  /** Seconds left, as a range; null before it is known. */
  readonly eta: { readonly low: number; readonly high: number } | null;
}

/** At most twice a second and case. The operators say what a case is; the run adds how far it is. */
export interface CaseEvent {
  readonly event: "case";
  readonly id: number;
  readonly title: string;
  readonly type?: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** Units. */
  readonly done?: number;
  readonly total?: number;
  readonly failed?: number;
  readonly rows?: number;
  /** Milliseconds since its first unit was counted, or between the first and the last. */
  readonly ms?: number;
}

/** A chunk that took more than 8 times the median of its source, and at least 100 ms. */
export interface SlowEvent {
  readonly event: "slow";
  readonly t: number;
  readonly stage: Stage;
  readonly source: string;
  readonly case: number | null;
  readonly key: string;
  readonly host: string | null;
  readonly ms: number;
  readonly median_ms: number;
  readonly bytes: number | null;
  readonly attempts: number;
}

export interface FailureEvent {
  readonly event: "failure";
  readonly t: number;
  readonly case: number | null;
  readonly forecast: string | null;
  readonly target: string | null;
  readonly source: string | null;
  readonly key: string | null;
  readonly stage: Failure["stage"];
  readonly tag: string;
  readonly message: string;
  /** What to try; null where the message says it. */
  readonly try: string | null;
}

export interface GapEvent {
  readonly event: "gap";
  readonly t: number;
  readonly case: number;
  readonly forecast: string;
  readonly target: string;
  readonly source: string;
  readonly what: string;
  readonly units: number;
}

/** Something of the run was changed: by a person, or by the run itself. */
export interface ControlEvent {
  readonly event: "control";
  readonly t: number;
  readonly what: "budget" | "workers" | "limit" | "pause" | "resume";
  /** Host whose limit it is. */
  readonly host?: string;
  readonly from: number | string | null;
  readonly to: number | string | null;
  /** `"user"`, `"governor"`, `"store"`. */
  readonly by: string;
}

/** Where inputs still arrive: what the units of a target lack. */
export interface WaitingEvent {
  readonly event: "waiting";
  readonly case_id: number;
  readonly forecast: string;
  readonly target: string;
  /** Units that wait for chunks of the forecast, and of the target. */
  readonly forecast_units: number;
  readonly target_units: number;
  /** Units that count although they lack something, provisionally. */
  readonly provisional: number;
  /** Newest init of a unit that counts, milliseconds UTC; null: none does. */
  readonly newest_init: number | null;
}

export interface EndEvent {
  readonly event: "end";
  readonly t: number;
  readonly state: "complete" | "failed" | "stopped";
  readonly rows: number;
  readonly units: number;
  /** Lines of the failures table. */
  readonly failed: number;
  /** Folder of the results. */
  readonly out: string;
  /** Path of the report page; null: none was written. */
  readonly report: string | null;
  readonly amplification: number | null;
  /** Most bytes the process tree held (RSS); null where that is not measured. */
  readonly peak: number | null;
}

/**
 * What a run says while it goes, for the terminal, `--json` and a live view: plain data only. Times are seconds of
 * the run's own clock (0 is its start), bytes are integers, keys and addresses carry no credentials. `null` says
 * that a quantity is not known here or not yet; a field is left out only where its own comment says so.
 */
export type RunEvent =
  | HelloEvent
  | TickEvent
  | CaseEvent
  | SlowEvent
  | (Partial<FailureEvent> & { readonly event: "failure"; readonly failure: Failure })
  | (Partial<GapEvent> & { readonly event: "gap"; readonly gap: Gap })
  | ControlEvent
  | { readonly event: "note"; readonly message: string }
  | { readonly event: "warning"; readonly source: string; readonly message: string }
  | WaitingEvent
  | { readonly event: "published"; readonly path: string; readonly rows: number; readonly bytes: number }
  | EndEvent;

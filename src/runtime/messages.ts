/** What coordinator and worker say to each other: plain data only. */
import type { DataSet } from "../catalog/dataSet.ts";
import type { Asker } from "../model/budget.ts";
import type { Case } from "../model/case.ts";
import type { RunEvent, UnitCounts } from "../model/event.ts";
import type { KeptPart, KeptUnit } from "../model/finished.ts";
import type { Failure, Gap } from "../model/row.ts";
import type { Part, RefRange } from "../model/sharing.ts";
import type { Slowed } from "../sources/stores/hosts.ts";
import type { StoredObject } from "../sources/stores/store.ts";
import type { Measure } from "./memoryMeasures.ts";
import type { RunOptions } from "./options.ts";
import type { MemoryUse } from "./runMemory.ts";
import type { WorkerReport } from "./stages/workerStages.ts";
import type { WatchTurn } from "./watch/patience.ts";

/** What a worker is started with. */
export interface WorkerStart {
  /** Units that are finished are kept: it asks for those of earlier runs, or there are none and it waits for `keep`. */
  readonly keeps?: "asks" | "later";
  /** Where inputs still arrive: the moment of the turn, and how long they are waited for. */
  readonly watching?: WatchTurn;
  readonly id: number;
  /** Whether there is a core for a thread that reads beside it. */
  readonly hasReader: boolean;
  readonly pipeline: string;
  /** Of the pipeline and what it imports: a worker that finds another refuses to work. */
  readonly fingerprint: string;
  readonly options: Omit<RunOptions, "onEvent" | "signal" | "data">;
  /** Bytes it may admit at first, and bytes one unit may hold at most. */
  readonly lease: number;
  readonly most: number;
  /** Zero of the run's clock: milliseconds since 1970. */
  readonly began: number;
}

/** A site of a case, and the refs of it that are to be done. */
export interface SiteRange extends RefRange {
  readonly site: string;
}

export type ToWorker =
  /** The data set, as the coordinator read or made it: what a worker waits for once it has loaded everything. */
  | { readonly type: "open"; readonly data: DataSet }
  /** What a case file holds: the coordinator has read it. */
  | { readonly type: "cases"; readonly path: string; readonly cases: readonly Case[] }
  /** Work on a case, or on a range of the refs of one of its sites. */
  | {
      readonly type: "case";
      readonly job: number;
      readonly index: number;
      readonly id: number;
      readonly range?: SiteRange;
    }
  /** Give up a job. */
  | { readonly type: "cancel"; readonly job: number }
  /** Give some refs of a job away. */
  | { readonly type: "split"; readonly job: number }
  /** One more worker is at refs of a site of this job. */
  | { readonly type: "expect"; readonly job: number; readonly site: string }
  /** What another worker found of refs of this job. */
  | {
      readonly type: "part";
      readonly job: number;
      readonly site: string;
      readonly part?: Part;
      readonly error?: PlainError;
    }
  /** What is finished is kept from now on, with what was finished before; or nothing of it is. */
  | { readonly type: "keep"; readonly nothing: boolean }
  /** Units of a site that are kept. */
  | { readonly type: "kept"; readonly request: number; readonly units: readonly KeptUnit[] }
  /** States of some of them; `reading`: there are more. */
  | {
      readonly type: "states";
      readonly request: number;
      readonly parts: readonly KeptPart[];
      readonly reading?: number;
    }
  /** What a store has, or why that is not known: `status` of HTTP. */
  | {
      readonly type: "seen";
      readonly request: number;
      readonly object?: StoredObject;
      readonly names?: readonly string[];
      readonly error?: PlainError;
      readonly status?: number;
    }
  | { readonly type: "lease"; readonly bytes: number; readonly most: number }
  | { readonly type: "trim"; readonly cache: boolean }
  | { readonly type: "pause"; readonly paused: boolean }
  | { readonly type: "drain" };

/** Said of one job: kept until it is over, so that a worker that dies leaves nothing half said. */
export type JobMessage =
  | { readonly type: "results"; readonly job: number; readonly values: readonly unknown[] }
  | { readonly type: "failure"; readonly job: number; readonly failure: Failure }
  | { readonly type: "gap"; readonly job: number; readonly gap: Gap };

export type FromWorker =
  | JobMessage
  | { readonly type: "ready" }
  | { readonly type: "refused"; readonly error: PlainError }
  | { readonly type: "done"; readonly job: number }
  | { readonly type: "error"; readonly job: number; readonly error: PlainError }
  /** Refs that were given away, or none. */
  | { readonly type: "gave"; readonly job: number; readonly range: SiteRange | undefined }
  /** Nothing of this job is left to do here but to wait for others. */
  | { readonly type: "waits"; readonly job: number }
  | { readonly type: "part"; readonly job: number; readonly site: string; readonly part: Part }
  | { readonly type: "event"; readonly event: RunEvent }
  | {
      readonly type: "document";
      readonly section: "metrics" | "sources";
      readonly key: string;
      readonly text: string;
    }
  | { readonly type: "memory"; readonly use: MemoryUse }
  /** Asks for an object of a store that grows, or for the names there are. */
  | { readonly type: "seen"; readonly request: number; readonly address: string; readonly key?: string }
  | AboutFinished
  | {
      readonly type: "progress";
      /** Unit counts by job and case. */
      readonly units: readonly (readonly [job: number, caseId: number, units: Partial<UnitCounts>])[];
      readonly bytes: number;
      readonly requests: number;
      /** Since it began. */
      readonly slowed: Slowed;
      /** Chunks that came: hash of the id and bytes as stored, in turn. */
      readonly fetched: Float64Array;
      readonly stages: WorkerReport;
      readonly measures: readonly Measure[];
      /** The latest admissions. */
      readonly admissions: readonly Admission[];
    };

/** Of units that are kept: asks for those of a site, for their states; and units that are finished now. */
export type AboutFinished =
  | { readonly type: "kept"; readonly request: number; readonly site: string }
  | {
      readonly type: "states";
      readonly request: number;
      readonly site: string;
      /** Units by init and lead in turn; or more of what was begun. */
      readonly asks: { readonly target: string; readonly times: Float64Array } | { readonly reading: number };
    }
  | {
      readonly type: "finished";
      readonly site: string;
      readonly units: readonly (KeptUnit & { readonly states: readonly unknown[] })[];
      /** Merges of units that were finished before, or are here. */
      readonly bundles: readonly UnitsMerged[];
    };

export interface UnitsMerged {
  readonly units: readonly KeptUnit[];
  readonly states: readonly unknown[];
}

/** A unit that was admitted: seconds of the run's clock, bytes. */
export interface Admission extends Asker {
  readonly t: number;
  readonly bytes: number;
}

/** An error as data: its tag and place survive the way between threads. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly tag?: string;
  readonly place?: object;
  readonly stack?: string;
}

export const plainError = (error: unknown): PlainError => {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  const { tag, place } = error as { tag?: string; place?: object };
  return { name, message, ...(tag ? { tag } : {}), ...(place ? { place } : {}), ...(stack ? { stack } : {}) };
};

export const revivedError = ({ message, ...rest }: PlainError): Error =>
  Object.assign(new Error(message), rest);

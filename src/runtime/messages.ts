/** What coordinator and worker say to each other: plain data only. */
import type { RunEvent, UnitCounts } from "../model/event.ts";
import type { Failure, Gap } from "../model/row.ts";
import type { RunOptions } from "./options.ts";

/** What a worker is started with. */
export interface WorkerStart {
  readonly pipeline: string;
  readonly options: Omit<RunOptions, "onEvent" | "signal">;
}

export type ToWorker =
  | { readonly type: "case"; readonly job: number; readonly index: number; readonly id: number }
  | { readonly type: "drain" };

export type FromWorker =
  | { readonly type: "results"; readonly job: number; readonly values: readonly unknown[] }
  | { readonly type: "done"; readonly job: number }
  | { readonly type: "error"; readonly job: number; readonly error: PlainError }
  | { readonly type: "event"; readonly event: RunEvent }
  | { readonly type: "failure"; readonly failure: Failure }
  | { readonly type: "gap"; readonly gap: Gap }
  | {
      readonly type: "document";
      readonly section: "metrics" | "sources";
      readonly key: string;
      readonly text: string;
    }
  | {
      readonly type: "progress";
      readonly units: readonly (readonly [caseId: number, units: Partial<UnitCounts>])[];
      readonly bytes: number;
      readonly requests: number;
    };

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

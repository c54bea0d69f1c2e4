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

/** What a run says while it goes: for the terminal, `--json` and, later, a live view. */
export type RunEvent =
  | {
      readonly event: "hello";
      readonly run: {
        readonly pipeline: string;
        readonly command: string;
        readonly version: string;
        readonly out: string;
        readonly data: string;
      };
      readonly memory: { readonly budget: number };
      readonly workers: number;
    }
  | {
      readonly event: "case";
      readonly id: number;
      readonly title: string;
      readonly state: "waiting" | "running" | "done" | "failed";
    }
  | {
      readonly event: "tick";
      /** Seconds since the start. */
      readonly t: number;
      readonly cases: { readonly done: number; readonly total: number };
      readonly units: { readonly done: number; readonly total: number };
      readonly bytes: { readonly read: number };
      readonly requests: { readonly total: number };
      readonly waiting: { readonly memory: number };
      readonly rows: number;
      /** Seconds left; null before it is known. */
      readonly eta: number | null;
    }
  | { readonly event: "note"; readonly message: string }
  | { readonly event: "warning"; readonly source: string; readonly message: string }
  | { readonly event: "failure"; readonly failure: Failure }
  | { readonly event: "gap"; readonly gap: Gap }
  | { readonly event: "published"; readonly path: string; readonly rows: number; readonly bytes: number }
  | {
      readonly event: "end";
      readonly state: "complete" | "failed" | "stopped";
      readonly rows: number;
      readonly failed: number;
    };

import { isObservable, type Observable } from "rxjs";
import { EwbError, isEwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import type { OwnedRun } from "./createRun.ts";
import type { Pipeline } from "./pipelineModule.ts";

/** Calls a pipeline. Throws `Pipeline` where it throws itself, or gives no Observable. */
export const pipelineRows = (work: Pipeline, run: OwnedRun, pipeline: Pipeline | string): Observable<Row> => {
  const name = typeof pipeline === "string" ? pipeline : pipeline.name || "the pipeline";
  const refuse = (what: string, cause?: unknown) =>
    new EwbError("Pipeline", `${name}: ${what}`, typeof pipeline === "string" ? { source: pipeline } : {}, {
      cause,
    });
  let rows: unknown;
  try {
    rows = work(run);
  } catch (cause) {
    if (isEwbError(cause)) throw cause;
    throw refuse(
      `it threw when it was called: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
  if (isObservable(rows)) return rows as Observable<Row>;
  throw refuse(
    `it returned ${rows === undefined ? "nothing" : `a ${typeof rows}`}; expected an Observable of rows, ` +
      "as cases(run).pipe(eachCase(run, …), writeParquet(run, …)) is",
  );
};

import {
  asapScheduler,
  catchError,
  defer,
  EMPTY,
  from,
  mergeMap,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  subscribeOn,
  tap,
} from "rxjs";
import type { Case } from "../../model/case.ts";
import type { Run } from "../../model/run.ts";
import { failureOf } from "./failure.ts";

/**
 * Runs `work` for every case, several at once (`run.casesAtOnce`). It never holds bytes.
 *
 * Where a run has workers, the work of a case is done in one of them (each imports the same pipeline), and its
 * rows come from there; what follows `eachCase` in the pipe runs once, here. A case whose work fails is a line
 * in the failures table; the others go on.
 * @example cases(run).pipe(eachCase(run, (event) => pairs(run, event, …).pipe(score(run, …))))
 */
export const eachCase = <R>(
  run: Run,
  work: (event: Case) => ObservableInput<R>,
): OperatorFunction<Case, R> => {
  const index = run.eachCaseIndex();
  const here = (event: Case): Observable<R> =>
    defer(() => {
      run.emit({ event: "case", id: event.id, title: event.title, type: event.type, state: "running" });
      return from(work(event));
    }).pipe(
      tap({
        complete: () =>
          run.emit({ event: "case", id: event.id, title: event.title, type: event.type, state: "done" }),
      }),
    );
  const worked = mergeMap((event: Case) => {
    const results = run.elsewhere?.(index, event, () => here(event)) ?? here(event);
    return results.pipe(
      // A case that is over at once would start the next one inside its own end, each a level deeper.
      subscribeOn(asapScheduler),
      catchError((error: unknown) => {
        if (run.signal.aborted) throw error;
        run.fail({ ...failureOf(error, "compute"), case_id: event.id });
        run.emit({ event: "case", id: event.id, title: event.title, type: event.type, state: "failed" });
        return EMPTY;
      }),
    );
  }, run.casesAtOnce);
  return (cases) =>
    cases.pipe(
      tap((event) => run.announce(event)),
      worked,
    );
};

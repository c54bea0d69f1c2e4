import { availableParallelism } from "node:os";
import { defer, finalize, from, isObservable, mergeMap, Observable, takeUntil, tap } from "rxjs";
import { EwbError, isEwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import { formatBytes } from "./byteSize.ts";
import { createRun, type OwnedRun } from "./createRun.ts";
import { cacheFolder } from "./folders.ts";
import { memoryLimit } from "./memory.ts";
import type { RunOptions } from "./options.ts";
import { fingerprint, loadPipeline, type Pipeline } from "./pipelineModule.ts";
import type { Plan } from "./plan.ts";
import { workerPool } from "./workerPool.ts";

/** Bytes a worker is started for; of less, fewer workers have more each. */
const leastMemory = 64e6;

/** A pipeline that is ready to be subscribed, once. */
export interface Started extends AsyncDisposable {
  readonly run: OwnedRun;
  readonly rows: Observable<Row>;
  /** No new chunks: what is in work finishes, what is whole is published. */
  drain(): void;
}

/**
 * Makes the run of a pipeline, with its workers. A pipeline given as a function runs in this thread, because a
 * worker can only import a file.
 */
export const start = async (pipeline: Pipeline | string, options: RunOptions = {}): Promise<Started> => {
  const inline = typeof pipeline === "function";
  const { memory, wanted, workers, share } = shares(pipeline, options);
  const work = inline ? pipeline : await loadPipeline(pipeline, options.cache ?? cacheFolder());
  const { onEvent, signal, ...plain } = options;
  const pool =
    workers === 0
      ? undefined
      : workerPool(
          workers,
          {
            pipeline: pipeline as string,
            options: { ...plain, memory: share, workers: 0 },
          },
          (message) => {
            if (message.type === "event") run.emit(message.event);
            else if (message.type === "failure") run.fail(message.failure);
            else if (message.type === "gap") run.gap(message.gap);
            else if (message.type === "document") run.document(message.section, message.key, message.text);
            else {
              for (const [id, units] of message.units) run.progress.count(id, units, performance.now());
              run.progress.read(message.bytes, message.requests);
            }
          },
        );
  const run = await createRun(
    { ...options, memory },
    {
      workers,
      ...(pool ? { elsewhere: (index, event) => pool.run(index, event.id) as Observable<any> } : {}),
      ...(inline ? {} : { fingerprint: fingerprint(pipeline as string) }),
    },
  );
  if (workers < wanted) {
    const message = `${workers} of ${wanted} workers: each needs ${formatBytes(leastMemory)} of the memory`;
    run.emit({ event: "note", message });
  }
  return {
    run,
    rows: defer(() => rowsOf(work, run, pipeline)).pipe(
      takeUntil(whenAborted(run.signal)),
      tap(() => run.progress.rows(1)),
    ),
    drain() {
      run.drain();
      pool?.drain();
    },
    async [Symbol.asyncDispose]() {
      await pool?.close();
      await run[Symbol.asyncDispose]();
    },
  };
};

/** The memory of a run, its workers, and what each of them may hold. */
const shares = (pipeline: Pipeline | string, options: RunOptions) => {
  const memory = memoryLimit(options.memory);
  const wanted =
    typeof pipeline === "function" ? 0 : (options.workers ?? Math.max(1, availableParallelism() - 1));
  const workers = Math.min(wanted, Math.max(1, Math.floor(memory / leastMemory)));
  return { memory, wanted, workers, share: Math.floor(memory / Math.max(1, workers)) };
};

/** Errors with `Stopped` when the signal is aborted; an error discards what is not published. */
const whenAborted = (signal: AbortSignal): Observable<never> =>
  new Observable((subscriber) => {
    const stop = () => {
      const { reason } = signal;
      subscriber.error(
        isEwbError(reason, "Stopped")
          ? reason
          : new EwbError("Stopped", "stopped: nothing was published", {}, { cause: reason }),
      );
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    return () => signal.removeEventListener("abort", stop);
  });

/** Calls a pipeline. Throws `Pipeline` where it throws itself, or gives no Observable. */
const rowsOf = (work: Pipeline, run: OwnedRun, pipeline: Pipeline | string): Observable<Row> => {
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

/**
 * Runs a pipeline and gives its rows.
 *
 * @param pipeline path of a pipeline file, or the function it would export (then in this thread)
 * @throws what the run throws; failures of cases are rows of the failures table and events, not errors
 * @example stream("pipelines/heatwave.ts", { memory: "512MB" }).subscribe((row) => console.log(row.metric, row.value));
 */
export const stream = (pipeline: Pipeline | string, options: RunOptions = {}): Observable<Row> =>
  defer(() => from(start(pipeline, options))).pipe(
    mergeMap((started) => started.rows.pipe(finalize(() => void started[Symbol.asyncDispose]()))),
  );

/** What a pipeline would read, without reading a value: metadata only. */
export const plan = async (pipeline: Pipeline | string, options: RunOptions = {}): Promise<Plan> => {
  const work =
    typeof pipeline === "function" ? pipeline : await loadPipeline(pipeline, options.cache ?? cacheFolder());
  // A unit must fit what one worker may hold.
  const { share } = shares(pipeline, options);
  await using run = await createRun({ ...options, memory: share }, { planning: true });
  await new Promise<void>((resolve, reject) => {
    defer(() => rowsOf(work, run, pipeline)).subscribe({ error: reject, complete: resolve });
  });
  return { ...run.plan.result(), failures: run.failures, gaps: run.gaps };
};

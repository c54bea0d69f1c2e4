import { basename, resolve } from "node:path";
import { defer, finalize, Observable, takeUntil, tap } from "rxjs";
import { hash32 } from "../kernels/hash32.ts";
import { EwbError, isEwbError } from "../model/errors.ts";
import { type HelloEvent, type RunEvent, stages, type TickEvent } from "../model/event.ts";
import type { Finished } from "../model/finished.ts";
import type { Row } from "../model/row.ts";
import type { Slowed } from "../sources/stores/hosts.ts";
import { seenAnswer } from "./askedSeen.ts";
import { formatBytes } from "./byteSize.ts";
import { createRun, type OwnedRun, type RunSetting } from "./createRun.ts";
import { openDataSet } from "./dataSets.ts";
import { FetchedBytes } from "./fetchedBytes.ts";
import { FlightRecorder } from "./flightRecorder.ts";
import { cacheFolder } from "./folders.ts";
import { collector } from "./governor/collect.ts";
import { thisSystem } from "./machine/system.ts";
import { budgetOf, roomOf } from "./memory.ts";
import { MemoryMeasures } from "./memoryMeasures.ts";
import type { RunOptions } from "./options.ts";
import { fingerprint, loadPipeline, type Pipeline } from "./pipelineModule.ts";
import { pipelineRows } from "./pipelineRows.ts";
import { readAhead, threadUse } from "./readAhead.ts";
import { newReaderThread } from "./reader/readerThread.ts";
import { arenaOfThread, runMemory } from "./runMemory.ts";
import { servedFinished } from "./servedFinished.ts";
import { StageClock } from "./stages/stageClock.ts";
import { UnitsInWork } from "./stages/unitsInWork.ts";
import { reportOf, WorkerStages } from "./stages/workerStages.ts";
import { type Steering, steering } from "./steering.ts";
import { type WatchTurn, watchingAt } from "./watch/patience.ts";
import { startWorker } from "./workerMember.ts";
import { type WorkerPool, workerPool } from "./workerPool.ts";
import type { WorkersAhead } from "./workersAhead.ts";

/** Milliseconds after which a turn of a watch has more than one worker: most have next to nothing to do. */
const manyAfter = 1000;

/** A pipeline that is ready to be subscribed, once. */
export interface Started extends AsyncDisposable {
  readonly run: OwnedRun;
  readonly rows: Observable<Row>;
  readonly hello: HelloEvent;
  /** How far it is and what it does. */
  tick(): TickEvent;
  /** Most bytes the process tree was seen to hold. */
  readonly peak: number;
  /** How often hosts asked for less, in all threads. */
  readonly slowed: Slowed;
  readonly steering: Steering;
  readonly measures: MemoryMeasures;
  /** Tells everybody who listens: the command line's own events (`hello`, `tick`, `end`) come from there. */
  emit(event: RunEvent): void;
  /** No new chunks: what is in work finishes, what is whole is published. */
  drain(): void;
}

/** What is beside the options of a user. */
export interface StartSetting {
  /** Threads that have begun, of the same options. */
  readonly ahead?: WorkersAhead;
  /** Units that earlier runs have finished. */
  readonly finished?: Finished;
  /** Keeps what is finished later on: nothing is asked for until then. */
  readonly onKeep?: (act: (nothing: boolean) => void) => void;
  /** Where inputs still arrive. */
  readonly watching?: WatchTurn;
  /** What earlier turns have read of stores that grow. */
  readonly remembered?: RunSetting["remembered"];
  /** Of requests of this thread. */
  readonly clock?: RunSetting["clock"];
  /** Of tables that are published again and again; told when one is. */
  readonly publication?: RunSetting["publication"];
  readonly onPublished?: RunSetting["onPublished"];
}

/**
 * Makes the run of a pipeline, with its workers. A pipeline given as a function runs in this thread, because a
 * worker can only import a file.
 */
export const start = async (
  pipeline: Pipeline | string,
  options: RunOptions = {},
  {
    ahead,
    finished,
    onKeep,
    watching,
    remembered,
    clock: requestClock,
    publication,
    onPublished,
  }: StartSetting = {},
): Promise<Started> => {
  if (options.signal?.aborted) throw new EwbError("Stopped", "stopped before it began");
  const isFile = typeof pipeline === "string";
  const system = thisSystem();
  const began = Date.now();
  const zero = performance.now();
  const seconds = () => (performance.now() - zero) / 1000;
  const collect = collector();
  const mark = isFile ? fingerprint(pipeline) : undefined;
  const room = ahead?.room ?? roomOf(system, options, isFile, system.ownRss());
  const { share, floor, wanted, kind } = room;
  // A turn of a watch mostly finds little: a thread for it would be most of the work.
  const reader = watching === undefined ? room.reader : 0;
  const { workers } = floor;
  const cache = options.cache ?? cacheFolder();

  const recorder = new FlightRecorder();
  const fetched = new FetchedBytes();
  const workerStages = new WorkerStages();
  const slowedWorkers = new Map<number, Slowed>();
  const measures = new MemoryMeasures();
  const clock = new StageClock(() => performance.now());
  const inWork = new UnitsInWork(() => performance.now());
  const listeners = new Set<(event: RunEvent) => void>();
  if (options.onEvent) listeners.add(options.onEvent);
  const emit = (event: RunEvent) => {
    recorder.event(event);
    for (const listener of listeners) listener(event);
  };

  const reads = workers === 0 && reader > 0;
  const local = runMemory(budgetOf(share.limit, system.ownRss() + (reads ? reader : 0)), {
    arena: arenaOfThread,
    ...(reads ? { reader: newReaderThread } : {}),
    collect,
    ahead: readAhead(threadUse(), () => performance.now()),
    onWaits: () => clock.begin("waitMemory"),
    onAdmitted: (bytes, asker) => {
      recorder.admitted(seconds(), bytes, asker);
      return asker === undefined ? () => {} : inWork.begin(asker, bytes);
    },
    onFetched: (one) => {
      fetched.add(hash32(one.chunk.id), one.encoded);
      measures.chunk(one);
    },
  });
  let pool: WorkerPool | undefined;
  let run!: OwnedRun;
  /** What workers report before there is a run. */
  const early: (() => void)[] = [];
  const report = (act: () => void): void => {
    if (run === undefined) early.push(act);
    else act();
  };
  let flight: string | undefined;
  const guard = steering({
    limit: share.limit,
    hard: share.memory.from === "physical memory" ? undefined : share.memory.limit,
    system,
    local,
    collect,
    pool: () => pool,
    readers: reader * Math.max(1, workers),
    say: (message) => emit({ event: "warning", source: "memory", message }),
    stop: (cause) => {
      flight ??= cause;
      report(() => run.stop(new EwbError("OverBudget", cause)));
    },
  });

  const serve = finished && servedFinished(finished, (error) => report(() => run.stop(toError(error))));
  const { onEvent: _, signal: __, data: ___, ...plain } = options;
  if (workers > 0) {
    const most = budgetOf(share.limit, floor.baseline);
    pool = workerPool(
      workers,
      kind,
      (id) => ({
        id,
        pipeline: pipeline as string,
        fingerprint: mark!,
        options: { ...plain, workers: 0 },
        lease: 0,
        most,
        began,
        hasReader: reader > 0,
        ...(finished ? { keeps: onKeep ? ("later" as const) : ("asks" as const) } : {}),
        ...(watching ? { watching } : {}),
      }),
      {
        hear(id, message) {
          if (message.type === "event") report(() => run.emit(message.event));
          else if (message.type === "document")
            report(() => run.document(message.section, message.key, message.text));
          else if (message.type === "memory") guard.hear(id, message.use);
          else if (message.type === "seen")
            report(() => {
              if (run.seen) seenAnswer(run.seen, message).then((answer) => pool?.post(id, answer));
            });
          else if (message.type === "kept" || message.type === "states" || message.type === "finished")
            serve?.(message, (answer) => pool?.post(id, answer));
          else {
            slowedWorkers.set(id, message.slowed);
            report(() => run.progress.read(message.bytes, message.requests));
            for (let i = 0; i < message.fetched.length; i += 2) {
              fetched.add(message.fetched[i]!, message.fetched[i + 1]!);
            }
            for (const { t, bytes, ...asker } of message.admissions) recorder.admitted(t, bytes, asker);
            measures.join(message.measures);
            workerStages.hear(message.stages);
          }
        },
        fail: (failure) => report(() => run.fail(failure)),
        gap: (gap) => report(() => run.gap(gap)),
        count: (id, units) => report(() => run.progress.count(id, units, performance.now())),
        joined: (id) => guard.joined(id),
        left(id, why, cases) {
          guard.left(id);
          workerStages.lost(id);
          if (why === undefined) return;
          const at = cases.length > 0 ? ` at case ${cases.join(", ")}` : "";
          const message = `worker ${id} died${at}: ${why}; its work is done again`;
          recorder.note(seconds(), "worker", { id, why, cases });
          flight ??= message;
          emit({ event: "warning", source: "workers", message });
        },
      },
      (kind, start, ears) => startWorker(kind, start, ears, ahead?.threads),
      watching && manyAfter,
    );
  }

  onKeep?.((nothing) => pool?.postAll({ type: "keep", nothing }));

  // Workers start and load the pipeline while this thread does the same: neither waits for the other.
  const data = openDataSet(options.data ?? "sample", cache, (message) => emit({ event: "note", message }));
  const loading = isFile ? loadPipeline(pipeline, cache) : pipeline;
  let work: Pipeline;
  try {
    const [loaded, found] = await Promise.allSettled([loading, data]);
    if (loaded.status === "rejected") throw loaded.reason;
    if (found.status === "rejected") throw found.reason;
    work = loaded.value;
    pool?.postAll({ type: "open", data: found.value });
    run = await createRun(
      { ...options, data: found.value, onEvent: emit },
      {
        workers,
        memory: local,
        stages: clock,
        ...(finished ? { finished } : {}),
        ...(watching ? { watching: watchingAt(watching) } : {}),
        ...(remembered ? { remembered } : {}),
        ...(requestClock ? { clock: requestClock } : {}),
        ...(publication ? { publication } : {}),
        ...(onPublished ? { onPublished } : {}),
        ...(options.memoryReport ? { measure: measures.work.bind(measures) } : {}),
        ...(workers > 0
          ? {
              elsewhere: (index, event) => pool!.run(index, event.id) as Observable<any>,
              onCases: (path, cases) => pool!.postAll({ type: "cases", path, cases }),
            }
          : {}),
        ...(mark === undefined ? {} : { fingerprint: mark }),
      },
    );
  } catch (error) {
    await pool?.close();
    throw error;
  }

  for (const act of early) act();

  if (workers < wanted) {
    const few =
      workers === 0 ? "no worker is started: one" : `${workers} of ${wanted} workers are started: one more`;
    const left = `too little of ${formatBytes(share.limit)} would be left for work`;
    const message = `${few} takes ${formatBytes(floor.worker)}, and ${left}`;
    emit({ event: "note", message });
  }

  const slowed = (): Slowed => {
    const all = [run.slowed, ...slowedWorkers.values()];
    return {
      times: all.reduce((sum, { times }) => sum + times, 0),
      wait: Math.max(...all.map(({ wait }) => wait)),
    };
  };

  let paused = false;
  let reported = zero;
  const tick = (): TickEvent => {
    if (pool === undefined) workerStages.hear(reportOf(clock, inWork, { id: 0, zero, from: reported }));
    reported = performance.now();
    return run.progress.tick(reported, {
      memory: guard.state(),
      ...workerStages.take(),
      bytes: { amplification: fetched.amplification },
      requests: { throttled: slowed().times },
    });
  };
  const { controlServer } = await import("./control/controlServer.ts");
  const controlling = controlServer(
    {
      status: () => ({
        ...tick(),
        pipeline: isFile ? pipeline : pipeline.name,
        started: new Date(began).toISOString(),
        state: run.draining ? "draining" : paused ? "paused" : "running",
      }),
      memory: (bytes) => guard.limit(bytes),
      pause() {
        paused = true;
        guard.pause(true);
      },
      resume() {
        paused = false;
        guard.pause(false);
      },
      watch(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    {
      pipeline: isFile ? pipeline : pipeline.name || "pipeline",
      say: (message) => emit({ event: "note", message }),
      emit,
    },
  );
  try {
    await pool?.ready();
  } catch (error) {
    await (await controlling).close();
    await pool?.close();
    await run[Symbol.asyncDispose]();
    throw error;
  }
  const control = await controlling;
  guard.begin();

  /** Writes the flight recorder, where something went wrong that it may explain. */
  const land = () => {
    if (flight !== undefined && isFile) writeFlight(recorder, options.out ?? ".", name, flight, emit);
  };
  const { limit, baseline, budget } = guard.state();
  const name = isFile ? basename(pipeline).replace(/\.[^.]*$/, "") : pipeline.name;
  return {
    run,
    hello: {
      event: "hello",
      protocol: 1,
      run: {
        id: control.id,
        name,
        pipeline: isFile ? pipeline : name,
        command: options.command ?? "",
        started: new Date(began).toISOString(),
        version: run.version,
        out: options.out ?? ".",
        data: typeof options.data === "object" ? options.data.name : (options.data ?? "sample"),
      },
      plan: null,
      memory: { limit, baseline, budget },
      workers,
      stages,
    },
    rows: defer(() => pipelineRows(work, run, pipeline)).pipe(
      takeUntil(whenAborted(run.signal)),
      tap({
        next: () => run.progress.rows(1),
        error: (error) => {
          if (!isEwbError(error) || error.tag === "OverBudget") flight ??= String(error?.message ?? error);
          land();
        },
        complete: () => land(),
      }),
    ),
    tick,
    emit,
    steering: guard,
    measures,
    get peak() {
      return guard.peak;
    },
    get slowed() {
      return slowed();
    },
    drain() {
      run.drain();
      guard.pause(false);
      pool?.postAll({ type: "drain" });
    },
    async [Symbol.asyncDispose]() {
      guard[Symbol.dispose]();
      await control.close();
      await pool?.close();
      await run[Symbol.asyncDispose]();
    },
  };
};

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Writes what was recorded beside the results; where that cannot be, the run has failed all the same. */
const writeFlight = (
  recorder: FlightRecorder,
  out: string,
  name: string,
  why: string,
  emit: (event: RunEvent) => void,
): void => {
  const path = resolve(out, `${name}.flight.json`);
  try {
    recorder.dump(path, why);
    emit({ event: "note", message: `what happened in the last minutes is in ${path}` });
  } catch (error) {
    emit({ event: "note", message: error instanceof Error ? error.message : String(error) });
  }
};

/** Errors with `Stopped` when the signal is aborted; an error discards what is not published. */
const whenAborted = (signal: AbortSignal): Observable<never> =>
  new Observable((subscriber) => {
    const stop = () => {
      const { reason } = signal;
      subscriber.error(
        isEwbError(reason)
          ? reason
          : new EwbError("Stopped", "stopped: nothing was published", {}, { cause: reason }),
      );
    };
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    return () => signal.removeEventListener("abort", stop);
  });

/**
 * Runs a pipeline and gives its rows.
 *
 * @param pipeline path of a pipeline file, or the function it would export (then in this thread)
 * @throws what the run throws; failures of cases are rows of the failures table and events, not errors
 * @example stream("pipelines/heatwave.ts", { memory: "512MB" }).subscribe((row) => console.log(row.metric, row.value));
 */
export const stream = (pipeline: Pipeline | string, options: RunOptions = {}): Observable<Row> =>
  new Observable((subscriber) => {
    // One that is given up before it has begun ends when it has.
    start(pipeline, options).then(
      (started) => {
        const end = () => void started[Symbol.asyncDispose]();
        if (subscriber.closed) end();
        else started.rows.pipe(finalize(end)).subscribe(subscriber);
      },
      (error) => subscriber.error(error),
    );
  });

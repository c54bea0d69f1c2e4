/**
 * A worker thread: it imports the same pipeline and runs it anew for every case it is handed. `cases` emits all of
 * them, `eachCase` works on the handed one and sends what comes out; nothing goes on downstream here.
 */
import { parentPort, workerData } from "node:worker_threads";
import { bufferCount, EMPTY, ignoreElements, type Observable, tap } from "rxjs";
import type { UnitCounts } from "../model/event.ts";
import { createRun, type OwnedRun } from "./createRun.ts";
import { cacheFolder } from "./folders.ts";
import { type FromWorker, plainError, type ToWorker, type WorkerStart } from "./messages.ts";
import { loadPipeline, type Pipeline } from "./pipelineModule.ts";
import { noTable } from "./resultTables.ts";

const rowsAtOnce = 500;
const progressEvery = 200;

const { pipeline: file, options } = workerData as WorkerStart;
const port = parentPort!;
const send = (message: FromWorker) => port.postMessage(message);

/** Counts since the last message. */
const pending = { units: new Map<number, Partial<UnitCounts>>(), bytes: 0, requests: 0 };

const flush = () => {
  if (pending.units.size === 0 && pending.requests === 0 && pending.bytes === 0) return;
  send({ type: "progress", units: [...pending.units], bytes: pending.bytes, requests: pending.requests });
  pending.units.clear();
  pending.bytes = 0;
  pending.requests = 0;
};

const addUnits = (caseId: number, units: Partial<UnitCounts>) => {
  const sum: Record<string, number> = { ...pending.units.get(caseId) };
  for (const [name, count] of Object.entries(units)) sum[name] = (sum[name] ?? 0) + count;
  pending.units.set(caseId, sum);
};

const open = async (): Promise<{ run: OwnedRun; pipeline: Pipeline }> => {
  const pipeline = await loadPipeline(file, options.cache ?? cacheFolder());
  const run = await createRun(
    { ...options, onEvent: (event) => forward(event) },
    {
      onCount: addUnits,
      onRead: (bytes, requests) => {
        pending.bytes += bytes;
        pending.requests += requests;
      },
      onDocument: (section, key, text) => send({ type: "document", section, key, text }),
    },
  );
  return { run, pipeline };
};

const forward = (event: Parameters<NonNullable<Parameters<typeof createRun>[0]>["onEvent"] & {}>[0]) => {
  if (event.event === "failure") {
    // Defects of the case file are the coordinator's to tell: every worker reads the same file.
    if (event.failure.stage !== "cases") send({ type: "failure", failure: event.failure });
  } else if (event.event === "gap") {
    send({ type: "gap", gap: event.gap });
  } else {
    send({ type: "event", event });
  }
};

/** The run as one handed case sees it: calls are counted anew, other cases give nothing. */
const runOf = (base: OwnedRun, job: number, index: number, id: number): OwnedRun => {
  let calls = 0;
  const sites = new Set<string>();
  const elsewhere: NonNullable<OwnedRun["elsewhere"]> = <R>(
    calledIndex: number,
    event: { id: number },
    here: () => Observable<R>,
  ) =>
    calledIndex !== index || event.id !== id
      ? EMPTY
      : here().pipe(
          bufferCount(rowsAtOnce),
          tap((values) => send({ type: "results", job, values })),
          ignoreElements(),
        );
  return Object.create(base, {
    eachCaseIndex: { value: () => calls++ },
    elsewhere: { value: elsewhere },
    // Sinks act on the coordinator only.
    table: { value: () => noTable },
    site: {
      value: (event: { id: number }, key: string) => {
        base.siteOnce(sites, event.id, key);
      },
    },
  });
};

const opening = open();
opening.catch(() => {});
setInterval(flush, progressEvery).unref();

port.on("message", (message: ToWorker) => {
  if (message.type === "drain") {
    opening.then(({ run }) => run.drain()).catch(() => {});
    return;
  }
  const { job, index, id } = message;
  const failed = (error: unknown) => {
    flush();
    send({ type: "error", job, error: plainError(error) });
  };
  opening
    .then(({ run, pipeline }) => {
      pipeline(runOf(run, job, index, id)).subscribe({
        error: failed,
        complete: () => {
          flush();
          send({ type: "done", job });
        },
      });
    })
    .catch(failed);
});

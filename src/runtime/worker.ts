/**
 * A worker: it imports the same pipeline and runs it anew for every job it is handed. `cases` emits all of them,
 * `eachCase` works on the handed one and sends what comes out; nothing goes on downstream here. A job is a whole case,
 * or a range of the refs of one of its sites: then states are sent instead of rows. It admits units by a ledger of its
 * own, whose limit the coordinator leases to it.
 */
import { bufferCount, EMPTY, ignoreElements, type Observable, type Subscription, tap } from "rxjs";
import type { DataSet } from "../catalog/dataSet.ts";
import { hash32 } from "../kernels/hash32.ts";
import type { Case } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import type { RunEvent, UnitCounts } from "../model/event.ts";
import { askedFinished } from "./askedFinished.ts";
import { askedSeen } from "./askedSeen.ts";
import { createRun, type OwnedRun } from "./createRun.ts";
import { cacheFolder } from "./folders.ts";
import { collector } from "./governor/collect.ts";
import { MemoryMeasures } from "./memoryMeasures.ts";
import { type Admission, plainError, type SiteRange, type ToWorker } from "./messages.ts";
import { noTable } from "./noTable.ts";
import { fingerprint, loadPipeline, type Pipeline } from "./pipelineModule.ts";
import { readAhead, threadUse } from "./readAhead.ts";
import { newReaderThread } from "./reader/readerThread.ts";
import { arenaOfThread, runMemory } from "./runMemory.ts";
import { StageClock } from "./stages/stageClock.ts";
import { UnitsInWork } from "./stages/unitsInWork.ts";
import { reportOf } from "./stages/workerStages.ts";
import { watchingAt } from "./watch/patience.ts";
import { workerPort } from "./workerPort.ts";
import { type JobSharing, jobSharing } from "./workerSharing.ts";

const rowsAtOnce = 500;
const progressEvery = 200;
/** Admissions told of at a time: enough to see what went on. */
const admissionsKept = 20;
/** Milliseconds between two reports of memory. */
const memoryEvery = 20;

const { start, send, hear } = await workerPort();
const { pipeline: file, options } = start;
const collect = collector();
const clock = new StageClock(() => performance.now());
const measures = new MemoryMeasures();
const inWork = new UnitsInWork(() => performance.now());
const zero = start.began - performance.timeOrigin;

/** Counts since the last message. */
let units = new Map<string, readonly [job: number, caseId: number, units: Partial<UnitCounts>]>();
let running: OwnedRun | undefined;
let bytes = 0;
let requests = 0;
let fetched: number[] = [];
let admissions: Admission[] = [];
let reported = performance.now();

const flush = () => {
  const message = {
    type: "progress" as const,
    units: [...units.values()],
    bytes,
    requests,
    slowed: running?.slowed ?? { times: 0, wait: 0 },
    fetched: Float64Array.from(fetched),
    stages: reportOf(clock, inWork, { id: start.id, zero, from: reported }),
    admissions: admissions.slice(-admissionsKept),
    measures: measures.take(),
  };
  reported = performance.now();
  units = new Map();
  bytes = 0;
  requests = 0;
  fetched = [];
  admissions = [];
  send(message);
};

const addUnits = (job: number, caseId: number, more: Partial<UnitCounts>) => {
  const key = `${job} ${caseId}`;
  const sum: Record<string, number> = { ...units.get(key)?.[2] };
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
  units.set(key, [job, caseId, sum]);
};

let reporting: NodeJS.Timeout | undefined;
const reportMemory = () => {
  if (reporting !== undefined) return;
  reporting = setTimeout(() => {
    reporting = undefined;
    send({ type: "memory", use: memory.state() });
  }, memoryEvery);
};

const memory = runMemory(start.lease, {
  arena: arenaOfThread,
  ...(start.hasReader ? { reader: newReaderThread } : {}),
  most: start.most,
  alone: false,
  ahead: readAhead(threadUse(), () => performance.now()),
  collect,
  onChange: reportMemory,
  onWaits: () => clock.begin("waitMemory"),
  onAdmitted: (held, asker) => {
    if (asker === undefined) return () => {};
    admissions.push({ ...asker, t: (performance.now() - zero) / 1000, bytes: held });
    if (admissions.length > 2 * admissionsKept) admissions = admissions.slice(-admissionsKept);
    return inWork.begin(asker, held);
  },
  onFetched: (one) => {
    fetched.push(hash32(one.chunk.id), one.encoded);
    measures.chunk(one);
  },
});

const finished = askedFinished(send, start.keeps);
const seen = askedSeen(send);

const forward = (event: RunEvent) => {
  // Failures and gaps belong to a job; defects of the case file are the coordinator's to tell.
  if (event.event !== "failure" && event.event !== "gap") send({ type: "event", event });
};

/** Cases of files, as the coordinator read them. */
const casesOf = new Map<string, readonly Case[]>();
let give: (data: DataSet) => void;
const given = new Promise<DataSet>((resolve) => {
  give = resolve;
});

const open = async (): Promise<{ run: OwnedRun; pipeline: Pipeline }> => {
  const pipeline = await loadPipeline(file, options.cache ?? cacheFolder());
  if (fingerprint(file) !== start.fingerprint) {
    throw new EwbError("Pipeline", `${file} was changed after the run began: start it again`, {
      source: file,
    });
  }
  const run = await createRun(
    { ...options, data: await given, onEvent: forward },
    {
      memory,
      stages: clock,
      casesOf,
      ...(options.memoryReport ? { measure: measures.work.bind(measures) } : {}),
      onRead: (more, asked) => {
        bytes += more;
        requests += asked;
      },
      ...(start.keeps ? { finished } : {}),
      ...(start.watching ? { watching: watchingAt(start.watching), seen } : {}),
      onDocument: (section, key, text) => send({ type: "document", section, key, text }),
    },
  );
  running = run;
  return { run, pipeline };
};

/** The run as one job sees it: calls are counted anew, other cases give nothing. */
const runOf = (base: OwnedRun, job: number, index: number, id: number, sharing: JobSharing): OwnedRun => {
  let calls = 0;
  const sites = new Set<string>();
  const isPart = sharing.deliver !== undefined;
  const elsewhere: NonNullable<OwnedRun["elsewhere"]> = <R>(
    calledIndex: number,
    event: { id: number },
    here: () => Observable<R>,
  ) =>
    calledIndex !== index || event.id !== id
      ? EMPTY
      : here().pipe(
          bufferCount(rowsAtOnce),
          tap((values) => {
            if (!isPart) send({ type: "results", job, values });
          }),
          ignoreElements(),
        );
  const overrides: Partial<OwnedRun> = {
    eachCaseIndex: () => calls++,
    elsewhere,
    sharing,
    // Sinks act on the coordinator only.
    table: () => noTable,
    site: (event, key) => base.siteOnce(sites, event.id, key),
    fail: (failure) => send({ type: "failure", job, failure: base.told(failure) }),
    // What a source never had is said by the worker that makes the rows.
    gap: (gap) => {
      if (!isPart) send({ type: "gap", job, gap: base.told(gap) });
    },
    count: (event, { done, ...more }) => {
      if (!isPart) addUnits(job, event.id, more);
      if (done !== undefined) addUnits(job, event.id, { done });
    },
    emit: (event) => {
      if (!isPart || event.event !== "case") base.emit(event);
    },
  };
  const descriptors = Object.entries(overrides).map(([name, value]) => [name, { value }] as const);
  return Object.create(base, Object.fromEntries(descriptors));
};

const opening = open();
opening.then(
  () => {
    send({ type: "ready" });
    setInterval(() => {
      finished.flush();
      flush();
    }, progressEvery);
  },
  (error) => send({ type: "refused", error: plainError(error) }),
);

interface Job {
  /** Its case. */
  readonly id: number;
  readonly sharing: JobSharing;
  subscription: Subscription | undefined;
}
const jobs = new Map<number, Job>();

const end = (run: OwnedRun, job: number) => {
  const id = jobs.get(job)?.id;
  jobs.delete(job);
  // What is kept of a case serves all jobs of it.
  if (id !== undefined && [...jobs.values()].every((other) => other.id !== id)) run.letGo(id);
};

const begin = ({ run, pipeline }: { run: OwnedRun; pipeline: Pipeline }, message: CaseMessage) => {
  const { job, index, id, range } = message;
  const sharing = jobSharing(job, range, send);
  const begun: Job = { id, sharing, subscription: undefined };
  jobs.set(job, begun);
  const over = () => {
    end(run, job);
    finished.flush();
    flush();
  };
  const failed = (error: unknown) => {
    over();
    send({ type: "error", job, error: plainError(error) });
  };
  try {
    begun.subscription = pipeline(runOf(run, job, index, id, sharing)).subscribe({
      error: failed,
      complete: () => {
        if (range !== undefined && !sharing.delivered) {
          if (!run.draining) return failed(notFound(range));
          sharing.deliver?.(range.site, { names: "", tallies: [], cut: true });
        }
        over();
        send({ type: "done", job });
      },
    });
  } catch (error) {
    failed(error);
  }
};

const notFound = ({ site }: SiteRange) =>
  new EwbError(
    "Worker",
    "a worker was handed a part of a case that the pipeline does not ask for there: " +
      `does it depend on chance, on the time, or on the process it runs in? (${site})`,
  );

type CaseMessage = Extract<ToWorker, { type: "case" }>;

hear((message) => {
  switch (message.type) {
    case "open":
      give(message.data);
      break;
    case "cases":
      casesOf.set(message.path, message.cases);
      break;
    case "case":
      opening.then((opened) => begin(opened, message)).catch(() => {});
      break;
    case "cancel":
      // After what was to begin it, which waits for the same.
      opening
        .then(({ run }) => {
          jobs.get(message.job)?.subscription?.unsubscribe();
          end(run, message.job);
        })
        .catch(() => {});
      break;
    case "split":
      send({ type: "gave", job: message.job, range: jobs.get(message.job)?.sharing.give() });
      break;
    case "expect":
      jobs.get(message.job)?.sharing.expect(message.site);
      break;
    case "part":
      jobs.get(message.job)?.sharing.take(message);
      break;
    case "keep":
      finished.keep(message.nothing);
      break;
    case "kept":
    case "states":
      finished.hear(message);
      break;
    case "seen":
      seen.hear(message);
      break;
    case "lease":
      memory.resize(message.bytes, message.most);
      send({ type: "memory", use: memory.state() });
      break;
    case "trim":
      memory.trim(message.cache);
      send({ type: "memory", use: memory.state() });
      break;
    case "pause":
      memory.pause(message.paused);
      break;
    case "drain":
      opening.then(({ run }) => run.drain()).catch(() => {});
      break;
  }
});

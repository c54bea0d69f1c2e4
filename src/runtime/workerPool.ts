/**
 * Workers that run the cases of a pipeline, and what becomes of one that dies.
 *
 * A job is a whole case. Where more workers than cases are left, a worker with nothing to do is given the later half
 * of the refs of one that has (work stealing, Blumofe and Leiserson 1999, doi:10.1145/324133.324234): a job of its own
 * whose states go back to the worker that has the case. So many small cases go as a whole, and one big case is cut as
 * finely as there are workers, without anybody having to know the cost of a case beforehand. One worker alone has all cases
 * that are begun (`run.casesAtOnce`), which share what they read.
 *
 * What a job says (rows, failures, gaps, counts) is kept until it is over. A worker that throws, ends or is killed
 * leaves nothing half said: its jobs run again elsewhere, those of one worker alone one by one, since it is not known at
 * which it died; one that three workers died at fails by name.
 */
import { Observable, type Subscriber } from "rxjs";
import { EwbError } from "../model/errors.ts";
import type { UnitCounts } from "../model/event.ts";
import type { Failure, Gap } from "../model/row.ts";
import type { Part } from "../model/sharing.ts";
import {
  type AboutFinished,
  type FromWorker,
  type PlainError,
  plainError,
  revivedError,
  type SiteRange,
  type ToWorker,
  type WorkerStart,
} from "./messages.ts";
import { startWorker, type WorkerKind, type WorkerMember } from "./workerMember.ts";

const attempts = 3;
/** However innocent: what a case does elsewhere may be what ends the worker where it waits. */
const mostAttempts = attempts * attempts;
/** Milliseconds before a worker that had nothing to share is asked again. */
const askAgain = 100;

/** What holds for all, and so for those that come later. */
const sticks: ReadonlySet<ToWorker["type"]> = new Set(["open", "cases", "drain", "pause", "keep"]);

interface Job {
  readonly number: number;
  readonly index: number;
  readonly id: number;
  owner: Owner;
  attempt: number;
  /** Workers that died while they were at it alone: one that only waited for parts of it did not die of it. */
  deaths: number;
  /** Whether nothing else is done where it is done: a worker has died at it, or at others with it. */
  isAlone: boolean;
  values: unknown[];
  failures: Failure[];
  /** Those of parts of it. */
  partFailures: Failure[];
  gaps: Gap[];
  /** What a part of a case found. */
  part: Part | undefined;
  readonly counts: Map<number, Record<string, number>>;
}

/** Whose job it is: of the pipeline, or a part of another job. */
type Owner =
  | { readonly kind: "case"; readonly subscriber: Subscriber<unknown> }
  | { readonly kind: "part"; readonly whole: Job; readonly attempt: number; readonly range: SiteRange };

interface Member {
  readonly id: number;
  readonly worker: WorkerMember;
  readonly jobs: Map<number, Job>;
  /** Jobs that only wait for parts of them. */
  readonly waiting: Set<number>;
  isReady: boolean;
  /** When it may be asked to share again; infinity: it was asked. */
  askAt: number;
}

/** What the coordinator is told. */
export interface PoolEars {
  hear(
    id: number,
    message: Extract<
      FromWorker,
      { type: "event" | "document" | "memory" | "progress" | "seen" | AboutFinished["type"] }
    >,
  ): void;
  fail(failure: Failure): void;
  gap(gap: Gap): void;
  count(caseId: number, units: Partial<UnitCounts>): void;
  /** A worker began (before it is ready) or ended; `why`: it died, with the units it had in work. */
  joined(id: number): void;
  left(id: number, why: string | undefined, cases: readonly number[]): void;
}

export interface WorkerPool {
  /** Resolves when all workers have loaded everything and wait for work. Rejects where the pipeline does not load. */
  ready(): Promise<void>;
  /** What one case gives. */
  run(index: number, id: number): Observable<unknown>;
  post(id: number, message: ToWorker): void;
  postAll(message: ToWorker): void;
  readonly pids: readonly number[];
  close(): Promise<void>;
}

/**
 * @param start what worker `id` is started with
 * @param begin what starts one
 * @param later milliseconds until more than one is started, where there still is work then; default: all begin at once
 */
export const workerPool = (
  size: number,
  kind: WorkerKind,
  start: (id: number) => WorkerStart,
  ears: PoolEars,
  begin: typeof startWorker = startWorker,
  later?: number,
): WorkerPool => {
  const members = new Map<number, Member>();
  const queue: Job[] = [];
  const sticky: ToWorker[] = [];
  let ids = 0;
  let numbers = 0;
  let closed = false;
  let refused: Error | undefined;
  let wasReady = false;
  /** Workers that ended before they were ready, one after the other: so many, and no more are started. */
  let unready = 0;
  let failedStart: Error | undefined;
  let asking: NodeJS.Timeout | undefined;
  /** So many may be at work now. */
  let most = later === undefined ? size : Math.min(1, size);
  const readies: { resolve(): void; reject(error: Error): void }[] = [];

  const add = (): void => {
    const id = ++ids;
    const worker = begin(kind, start(id), {
      hear: (message) => receive(id, message),
      lost: (why) => lose(id, why),
    });
    members.set(id, { id, worker, jobs: new Map(), waiting: new Set(), isReady: false, askAt: 0 });
    ears.joined(id);
    for (const message of sticky) worker.post(message);
  };

  const isWork = () => [...members.values()].some(({ jobs, waiting }) => jobs.size > waiting.size);
  const isFree = ({ isReady, jobs, waiting }: Member) => isReady && jobs.size === waiting.size;
  /** One worker alone takes all there are, but for those that are done alone. */
  const takes = (member: Member, job: Job) =>
    isFree(member) ||
    (size === 1 && member.isReady && [job, ...member.jobs.values()].every(({ isAlone }) => !isAlone));

  const next = (): void => {
    if (closed) return;
    while (queue.length > 0) {
      const mayStart = () => unready < attempts && members.size < most;
      while (mayStart() && [...members.values()].every((member) => !isFree(member))) add();
      const free = [...members.values()].find((member) => takes(member, queue[0]!));
      if (free === undefined && members.size === 0) {
        refused ??= failedStart;
        for (const job of queue.splice(0)) settle(job, plainError(refused));
      }
      if (free === undefined) return;
      const job = queue.shift()!;
      const { number, index, id, owner } = job;
      free.jobs.set(number, job);
      free.worker.post({
        type: "case",
        job: number,
        index,
        id,
        ...(owner.kind === "part" ? { range: owner.range } : {}),
      });
    }
    share();
  };

  /** Asks a worker that has much to do for a part, for one that has nothing. */
  const share = (): void => {
    let free = [...members.values()].filter(isFree).length;
    if (free === 0) return;
    const now = performance.now();
    let again = Number.POSITIVE_INFINITY;
    for (const member of members.values()) {
      if (free === 0) return;
      const busy = [...member.jobs.values()].filter(({ number }) => !member.waiting.has(number));
      if (!member.isReady || busy.length === 0) continue;
      if (member.askAt > now) {
        again = Math.min(again, member.askAt - now);
        continue;
      }
      member.askAt = Number.POSITIVE_INFINITY;
      member.worker.post({ type: "split", job: busy[0]!.number });
      free -= 1;
    }
    if (!Number.isFinite(again) || asking !== undefined) return;
    asking = setTimeout(() => {
      asking = undefined;
      next();
    }, again);
  };

  const receive = (id: number, message: FromWorker): void => {
    const member = members.get(id);
    if (member === undefined) return;
    switch (message.type) {
      case "ready":
        member.isReady = true;
        unready = 0;
        if ([...members.values()].every(({ isReady }) => isReady)) {
          wasReady = true;
          for (const one of readies) one.resolve();
        }
        next();
        return;
      case "refused":
        refused = revivedError(message.error);
        for (const one of readies) one.reject(refused);
        for (const job of [...queue.splice(0), ...member.jobs.values()]) settle(job, message.error);
        return;
      case "event":
      case "document":
      case "memory":
      case "seen":
      case "kept":
      case "states":
      case "finished":
        ears.hear(id, message);
        return;
      case "progress":
        for (const [number, caseId, units] of message.units) {
          const job = member.jobs.get(number);
          if (job === undefined) continue;
          addCounts(job, caseId, units);
          ears.count(caseId, units);
        }
        ears.hear(id, message);
        return;
      default:
        hearJob(member, message);
    }
  };

  const hearJob = (
    member: Member,
    message: Exclude<
      FromWorker,
      {
        type:
          | "ready"
          | "refused"
          | "event"
          | "document"
          | "memory"
          | "progress"
          | "seen"
          | AboutFinished["type"];
      }
    >,
  ): void => {
    const job = member.jobs.get(message.job);
    if (job === undefined) {
      if (message.type === "gave") member.askAt = 0;
      return;
    }
    switch (message.type) {
      case "results":
        for (const value of message.values) job.values.push(value);
        return;
      case "failure":
        job.failures.push(message.failure);
        return;
      case "gap":
        job.gaps.push(message.gap);
        return;
      case "waits":
        member.waiting.add(job.number);
        next();
        return;
      case "gave": {
        member.askAt = message.range === undefined ? performance.now() + askAgain : 0;
        if (message.range !== undefined) divide(job, message.range);
        next();
        return;
      }
      case "part":
        job.part = message.part;
        return;
      case "done":
      case "error":
        member.jobs.delete(job.number);
        member.waiting.delete(job.number);
        settle(job, message.type === "error" ? message.error : undefined);
        next();
    }
  };

  /** A part of a job becomes a job; where the job is a part itself, both belong to the same case. */
  const divide = (job: Job, range: SiteRange): void => {
    const { owner, index, id } = job;
    const whole = owner.kind === "part" ? owner.whole : job;
    const attempt = owner.kind === "part" ? owner.attempt : job.attempt;
    if (owner.kind === "part") {
      holderOf(whole)?.worker.post({ type: "expect", job: whole.number, site: range.site });
      // Done anew, it is only what it kept.
      job.owner = { ...owner, range: { ...owner.range, to: range.from } };
    }
    queue.unshift(newJob(index, id, { kind: "part", whole, attempt, range }));
  };

  const deliver = (job: Job, found: { site: string; part?: Part; error?: PlainError }): void => {
    if (job.owner.kind !== "part") return;
    const { whole, attempt } = job.owner;
    const holder = holderOf(whole);
    // The worker that had the case died meanwhile: the case runs anew, and this part of it with it.
    if (holder === undefined || whole.attempt !== attempt) return;
    holder.waiting.delete(whole.number);
    holder.worker.post({ type: "part", job: whole.number, ...found });
  };

  const holderOf = (job: Job): Member | undefined =>
    [...members.values()].find(({ jobs }) => jobs.get(job.number) === job);

  /** A job is over: what a case said is said; what a part said is the case's to say, which may run anew. */
  const settle = (job: Job, error: PlainError | undefined): void => {
    const { owner } = job;
    if (owner.kind === "part") {
      const { whole } = owner;
      whole.partFailures.push(...job.failures);
      whole.gaps.push(...job.gaps);
      for (const [caseId, units] of job.counts) addCounts(whole, caseId, units);
      const found = error === undefined && job.part !== undefined ? { part: job.part } : {};
      deliver(job, { site: owner.range.site, ...found, ...(error === undefined ? {} : { error }) });
      return;
    }
    dropParts(job);
    for (const failure of distinct(job)) ears.fail(failure);
    for (const gap of job.gaps) ears.gap(gap);
    for (const value of job.values) owner.subscriber.next(value);
    if (error === undefined) owner.subscriber.complete();
    else owner.subscriber.error(revivedError(error));
  };

  const addCounts = (job: Job, caseId: number, units: Partial<UnitCounts>): void => {
    const sum = job.counts.get(caseId) ?? {};
    for (const [name, count] of Object.entries(units)) sum[name] = (sum[name] ?? 0) + count;
    job.counts.set(caseId, sum);
  };

  /** Takes back what a job has said, and all that was done for it elsewhere. */
  const forget = (job: Job): void => {
    for (const [caseId, counts] of job.counts) {
      ears.count(caseId, Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, -n])));
    }
    job.counts.clear();
    job.values = [];
    job.failures = [];
    job.partFailures = [];
    job.gaps = [];
    job.part = undefined;
    dropParts(job);
  };

  /** Calls off what others were to do for a job. */
  const dropParts = (job: Job): void => {
    const isPartOf = ({ owner }: Job) => owner.kind === "part" && owner.whole === job;
    for (let i = queue.length - 1; i >= 0; i--) if (isPartOf(queue[i]!)) queue.splice(i, 1);
    for (const { jobs, waiting, worker } of members.values()) {
      for (const part of [...jobs.values()].filter(isPartOf)) {
        worker.post({ type: "cancel", job: part.number });
        jobs.delete(part.number);
        waiting.delete(part.number);
        forget(part);
      }
    }
  };

  const lose = (id: number, why: string): void => {
    const member = members.get(id);
    if (member === undefined) return;
    members.delete(id);
    const lost = [...member.jobs.values()];
    ears.left(
      id,
      why,
      lost.map((job) => job.id),
    );
    if (!member.isReady) {
      unready += 1;
      failedStart = new EwbError("Worker", `a worker ended before it was ready: ${why}`);
      if (!wasReady) refused ??= failedStart;
      for (const one of readies) one.reject(failedStart);
    }
    const atWork = lost.filter(({ number }) => !member.waiting.has(number));
    for (const job of lost) {
      forget(job);
      job.attempt += 1;
    }
    for (const job of atWork) {
      job.isAlone = true;
      if (atWork.length === 1) job.deaths += 1;
    }
    for (const job of lost.toReversed()) {
      // A part of a case that is lost as well is done with it.
      if (job.owner.kind === "part" && job.owner.whole.attempt !== job.owner.attempt) continue;
      if (job.deaths < attempts && job.attempt < mostAttempts) {
        queue.unshift(job);
        continue;
      }
      const times = job.deaths < attempts ? job.attempt : job.deaths;
      const message = `the worker at case ${job.id} died ${times} times; the last time: ${why}`;
      settle(job, plainError(new EwbError("Worker", message)));
    }
    next();
    // Where others are at work, another one takes a part of it.
    if (!closed && isWork() && unready < attempts && members.size < most) add();
  };

  const newJob = (index: number, id: number, owner: Owner): Job => ({
    number: ++numbers,
    index,
    id,
    owner,
    attempt: 0,
    deaths: 0,
    isAlone: false,
    values: [],
    failures: [],
    partFailures: [],
    gaps: [],
    part: undefined,
    counts: new Map(),
  });

  for (let i = 0; i < most; i++) add();
  const growing =
    later === undefined
      ? undefined
      : setTimeout(() => {
          most = size;
          while (isWork() && unready < attempts && members.size < most) add();
          next();
        }, later);

  return {
    ready: () =>
      refused !== undefined
        ? Promise.reject(refused)
        : [...members.values()].every(({ isReady }) => isReady)
          ? Promise.resolve()
          : new Promise((resolve, reject) => readies.push({ resolve, reject })),
    run: (index, id) =>
      new Observable((subscriber) => {
        if (refused !== undefined) return subscriber.error(refused);
        const job = newJob(index, id, { kind: "case", subscriber });
        queue.push(job);
        next();
        return () => {
          const at = queue.indexOf(job);
          if (at >= 0) queue.splice(at, 1);
          const holder = holderOf(job);
          if (holder === undefined) return;
          holder.worker.post({ type: "cancel", job: job.number });
          holder.jobs.delete(job.number);
          holder.waiting.delete(job.number);
          forget(job);
          next();
        };
      }),
    post: (id, message) => members.get(id)?.worker.post(message),
    postAll(message) {
      if (sticks.has(message.type)) sticky.push(message);
      for (const { worker } of members.values()) worker.post(message);
    },
    get pids() {
      return [...members.values()].flatMap(({ worker }) => worker.pid ?? []);
    },
    async close() {
      closed = true;
      clearTimeout(asking);
      clearTimeout(growing);
      queue.length = 0;
      const ending = [...members.values()];
      members.clear();
      await Promise.all(ending.map(({ worker }) => worker.end()));
    },
  };
};

/** What a case said, and what parts of it said beside: each of them opens the sources anew, and fails at the same. */
const distinct = ({ failures, partFailures }: Job): Failure[] => {
  const texts = new Set(failures.map((failure) => JSON.stringify(failure)));
  const isNew = (failure: Failure) => texts.size < texts.add(JSON.stringify(failure)).size;
  return [...failures, ...partFailures.filter(isNew)];
};

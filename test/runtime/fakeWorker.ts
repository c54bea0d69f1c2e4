/**
 * Workers without threads: each step of one is taken when a test says so, messages lie in boxes until they are
 * delivered, and a worker may die between any two. Cases have one site of `refs(id)` refs; what comes of a case is the
 * list of the refs that were done.
 */

import type { Part } from "../../src/model/sharing.ts";
import { Site } from "../../src/operators/flow/site.ts";
import type { FromWorker, ToWorker } from "../../src/runtime/messages.ts";
import type { startWorker, WorkerEars } from "../../src/runtime/workerMember.ts";
import { type JobSharing, jobSharing } from "../../src/runtime/workerSharing.ts";

const site = "site";

interface Job {
  readonly number: number;
  readonly id: number;
  readonly sharing: JobSharing;
  readonly place: Site;
  readonly offered: () => void;
  readonly left: number[];
  readonly done: number[];
  /** Steps that are left when all refs are done. */
  ending: (() => void)[] | undefined;
}

export interface FakeWorker {
  readonly id: number;
  readonly jobs: ReadonlyMap<number, { readonly id: number; readonly done: readonly number[] }>;
  isAlive: boolean;
  readonly posted: ToWorker[];
  /** What can happen next in it. */
  steps(): (() => void)[];
  die(why?: string): void;
  say(message: FromWorker): void;
}

export interface FakeWorkers {
  readonly begin: typeof startWorker;
  readonly all: FakeWorker[];
  readonly living: FakeWorker[];
}

export interface FakeCases {
  refs(id: number): number;
  /** Whether a worker throws at this ref. */
  throws?(id: number, ref: number): boolean;
  /** Whether a worker becomes ready. */
  loads?(worker: number): boolean;
}

const partOf = (done: readonly number[]): Part => ({
  names: "",
  cut: false,
  tallies: [
    {
      target: "o",
      states: [[...done]],
      seen: done.length,
      failed: 0,
      absent: { forecast: 0, target: 0 },
      versions: { forecast: "", target: "" },
    },
  ],
});

const refsOf = (part: Part): number[] => part.tallies.flatMap(({ states }) => states.flat() as number[]);

export const fakeWorkers = ({ refs, throws = () => false, loads = () => true }: FakeCases): FakeWorkers => {
  const all: FakeWorker[] = [];

  const made = (id: number, ears: WorkerEars): FakeWorker => {
    const inbox: ToWorker[] = [];
    const outbox: FromWorker[] = [];
    const posted: ToWorker[] = [];
    const jobs = new Map<number, Job>();
    const send = (message: FromWorker) => void outbox.push(structuredClone(message));
    let isReady = false;

    const count = (job: number, caseId: number) =>
      send({
        type: "progress",
        units: [[job, caseId, { done: 1 }]],
        bytes: 0,
        requests: 0,
        slowed: { times: 0, wait: 0 },
        fetched: new Float64Array(),
        stages: {} as never,
        measures: [] as never,
        admissions: [],
      });

    const hear = (message: ToWorker) => {
      const job = "job" in message ? jobs.get(message.job) : undefined;
      if (message.type === "case") {
        const sharing = jobSharing(message.job, message.range, send);
        const place = new Site(site, sharing.range(site)!);
        const left: number[] = [];
        for (let i = 0; i < refs(message.id); i++) {
          const number = place.number({ initTime: 0, leadHours: i, targets: [] });
          if (number !== undefined) left.push(number);
        }
        place.whole();
        const offered = sharing.offer(site, place.give);
        const { job: number, id } = message;
        jobs.set(number, { number, id, sharing, place, offered, left, done: [], ending: undefined });
      } else if (message.type === "cancel") jobs.delete(message.job);
      else if (message.type === "split") send({ type: "gave", job: message.job, range: job?.sharing.give() });
      else if (message.type === "expect") job?.sharing.expect(message.site);
      else if (message.type === "part") job?.sharing.take(message);
    };

    const over = (job: Job, message: FromWorker) => () => {
      if (jobs.get(job.number) !== job) return;
      jobs.delete(job.number);
      send(message);
    };

    const end = (job: Job) => {
      const { number: at, sharing } = job;
      job.offered();
      job.ending = [];
      if (sharing.deliver !== undefined) {
        sharing.deliver(site, partOf(job.done));
        job.ending = [over(job, { type: "done", job: at })];
        return;
      }
      sharing.parts(site).then(
        (parts) => {
          const values = [...job.done, ...parts.flatMap(refsOf)].sort((a, b) => a - b);
          job.ending = [
            () => {
              if (jobs.get(at) === job) send({ type: "results", job: at, values: [values] });
            },
            over(job, { type: "done", job: at }),
          ];
        },
        (error: Error) => {
          const plain = { name: error.name, message: error.message };
          job.ending = [over(job, { type: "error", job: at, error: plain })];
        },
      );
    };

    const work = (job: Job) => () => {
      if (job.ending !== undefined) return job.ending.shift()?.();
      const ref = job.left.shift();
      if (ref === undefined) return end(job);
      if (!job.place.begin(ref)) return;
      if (throws(job.id, ref)) {
        const error = { name: "Error", message: `ref ${ref} of case ${job.id}` };
        return over(job, { type: "error", job: job.number, error })();
      }
      job.done.push(ref);
      count(job.number, job.id);
    };

    const worker: FakeWorker = {
      id,
      jobs,
      isAlive: true,
      posted,
      steps() {
        if (!worker.isAlive) return [];
        const steps: (() => void)[] = [];
        if (outbox.length > 0) steps.push(() => ears.hear(outbox.shift()!));
        if (inbox.length > 0) steps.push(() => hear(inbox.shift()!));
        if (!isReady) {
          if (!loads(id)) return [() => worker.die("it cannot be started")];
          steps.push(() => {
            isReady = true;
            send({ type: "ready" });
          });
          return steps;
        }
        for (const job of jobs.values()) {
          if (job.ending === undefined || job.ending.length > 0) steps.push(work(job));
        }
        return steps;
      },
      die(why = "it was killed") {
        if (!worker.isAlive) return;
        worker.isAlive = false;
        ears.lost(why);
      },
      say: (message) => ears.hear(message),
    };
    return Object.assign(worker, { inbox });
  };

  return {
    all,
    get living() {
      return all.filter(({ isAlive }) => isAlive);
    },
    begin: (_kind, start, ears) => {
      const worker = made(start.id, ears) as FakeWorker & { inbox: ToWorker[] };
      all.push(worker);
      return {
        post: (message) => {
          if (!worker.isAlive) return;
          worker.posted.push(message);
          worker.inbox.push(structuredClone(message));
        },
        end: async () => {
          worker.isAlive = false;
        },
        pid: undefined,
      };
    },
  };
};

/**
 * Worker threads that run cases of a pipeline. Each does one case at a time; cases wait in order for a free one.
 * A worker that dies fails the case it was at, all of it; another takes the next.
 */
import { Worker } from "node:worker_threads";
import { Observable, type Subscriber } from "rxjs";
import { EwbError } from "../model/errors.ts";
import { type FromWorker, revivedError, type ToWorker, type WorkerStart } from "./messages.ts";

interface Job {
  readonly index: number;
  readonly id: number;
  readonly subscriber: Subscriber<unknown>;
  /** What came so far. Given on when the case is done: rows of a worker that dies on its way would not be whole. */
  readonly values: unknown[];
}

interface Member {
  readonly worker: Worker;
  job: { readonly number: number; readonly job: Job } | undefined;
}

export interface WorkerPool {
  /** What one case gives; unsubscribing ends the worker that is at it. */
  run(index: number, id: number): Observable<unknown>;
  drain(): void;
  close(): Promise<void>;
}

/** Everything a worker says beside the results of its case. */
export type Hear = (message: Exclude<FromWorker, { type: "results" | "done" | "error" }>) => void;

export const workerPool = (size: number, start: WorkerStart, hear: Hear): WorkerPool => {
  const members = new Set<Member>();
  const waiting: Job[] = [];
  let numbers = 0;
  let draining = false;

  const add = (): Member => {
    // Types are stripped by the build: the worker's file has the extension of this one.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
    const worker = new Worker(new URL(`./worker${extension}`, import.meta.url), { workerData: start });
    const member: Member = { worker, job: undefined };
    members.add(member);
    worker.on("message", (message: FromWorker) => receive(member, message));
    worker.on("error", (cause) => lose(member, cause));
    worker.on("exit", (code) => lose(member, new Error(`it ended with code ${code}`)));
    return member;
  };

  const receive = (member: Member, message: FromWorker) => {
    if (message.type !== "results" && message.type !== "done" && message.type !== "error")
      return hear(message);
    const current = member.job;
    if (current === undefined || current.number !== message.job) return;
    const { subscriber, values } = current.job;
    if (message.type === "results") {
      for (const value of message.values) values.push(value);
      return;
    }
    member.job = undefined;
    if (message.type === "done") {
      for (const value of values) subscriber.next(value);
      subscriber.complete();
    } else {
      subscriber.error(revivedError(message.error));
    }
    next();
  };

  const lose = (member: Member, cause: Error) => {
    if (!members.delete(member)) return;
    const { job } = member;
    member.job = undefined;
    if (job !== undefined) {
      const message = `the worker at case ${job.job.id} died: ${cause.message}`;
      job.job.subscriber.error(new EwbError("Worker", message, {}, { cause }));
    }
    next();
  };

  const next = () => {
    while (waiting.length > 0) {
      const free =
        [...members].find(({ job }) => job === undefined) ?? (members.size < size ? add() : undefined);
      if (free === undefined) return;
      const job = waiting.shift()!;
      free.job = { number: numbers++, job };
      const message: ToWorker = { type: "case", job: free.job.number, index: job.index, id: job.id };
      free.worker.postMessage(message);
      if (draining) free.worker.postMessage({ type: "drain" } satisfies ToWorker);
    }
  };

  return {
    run: (index, id) =>
      new Observable((subscriber) => {
        const job: Job = { index, id, subscriber, values: [] };
        waiting.push(job);
        next();
        return () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          for (const member of members) {
            if (member.job?.job !== job) continue;
            members.delete(member);
            void member.worker.terminate();
            next();
          }
        };
      }),
    drain() {
      draining = true;
      for (const { worker } of members) worker.postMessage({ type: "drain" } satisfies ToWorker);
    },
    async close() {
      waiting.length = 0;
      const ending = [...members];
      members.clear();
      await Promise.all(ending.map(({ worker }) => worker.terminate()));
    },
  };
};

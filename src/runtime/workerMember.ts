/** Starts a worker: a thread, or a process of its own. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";
import { interruptBudget } from "./optimizeLate.ts";
import { newThread, workerFile, youngSpace } from "./workerThread.ts";

export type WorkerKind = "thread" | "process";

/** A worker as its coordinator sees it. */
export interface WorkerMember {
  post(message: ToWorker): void;
  end(): Promise<void>;
  readonly pid: number | undefined;
}

export interface WorkerEars {
  hear(message: FromWorker): void;
  /** It is gone, and did not say so before: why. Called once. */
  lost(why: string): void;
}

/**
 * Of two arenas of the C library's allocator the second is for other threads; more of them keep what they once had.
 */
const environment = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072" };

/** Built in, and loaded where it is needed: most runs have threads. */
const load = createRequire(import.meta.url);

/**
 * @param ahead threads that have begun already: the first of them is taken
 * @example const member = startWorker("thread", start, { hear, lost });
 */
export const startWorker = (
  kind: WorkerKind,
  start: WorkerStart,
  ears: WorkerEars,
  ahead: Worker[] = [],
): WorkerMember =>
  kind === "thread" ? thread(start, ears, ahead.shift() ?? newThread()) : child(start, ears);

const thread = (start: WorkerStart, { hear, lost }: WorkerEars, worker: Worker): WorkerMember => {
  worker.ref();
  const once = firstOnly(lost);
  worker.on("message", hear);
  worker.on("error", (cause) => once(cause.message));
  worker.on("exit", (code) => once(`it ended with code ${code}`));
  worker.postMessage(start);
  return {
    post: (message) => worker.postMessage(message),
    async end() {
      once.silence();
      await worker.terminate();
    },
    pid: undefined,
  };
};

const child = (start: WorkerStart, { hear, lost }: WorkerEars): WorkerMember => {
  const { fork } = load("node:child_process") as typeof import("node:child_process");
  const worker = fork(fileURLToPath(workerFile), {
    serialization: "advanced",
    env: { ...process.env, ...environment },
    execArgv: [...process.execArgv, `--max-semi-space-size=${youngSpace}`, interruptBudget],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const once = firstOnly(lost);
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  worker.on("message", (message) => hear(message as FromWorker));
  worker.on("error", (cause) => once(cause.message));
  worker.on("exit", (code, signal) =>
    once(
      signal === "SIGKILL"
        ? "it was killed (SIGKILL), most often by a memory limit, see docs/memory.md"
        : signal
          ? `it ended by ${signal}`
          : `it ended with code ${code}`,
    ),
  );
  worker.send(start);
  return {
    post: (message) => {
      if (worker.connected) worker.send(message, () => {});
    },
    async end() {
      once.silence();
      worker.kill("SIGKILL");
      await gone;
    },
    pid: worker.pid,
  };
};

/** Passes the first call on, and none once it was silenced. */
const firstOnly = (lost: (why: string) => void) => {
  let isOver = false;
  const first = (why: string) => {
    if (isOver) return;
    isOver = true;
    lost(why);
  };
  return Object.assign(first, {
    silence: () => {
      isOver = true;
    },
  });
};

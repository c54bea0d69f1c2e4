/** A run of the built program in a process of its own: its events as they come, its memory, and what is left of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { programPath } from "../../bench/oneRun.ts";
import { rowsHash } from "../../bench/rowsHash.ts";
import type { RunEvent, TickEvent } from "../../src/model/event.ts";
import { readRecords } from "../../src/sinks/parquet/readRows.ts";
import { cache, type Outcome, run, temporary } from "../cli/ewb.ts";
import type { Disturbance } from "./pipelines/disturbed.ts";
import { type TreeMemory, treeOf, watchTree } from "./treeMemory.ts";

/** Memory of a process tree is read from /proc. */
export const linux = existsSync("/proc/self/statm");
/** The long versions of tests: `npm run soak`. */
export const soak = process.env.EWB_SOAK === "1";

export const temperature = resolve("test/memory/pipelines/temperature.ts");

export interface WatchedOptions {
  readonly data: string;
  readonly memory?: string;
  readonly workers?: number;
  readonly as?: "thread" | "process";
  /** Further options of `ewb stream`. */
  readonly more?: readonly string[];
  readonly disturb?: Disturbance;
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds after which it hangs and is killed; 90 unless said. */
  readonly patience?: number;
}

export interface Watched {
  readonly pid: number;
  readonly events: readonly RunEvent[];
  readonly ticks: readonly TickEvent[];
  /** Bytes the tree holds now. */
  readonly rss: number;
  /** Processes of workers, now. */
  workers(): number[];
  readonly isOver: boolean;
  readonly done: Promise<Finished>;
}

export interface Finished extends Outcome {
  readonly signal: NodeJS.Signals | null;
  readonly hangs: boolean;
  readonly memory: TreeMemory;
  readonly events: readonly RunEvent[];
  readonly ticks: readonly TickEvent[];
  /** Number of rows and hash of what they say; undefined: no table. */
  readonly rows: string | undefined;
  readonly failures: readonly Readonly<Record<string, unknown>>[];
  /** What the flight recorder wrote; undefined: nothing. */
  readonly flight: Readonly<Record<string, any>> | undefined;
}

export const streamArguments = (options: WatchedOptions, out: string): string[] => [
  programPath(),
  ...["stream", temperature, "--json", "--data", options.data, "--out", out],
  ...(options.memory === undefined ? [] : ["--memory", options.memory]),
  ...(options.workers === undefined ? [] : ["--workers", `${options.workers}`]),
  ...(options.as === undefined ? [] : ["--workers-as", options.as]),
  ...(options.more ?? []),
];

export const environment = ({ disturb = {}, env = {} }: Partial<WatchedOptions>): Record<string, string> => ({
  EWB_CACHE: cache,
  NO_COLOR: "1",
  EWB_TEST_DISTURB: JSON.stringify(disturb),
  ...env,
});

/** Runs another command of the built program, such as `plan`. */
export const command = (...args: string[]): Promise<Outcome> =>
  run(process.execPath, [programPath(), ...args]);

export const streamed = (options: WatchedOptions): Promise<Finished> => watched(options).done;

export const watched = (options: WatchedOptions): Watched => {
  const out = temporary();
  const child: ChildProcess = spawn(process.execPath, streamArguments(options, out), {
    env: { ...process.env, ...environment(options) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid!;
  const watch = watchTree(pid);
  const events: RunEvent[] = [];
  const ticks: TickEvent[] = [];
  let [text, rest, err, hangs, isOver] = ["", "", "", false, false];
  child.stdout!.on("data", (part) => {
    text += part;
    const lines = `${rest}${part}`.split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (!line.startsWith("{")) continue;
      const event = JSON.parse(line) as RunEvent;
      events.push(event);
      if (event.event === "tick") ticks.push(event);
    }
  });
  child.stderr!.on("data", (part) => {
    err += part;
  });
  const patience = setTimeout(
    () => {
      hangs = true;
      for (const one of treeOf(pid).reverse()) process.kill(one, "SIGKILL");
    },
    1000 * (options.patience ?? 90),
  );
  const done = new Promise<Finished>((resolved, reject) => {
    child.on("error", reject).on("close", (code, signal) => {
      clearTimeout(patience);
      isOver = true;
      const memory = watch.stop();
      left(out).then(
        (found) => resolved({ code, signal, hangs, out: text, err, memory, events, ticks, ...found }),
        reject,
      );
    });
  });
  return {
    pid,
    events,
    ticks,
    get rss() {
      return watch.rss;
    },
    workers: () => treeOf(pid).filter(isWorker),
    get isOver() {
      return isOver;
    },
    done,
  };
};

const isWorker = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker.js");
  } catch {
    return false;
  }
};

/** Tables and recordings of a folder of results. */
export const left = async (out: string): Promise<Pick<Finished, "rows" | "failures" | "flight">> => {
  const table = join(out, "rows.parquet");
  const failures = join(out, "rows.failures.parquet");
  const flight = readdirSync(out).find((name) => name.endsWith(".flight.json"));
  const hashed = existsSync(table) ? await rowsHash(table) : undefined;
  return {
    rows: hashed && `${hashed.rows} ${hashed.hash}`,
    failures: existsSync(failures) ? (await readRecords(failures)).records : [],
    flight: flight === undefined ? undefined : JSON.parse(readFileSync(join(out, flight), "utf8")),
  };
};

/** What a person would want to read when a test of a run fails. */
export const story = ({ code, signal, hangs, err, events }: Finished): string =>
  [
    hangs ? "it hung" : `${signal ?? `exit ${code}`}`,
    err.trim().slice(-1500),
    ...events.flatMap((one) =>
      one.event === "warning" || one.event === "note"
        ? one.message
        : one.event === "failure"
          ? one.failure.message
          : [],
    ),
  ].join("\n");

/** Looks every 20 ms until it is so; throws after so many seconds. */
export const until = async (is: () => boolean, seconds = 60): Promise<void> => {
  for (const end = performance.now() + 1000 * seconds; !is(); ) {
    if (performance.now() > end) throw new Error(`not so after ${seconds} s: ${is}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

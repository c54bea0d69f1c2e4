/**
 * One run of the built program in a process of its own, watched from outside: wall, processor time, memory of the
 * process tree (every 20 ms), and what its events say (`--json`). `EWB_PROGRAM` names another `main.js` to measure.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TreeMemory, watchTree } from "../test/memory/treeMemory.ts";
import { rowsHash } from "./rowsHash.ts";

export interface OneRun {
  /** Why there is no result, in one line; undefined where the run ended complete. */
  readonly failed: string | undefined;
  /** Seconds of the whole process. */
  readonly wall: number;
  /** Seconds by the run's own clock: without start-up. */
  readonly inside: number | undefined;
  readonly cpu: number;
  readonly peakRss: number;
  readonly peakPss: number;
  readonly highWater: number;
  readonly curve: TreeMemory["curve"];
  readonly rows: number | undefined;
  readonly hash: string | undefined;
  readonly bytesRead: number | undefined;
  readonly requests: number | undefined;
  /** Bytes read by bytes needed once, where the program says it. */
  readonly amplification: number | undefined;
  /** Largest share of the budget that was admitted (units and cache) while work waited for memory. */
  readonly admitted: number | undefined;
  /** The budget by the run's own word: what is left of `--memory` above the baseline. */
  readonly budget: number | undefined;
  readonly workers: number | undefined;
  readonly load: number;
  /** Folder of results, where it was kept. */
  readonly out: string;
}

export interface OneRunOptions {
  readonly pipeline: string;
  readonly data: string;
  readonly memory?: string;
  readonly workers?: number;
  readonly more?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly pss?: boolean;
  /** Keep the folder of results. */
  readonly keep?: boolean;
  /** Seconds until the run is given up. */
  readonly patience?: number;
}

export const programPath = (): string => resolve(process.env.EWB_PROGRAM ?? "dist/cli/main.js");

/** What a report calls it: no paths of a machine. */
export const programName = (): string =>
  process.env.EWB_PROGRAM === undefined ? "this state of the code" : "another build (EWB_PROGRAM)";

/** Arguments of `ewb stream` for a run that says what it does. */
export const streamArguments = (options: OneRunOptions, out: string): string[] => [
  programPath(),
  "stream",
  options.pipeline,
  ...["--json", "--data", options.data, "--out", out],
  ...(options.memory === undefined ? [] : ["--memory", options.memory]),
  ...(options.workers === undefined ? [] : ["--workers", `${options.workers}`]),
  ...(options.more ?? []),
];

export const oneRun = async (options: OneRunOptions): Promise<OneRun> => {
  const out = mkdtempSync(join(tmpdir(), "ewb-bench-out-"));
  const began = performance.now();
  const child = spawn(process.execPath, streamArguments(options, out), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...options.env },
  });
  const watch = watchTree(child.pid!, { pss: options.pss ?? false });
  const said = heard();
  let err = "";
  child.stdout.on("data", (part) => said.text(`${part}`));
  child.stderr.on("data", (part) => {
    err = `${err}${part}`.slice(-4000);
  });
  let late = false;
  const patience = setTimeout(
    () => {
      late = true;
      child.kill("SIGKILL");
    },
    1000 * (options.patience ?? 300),
  );
  const [code, signal] = await new Promise<[number | null, string | null]>((done, reject) => {
    child.on("error", reject).on("close", (...end) => done(end));
  });
  clearTimeout(patience);
  const wall = (performance.now() - began) / 1000;
  const { curve, peakRss, peakPss, highWater, cpuSeconds } = watch.stop();
  const table = join(out, "rows.parquet");
  const result = existsSync(table) ? await rowsHash(table) : undefined;
  const failed = late
    ? `not over after ${options.patience ?? 300} s`
    : code === 0 && said.state === "complete" && result !== undefined
      ? undefined
      : `${signal ?? `exit ${code}`}${said.failure ?? (err === "" ? "" : `: ${reasonOf(err)}`)}`;
  if (!options.keep) rmSync(out, { recursive: true, force: true });
  return {
    ...{ failed, wall, cpu: cpuSeconds, peakRss, peakPss, highWater, curve, out },
    ...{ rows: result?.rows, hash: result?.hash, load: loadavg()[0]! },
    ...said.facts(),
  };
};

/** The line of a log that says why: of an error nobody caught the last one names only Node. */
const reasonOf = (log: string): string => {
  const lines = log.trim().split("\n");
  return lines.find((line) => /^\w*Error\b|^ewb:/.test(line.trim()))?.trim() ?? lines.at(-1)!;
};

/** Listens to the events; takes old and new fields, and leaves undefined what a program does not say. */
const heard = () => {
  let rest = "";
  let [last, budget, workers]: [any, number | undefined, number | undefined] = [
    undefined,
    undefined,
    undefined,
  ];
  let admitted: number | undefined;
  const seen: { state: string | undefined; failure: string | undefined } = {
    state: undefined,
    failure: undefined,
  };
  const event = (one: any) => {
    if (one.event === "hello") [budget, workers] = [one.memory?.budget, one.workers?.length ?? one.workers];
    if (one.event === "failure") seen.failure ??= `: ${one.failure?.message ?? one.message}`;
    if (one.event === "end") seen.state = one.state;
    if (one.event !== "tick" && one.event !== "end") return;
    if (one.event === "tick") {
      last = one;
      budget = one.memory?.budget ?? budget;
      // Units that wait for their turn on the processor do not wait for memory.
      const waits = one.stages?.waitMemory ?? 0;
      if (waits > 0 && one.memory?.units !== undefined && one.memory.budget > 0) {
        const share = (one.memory.units + (one.memory.cache ?? 0)) / one.memory.budget;
        admitted = Math.max(admitted ?? 0, share);
      }
    }
    if (one.bytes?.amplification != null) last = { ...last, amplification: one.bytes.amplification };
  };
  return {
    get state() {
      return seen.state;
    },
    get failure() {
      return seen.failure;
    },
    text(part: string) {
      const lines = `${rest}${part}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (!line.startsWith("{")) continue;
        try {
          event(JSON.parse(line));
        } catch {
          // A line cut short by the end of its process.
        }
      }
    },
    facts: () => ({
      inside: last?.t as number | undefined,
      bytesRead: last?.bytes?.read as number | undefined,
      requests: last?.requests?.total as number | undefined,
      amplification: last?.amplification as number | undefined,
      ...{ admitted, budget, workers },
    }),
  };
};

/** Files of a folder of results with a given ending. */
export const resultFiles = (out: string, ending: string): string[] =>
  readdirSync(out)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(out, name));

/** Runs the built command line in a process of its own, as a user does. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The sample is made once for all tests. */
export const cache = resolve("node_modules/.cache/ewb-test");

export const temporary = (): string => mkdtempSync(join(tmpdir(), "ewb-test-"));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface EwbOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process once it runs. */
  readonly with?: (child: ChildProcess) => void;
}

export const ewb = (args: readonly string[], options: EwbOptions = {}): Promise<Outcome> =>
  run(process.execPath, [resolve("dist/cli/main.js"), ...args], options);

export const run = (command: string, args: readonly string[], options: EwbOptions = {}): Promise<Outcome> =>
  new Promise((done, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? process.cwd(),
      env: { ...process.env, EWB_CACHE: cache, NO_COLOR: "1", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (part) => {
      out += part;
    });
    child.stderr.on("data", (part) => {
      err += part;
    });
    child.on("error", reject);
    child.on("close", (code) => done({ code, out, err }));
    options.with?.(child);
  });

/** A watch in a process of its own, and what it says as JSON. */
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";
import { cache } from "./ewb.ts";

export interface Watching {
  readonly child: ChildProcess;
  /** The next event of which `is` holds, of those not yet waited for; rejects where the process ends before. */
  until(is: (event: any) => boolean): Promise<any>;
  /** Resolves when it has said nothing for two seconds: what comes then has a reason; what was said is forgotten. */
  quiet(): Promise<void>;
  /** Every line of standard output so far. */
  readonly lines: readonly string[];
  readonly ended: Promise<{ readonly code: number | null; readonly err: string }>;
}

export const watching = (args: readonly string[]): Watching => {
  const command = [resolve("dist/cli/main.js"), "watch", ...args, "--json"];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, EWB_CACHE: cache, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  let [rest, err, next, isOver] = ["", "", 0, false];
  let wake = () => {};
  child.stdout.on("data", (part) => {
    const parts = (rest + part).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
    wake();
  });
  child.stderr.on("data", (part) => {
    err += part;
  });
  const ended = new Promise<{ code: number | null; err: string }>((done) => {
    child.on("close", (code) => {
      isOver = true;
      wake();
      done({ code, err });
    });
  });
  return {
    child,
    lines,
    ended,
    async quiet() {
      for (let before = -1; before !== lines.length; ) {
        before = lines.length;
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
      next = lines.length;
    },
    async until(is) {
      for (;;) {
        for (; next < lines.length; next++) {
          const event = JSON.parse(lines[next]!);
          if (!is(event)) continue;
          next += 1;
          return event;
        }
        if (isOver) throw new Error(`the watch has ended\n${lines.join("\n")}\n${err}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
};

export const isDone = (event: any): boolean => event.event === "turn" && event.state === "done";

/**
 * A command of the shell that is told of a published table: JSON on its standard input, `EWB_TABLE`, `EWB_ADDED` and
 * `EWB_CHANGED` in its environment. What it prints goes to standard error. It has a minute; then it, and what it
 * has started, is killed.
 */
import { spawn } from "node:child_process";
import type { Alert } from "./alerts.ts";

/** Milliseconds. */
const patience = 60_000;

export const shellAlert =
  (command: string, limit = patience): Alert =>
  (published, signal) =>
    new Promise((resolve, reject) => {
      const { table, added, changed } = published;
      const isUnix = process.platform !== "win32";
      const child = spawn(command, {
        shell: true,
        // A process group of its own, so that all of it can be killed.
        detached: isUnix,
        stdio: ["pipe", 2, 2],
        env: { ...process.env, EWB_TABLE: table, EWB_ADDED: `${added}`, EWB_CHANGED: `${changed}` },
      });
      let why: string | undefined;
      const kill = (reason: string) => {
        why ??= reason;
        try {
          if (isUnix && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
          else child.kill("SIGKILL");
        } catch {
          // It is over.
        }
      };
      const ended = () => kill("the watch has ended");
      const late = setTimeout(() => kill(`it took longer than ${limit / 1000} s`), limit);
      const over = (failed?: string) => {
        clearTimeout(late);
        signal.removeEventListener("abort", ended);
        if (failed === undefined) resolve();
        else reject(new Error(`--on-new-rows: ${failed}`));
      };
      signal.addEventListener("abort", ended, { once: true });
      child.on("error", (error) => over(error.message));
      child.on("exit", (code, by) => {
        if (why !== undefined) over(`the command was killed: ${why}`);
        else over(code === 0 ? undefined : `the command ended with ${code === null ? by : `code ${code}`}`);
      });
      child.stdin?.on("error", () => {}); // it does not read
      child.stdin?.end(`${JSON.stringify(published)}\n`);
    });

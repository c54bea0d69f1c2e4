/** Commands that end in `&`, as a shell has them: `wait %1` and `kill -9 %2` name them in the order of their start. */
import type { ChildProcess } from "node:child_process";
import { ewb, type Outcome } from "../cli/ewb.ts";

const well: Outcome = { code: 0, out: "", err: "" };

export class Jobs {
  readonly #jobs: { readonly child: ChildProcess; readonly over: Promise<Outcome> }[] = [];

  /** Undefined: the command is none of a job. */
  run(command: string, cwd: string): Promise<Outcome> | undefined {
    const [, begun] = /^npx ewb (.*) &$/.exec(command) ?? [];
    if (begun !== undefined) return this.#start(begun.split(/\s+/), cwd);
    if (/^sleep \d+$/.test(command)) return Promise.resolve(well); // what it waits for is there: see #start
    const [, act, number] = /^(wait|kill -9) %(\d+)$/.exec(command) ?? [];
    if (act === undefined) return undefined;
    const { child, over } = this.#jobs[Number(number) - 1]!;
    if (act === "wait") return over;
    if (child.exitCode !== null) return over; // it should not have ended
    child.kill("SIGKILL");
    return over.then(() => well);
  }

  end(): void {
    for (const { child } of this.#jobs) child.kill("SIGKILL");
  }

  /** Resolves with its first words: what the next command needs is there. */
  #start(args: readonly string[], cwd: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const over = ewb(args, {
        cwd,
        with: (child) => {
          this.#jobs.push({ child, over: Promise.resolve().then(() => over) });
          const speaks = () => resolve(well);
          child.stdout!.once("data", speaks);
          child.stderr!.once("data", speaks);
        },
      });
      void over.then(resolve);
    });
  }
}

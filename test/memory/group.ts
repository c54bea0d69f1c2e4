/**
 * Runs a command in a memory group of so many bytes without swap, and says whether it was killed.
 *
 * A control group (version 2 or 1) where this machine lets us make one: the kernel counts anonymous memory, page
 * cache (which it takes back first) and its own buffers of the whole tree. Elsewhere a watchdog that looks at the
 * tree's resident size every 5 ms and kills it above the limit.
 */
import { spawn } from "node:child_process";
import { type GroupKind, kill, makeGroup } from "./controlGroup.ts";
import { type TreeMemory, treeOf, watchTree } from "./treeMemory.ts";

export interface GroupOutcome {
  readonly kind: GroupKind;
  /** The kernel or the watchdog killed a process of the group. */
  readonly killed: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly seconds: number;
  readonly memory: TreeMemory;
  /** Most that the group was charged with, page cache included; undefined with a watchdog. */
  readonly charged: number | undefined;
  /** How often the limit was met and something had to be taken back; undefined with a watchdog. */
  readonly limitMet: number | undefined;
  readonly out: string;
  readonly err: string;
}

export interface GroupOptions {
  /** Bytes the group may hold. */
  readonly limit: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Take this kind instead of the best there is. */
  readonly kind?: GroupKind;
  /** Called with the process id once it runs. */
  readonly with?: (pid: number) => void;
}

/**
 * Runs `command` to its end in a group of its own and removes the group.
 *
 * @example const { killed } = await runInGroup(process.execPath, ["a.js"], { limit: 384 * 2 ** 20 });
 */
export const runInGroup = async (
  command: string,
  args: readonly string[],
  options: GroupOptions,
): Promise<GroupOutcome> => {
  const group = makeGroup(options.limit, options.kind);
  const began = performance.now();
  try {
    const child = spawn("sh", ["-c", `${group.enter}exec "$0" "$@"`, command, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const [pid, texts] = [child.pid!, { out: "", err: "" }];
    child.stdout.on("data", (part) => {
      texts.out += part;
    });
    child.stderr.on("data", (part) => {
      texts.err += part;
    });
    let shot = false;
    const guards = group.kind === "watchdog";
    const watch = watchTree(pid, {
      every: guards ? 5 : 20,
      onSample: (rss) => {
        if (!guards || rss <= options.limit || shot) return;
        shot = true;
        for (const one of treeOf(pid).reverse()) kill(one);
      },
    });
    options.with?.(pid);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, reject) => {
      child.on("error", reject).on("close", (...end) => done(end));
    }).finally(() => watch.stop());
    const { kills, charged, limitMet } = group.counts();
    return {
      kind: group.kind,
      killed: shot || kills > 0,
      code,
      signal,
      seconds: (performance.now() - began) / 1000,
      memory: watch.stop(),
      charged,
      limitMet,
      ...texts,
    };
  } finally {
    await group.remove();
  }
};

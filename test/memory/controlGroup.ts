/** Memory groups: made, asked what happened in them, removed. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";

export type GroupKind = "cgroup2" | "cgroup1" | "watchdog";

export interface Group {
  readonly kind: GroupKind;
  /** Shell words that put the process in the group before it becomes the command. */
  readonly enter: string;
  counts(): { readonly kills: number; readonly charged?: number; readonly limitMet?: number };
  remove(): Promise<void>;
}

/** The best kind there is, or the one that is asked for; throws where that one cannot be made. */
export const makeGroup = (limit: number, kind?: GroupKind): Group => {
  const makers = { cgroup2: group2, cgroup1: group1, watchdog };
  for (const name of kind === undefined ? (["cgroup2", "cgroup1"] as const) : [kind]) {
    try {
      return makers[name](limit);
    } catch (cause) {
      if (kind !== undefined) throw cause; // Asked for by name: not to be replaced.
    }
  }
  return watchdog();
};

const watchdog = (): Group => ({
  kind: "watchdog",
  enter: "",
  counts: () => ({ kills: 0 }),
  remove: async () => {},
});

const group1 = (limit: number): Group => {
  const folder = newFolder(
    "/sys/fs/cgroup/memory",
    "memory.limit_in_bytes",
    /^\d+:(?:.*,)?memory(?:,.*)?:(.*)$/m,
  );
  const write = (name: string, value: number) => writeFileSync(join(folder, name), `${value}`);
  return limited(folder, () => {
    write("memory.limit_in_bytes", limit);
    write("memory.swappiness", 0);
    // Memory and swap together: only where the kernel counts swap.
    if (existsSync(join(folder, "memory.memsw.limit_in_bytes"))) write("memory.memsw.limit_in_bytes", limit);
    return {
      kind: "cgroup1",
      counts: () => ({
        kills: number(folder, "memory.oom_control", /oom_kill (\d+)/),
        charged: number(folder, "memory.max_usage_in_bytes", /(\d+)/),
        limitMet: number(folder, "memory.failcnt", /(\d+)/),
      }),
    };
  });
};

const group2 = (limit: number): Group => {
  const folder = newFolder("/sys/fs/cgroup", "memory.max", /^0::(.*)$/m);
  return limited(folder, () => {
    writeFileSync(join(folder, "memory.max"), `${limit}`);
    if (existsSync(join(folder, "memory.swap.max"))) writeFileSync(join(folder, "memory.swap.max"), "0");
    return {
      kind: "cgroup2",
      counts: () => ({
        kills: number(folder, "memory.events", /^oom_kill (\d+)/m),
        ...(existsSync(join(folder, "memory.peak"))
          ? { charged: number(folder, "memory.peak", /(\d+)/) }
          : {}),
        limitMet: number(folder, "memory.events", /^max (\d+)/m),
      }),
    };
  });
};

const limited = (folder: string, set: () => Pick<Group, "kind" | "counts">): Group => {
  try {
    return {
      ...set(),
      enter: `echo $$ > '${folder}/cgroup.procs' || exit 125; `,
      remove: () => remove(folder),
    };
  } catch (cause) {
    rmdirSync(folder);
    throw cause;
  }
};

/** Makes a group inside our own, or at the root where ours is not to be seen; throws where it has no `needed` file. */
const newFolder = (root: string, needed: string, own: RegExp): string => {
  const ours = join(root, own.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/");
  const name = `ewb-${process.pid}-${performance.now().toFixed(0)}`;
  const folder = join(existsSync(ours) ? ours : root, name);
  mkdirSync(folder);
  if (existsSync(join(folder, needed))) return folder;
  rmdirSync(folder);
  throw new Error(`${folder} has no ${needed}: no control of memory here`);
};

/** A group can be removed once the kernel has let go of its last process. */
const remove = async (folder: string): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) {
    for (const pid of readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n")) {
      if (pid !== "") kill(Number(pid));
    }
    try {
      rmdirSync(folder);
      return;
    } catch {
      await after(10);
    }
  }
  throw new Error(`the memory group ${folder} is still busy`);
};

/** Kills a process, if it is there. */
export const kill = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is over.
  }
};

const number = (folder: string, name: string, pattern: RegExp): number =>
  Number(pattern.exec(readFileSync(join(folder, name), "utf8"))?.[1] ?? 0);

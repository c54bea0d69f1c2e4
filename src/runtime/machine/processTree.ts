/**
 * Memory of this process and all its descendants, from /proc. Elsewhere (macOS, Windows) only the own process can be
 * asked without starting another.
 *
 * Two steps, for they differ in cost: `descendants` searches (dear where the kernel lists no children: every process
 * of the machine is looked at), `residentOf` reads one small file a process (20 us). Search when children are started
 * and now and then; read as often as you like.
 *
 * The kernel's counters lag by some pages a thread; pages of files, such as the node program itself, are counted in
 * every process that has them, as the watchers of batch systems do.
 */
import { numbersOf } from "./controlGroup.ts";
import type { System } from "./system.ts";

/** Bytes. `anonymous` is what only this process has: heaps, buffers, wasm. */
export interface ProcessMemory {
  readonly resident: number;
  readonly anonymous: number;
  readonly file: number;
  readonly shared: number;
}

/** Memory of one process; undefined where it is gone or cannot be seen. */
export const processMemory = (system: System, pid: number): ProcessMemory | undefined => {
  const of = numbersOf(system.read(`/proc/${pid}/status`));
  const bytes = (name: string) => (of.get(name) ?? 0) * 1024;
  if (!of.has("VmRSS")) return undefined; // kernel threads and zombies have none
  return {
    resident: bytes("VmRSS"),
    anonymous: bytes("RssAnon"),
    file: bytes("RssFile"),
    shared: bytes("RssShmem"),
  };
};

/** Ids of the children of `pid`, their children, and so on. */
export const descendants = (system: System, pid: number): readonly number[] => {
  const found = new Set<number>();
  const childrenOf = listsChildren(system) ? listedChildren(system) : scannedChildren(system);
  const visit = (parent: number) => {
    for (const child of childrenOf(parent)) {
      if (child === pid || found.has(child)) continue; // an id may be used again while we look
      found.add(child);
      visit(child);
    }
  };
  visit(pid);
  return [...found];
};

/** Resident bytes of the given processes together; those that are gone count nothing. */
export const residentOf = (system: System, pids: readonly number[]): number =>
  pids.reduce(
    (sum, pid) => sum + (pid === system.pid ? system.ownRss() : (processMemory(system, pid)?.resident ?? 0)),
    0,
  );

/**
 * Resident bytes of `pid` and all its descendants.
 * @example treeRss(thisSystem(), process.pid)
 */
export const treeRss = (system: System, pid: number): number =>
  residentOf(system, [pid, ...descendants(system, pid)]);

/** Whether the kernel keeps lists of children (CONFIG_PROC_CHILDREN). */
const listsChildren = (system: System): boolean =>
  system.read(`/proc/${system.pid}/task/${system.pid}/children`) !== undefined;

/** A child belongs to the thread that started it. */
const listedChildren = (system: System) => (parent: number) =>
  system
    .list(`/proc/${parent}/task`)
    .flatMap((thread) => (system.read(`/proc/${parent}/task/${thread}/children`) ?? "").split(" "))
    .filter(Boolean)
    .map(Number);

/** Parents of all processes, read once. The name of a program may hold blanks and brackets: read behind the last. */
const scannedChildren = (system: System) => {
  const children = new Map<number, number[]>();
  for (const name of system.list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = system.read(`/proc/${name}/stat`) ?? "";
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return (parent: number): readonly number[] => children.get(parent) ?? [];
};

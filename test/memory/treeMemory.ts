/**
 * Resident memory of a process and all its descendants, sampled from /proc (Linux).
 *
 * Every sample reads `statm` of the known processes (some 10 us each); who belongs to the tree is looked up only
 * every 100 ms, since a process has a file of children for each of its threads. Shared pages count in each process
 * that has them, so the sum is never below the truth. A process that lives for less than 100 ms may be missed.
 */
import { readdirSync, readFileSync } from "node:fs";

export interface TreeSample {
  /** Milliseconds since the watch began. */
  readonly at: number;
  /** Bytes resident, summed over the tree. */
  readonly rss: number;
}

export interface TreeMemory {
  /** Largest sum of resident sizes, bytes; 0 where there is no /proc. */
  readonly peakRss: number;
  /** Largest sum of proportional sizes (a shared page counts once), bytes; 0 unless asked for with `pss`. */
  readonly peakPss: number;
  /** Sum over all processes seen of what the kernel says each held at most (VmHWM), bytes: nothing slips between samples. */
  readonly highWater: number;
  /** Most processes alive at once. */
  readonly processes: number;
  /** Processor time of the tree, seconds, as last seen of each process. */
  readonly cpuSeconds: number;
  readonly curve: readonly TreeSample[];
}

export interface TreeWatch {
  /** What the last sample said, bytes. */
  readonly rss: number;
  /** Ends the watch. May be called again. */
  stop(): TreeMemory;
}

export interface TreeOptions {
  /** Milliseconds between samples; 20 unless said. */
  readonly every?: number;
  /** Also proportional sizes, every 100 ms: costs the process a walk over its pages. */
  readonly pss?: boolean;
  /** Called after each sample with the bytes resident. */
  readonly onSample?: (rss: number, pids: readonly number[]) => void;
}

/** Milliseconds between looks at who belongs to the tree. */
const relations = 100;
const clockTicks = 100;

/** Watches the tree below `root` until `stop`, or until the process is over. */
export const watchTree = (root: number, options: TreeOptions = {}): TreeWatch => {
  const { every = 20, pss = false, onSample } = options;
  const began = performance.now();
  const curve: TreeSample[] = [];
  const highest = new Map<number, { readonly bytes: number; readonly cpu: number }>();
  let pids: readonly number[] = [root];
  let looked = Number.NEGATIVE_INFINITY;
  let [peakRss, peakPss, processes, rss] = [0, 0, 0, 0];
  const sample = () => {
    const at = performance.now() - began;
    if (at - looked >= relations) {
      looked = at;
      pids = treeOf(root);
      for (const pid of pids) highest.set(pid, factsOf(pid) ?? highest.get(pid) ?? { bytes: 0, cpu: 0 });
      processes = Math.max(processes, pids.length);
      if (pss) peakPss = Math.max(peakPss, sum(pids, pssOf));
    }
    rss = sum(pids, rssOf);
    peakRss = Math.max(peakRss, rss);
    curve.push({ at, rss });
    onSample?.(rss, pids);
  };
  sample();
  const timer = setInterval(sample, every);
  return {
    get rss() {
      return rss;
    },
    stop() {
      clearInterval(timer);
      const all = [...highest.values()];
      return {
        peakRss,
        peakPss,
        highWater: all.reduce((total, { bytes }) => total + bytes, 0),
        processes,
        cpuSeconds: all.reduce((total, { cpu }) => total + cpu, 0),
        curve,
      };
    },
  };
};

/** The process and its descendants; of those that are gone, nothing. */
export const treeOf = (root: number): number[] => {
  const found = [root];
  for (const pid of found) {
    for (const thread of list(`/proc/${pid}/task`)) {
      const children = text(`/proc/${pid}/task/${thread}/children`) ?? "";
      for (const child of children.split(" ")) if (child !== "") found.push(Number(child));
    }
  }
  return found;
};

/** Bytes resident of one process; 0 where it is gone. */
const rssOf = (pid: number): number => Number(text(`/proc/${pid}/statm`)?.split(" ")[1] ?? 0) * pageBytes;

const pssOf = (pid: number): number => kilobytes(text(`/proc/${pid}/smaps_rollup`), "Pss") * 1024;

/** High-water mark and processor seconds; undefined where the process is gone. */
const factsOf = (pid: number): { bytes: number; cpu: number } | undefined => {
  const bytes = kilobytes(text(`/proc/${pid}/status`), "VmHWM") * 1024;
  // The name of the command, in parentheses, may hold blanks: user and system time are the 12th and 13th after it.
  const stat = text(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ");
  const cpu = (Number(stat?.[11] ?? 0) + Number(stat?.[12] ?? 0)) / clockTicks;
  return bytes === 0 ? undefined : { bytes, cpu };
};

const kilobytes = (file: string | undefined, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(file ?? "")?.[1] ?? 0);

const sum = (pids: readonly number[], of: (pid: number) => number): number =>
  pids.reduce((total, pid) => total + of(pid), 0);

const text = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // The process is over, or this is not Linux.
  }
};

const list = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** `smaps` says the size of a page; where it cannot be read it is the usual one. */
const pageBytes = kilobytes(text("/proc/self/smaps"), "KernelPageSize") * 1024 || 4096;

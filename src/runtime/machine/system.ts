/**
 * `System`: everything this folder asks of the machine, so that a test can be a Slurm node, a container or a Mac.
 * Files of /proc and /sys are small and made by the kernel when they are read: reading them waits for no disk.
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";

export interface System {
  /** `"linux"`, `"darwin"`, `"win32"` ... */
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** Text of a file; undefined where it cannot be read. */
  read(path: string): string | undefined;
  /** Names in a folder; none where it cannot be read. */
  list(path: string): readonly string[];
  /** Physical memory, bytes. */
  totalMemory(): number;
  /** Cores that Node would use. */
  availableParallelism(): number;
  /** Resident bytes of this process, all its threads included. */
  ownRss(): number;
}

/** The machine this process runs on. */
export const thisSystem = (): System => ({
  platform: process.platform,
  env: process.env,
  pid: process.pid,
  read: (path) => attempt(() => readFileSync(path, "utf8")),
  list: (path) => attempt(() => readdirSync(path)) ?? [],
  totalMemory: totalmem,
  availableParallelism,
  ownRss: () => process.memoryUsage.rss(),
});

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined; // no such file, not ours to read, or the process ended meanwhile
  }
};

/**
 * What processes that were killed have left of tables. Who writes tables says under its name (`partName.ts`), in the cache
 * folder, which process it is; a file goes only where that was a process of this user on this machine that is there no
 * more. Before this start of the machine it may have been another one of the same name: then a file goes when nobody has
 * written it for a day. What nobody has said anything of stays.
 */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { writer, writerIn } from "../sinks/partName.ts";
import { startOf } from "./ledger/owner.ts";
import type { System } from "./machine/system.ts";

interface Writer {
  readonly pid: number;
  /** This machine, and what numbers of processes count in. */
  readonly place: string;
  readonly started: string;
}

export interface Leftovers {
  /** Files that were removed. */
  readonly removed: readonly string[];
  /** This process writes no more tables. */
  end(): void;
}

/** Days for which is kept what a process said that was killed. */
const keptFor = 90;

/**
 * Removes them from a folder, and says who writes there from now on. Does nothing where the system does not tell.
 *
 * @param folder where tables are written; `cache`: the cache folder
 */
export const leftovers = (
  folder: string,
  cache: string,
  system: Pick<System, "pid" | "read">,
  host: string,
): Leftovers => {
  const writers = join(cache, "writers");
  const fileOf = (name: string) => join(writers, `${name}.json`);
  const removed: string[] = [];
  const none = { removed, end: () => {} };
  const started = startOf(system, system.pid);
  if (started === null) return none;
  try {
    const place = `${host} ${readlinkSync("/proc/self/ns/pid")}`;
    const goneAt = (name: string): Writer | undefined => {
      const of = writerAt(fileOf(name));
      return of?.place === place && startOf(system, of.pid) !== of.started ? of : undefined;
    };
    mkdirSync(writers, { recursive: true });
    writeFileSync(fileOf(writer), JSON.stringify({ pid: system.pid, place, started } satisfies Writer));
    const own = statSync(fileOf(writer));
    const daysOf = ({ mtimeMs }: Stats) => (own.mtimeMs - mtimeMs) / 86_400_000;
    for (const name of namesIn(folder)) {
      const by = writerIn(name);
      const gone = by === undefined ? undefined : goneAt(by);
      const file = gone && lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (file?.uid !== own.uid || (bootOf(gone!.started) !== bootOf(started) && daysOf(file) < 1)) continue;
      rmSync(join(folder, name), { force: true });
      removed.push(name);
    }
    for (const name of namesIn(writers)) {
      const said = statSync(join(writers, name), { throwIfNoEntry: false });
      if (said && daysOf(said) > keptFor && goneAt(name.replace(/\.json$/, "")))
        rmSync(join(writers, name), { force: true });
    }
  } catch {
    return none; // a folder that cannot be read or written: the run will say it
  }
  return { removed, end: () => rmSync(fileOf(writer), { force: true }) };
};

export const leftText = (removed: readonly string[]): string =>
  `unfinished files of runs that were killed were removed: ${removed.join(", ")}`;

/** Which start of the machine it was (`startOf`). */
const bootOf = (started: string): string | undefined => started.split(" ")[0];

const writerAt = (path: string): Writer | undefined => {
  try {
    const found: Partial<Writer> | null = JSON.parse(readFileSync(path, "utf8"));
    const isWhole = typeof found?.pid === "number" && typeof found.started === "string";
    return isWhole ? (found as Writer) : undefined;
  } catch {
    return undefined;
  }
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

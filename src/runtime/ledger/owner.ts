/**
 * Who has a ledger: `owner.json` beside the database says it in words. The lock is the database's own, which the system
 * frees when a process ends however it ends, so a file left by a dead process is only out of date. Where a file system
 * has no locks, an owner on this host that is still the same process (a number is used again: its start is compared)
 * is believed.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EwbError } from "../../model/errors.ts";
import type { System } from "../machine/system.ts";

export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it opened the ledger, ISO 8601. */
  readonly since: string;
  /** When its process started, in words of the system; null where it does not say. */
  readonly started: string | null;
}

const fileOf = (folder: string): string => join(folder, "owner.json");

export const readOwner = async (folder: string): Promise<Owner | undefined> => {
  try {
    const owner: Partial<Owner> | null = JSON.parse(await readFile(fileOf(folder), "utf8"));
    return typeof owner?.pid === "number" && typeof owner.since === "string" ? (owner as Owner) : undefined;
  } catch {
    return undefined; // none, or not whole: the lock decides
  }
};

export const writeOwner = (folder: string, owner: Owner): Promise<void> =>
  writeFile(fileOf(folder), `${JSON.stringify(owner)}\n`);

export const removeOwner = (folder: string): Promise<void> => rm(fileOf(folder), { force: true });

/** When a process started, and since which start of the machine; null where nothing says it, or it is gone. */
export const startOf = (system: Pick<System, "read">, pid: number): string | null => {
  const stat = system.read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  // One that has ended and that nobody has asked about yet holds nothing.
  const ticks = fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  const boot = system.read("/proc/sys/kernel/random/boot_id")?.trim();
  return ticks === undefined || boot === undefined ? null : `${boot} ${ticks}`;
};

/** Whether `owner` is another process of this host, and still there. */
export const isThere = (owner: Owner, system: Pick<System, "read" | "pid">, host: string): boolean =>
  owner.host === host &&
  owner.pid !== system.pid &&
  owner.started !== null &&
  startOf(system, owner.pid) === owner.started;

export const ownedBy = (folder: string, owner: Owner | undefined, cause?: unknown): EwbError => {
  const who =
    owner === undefined ? "another process" : `process ${owner.pid} on ${owner.host} since ${owner.since}`;
  return new EwbError(
    "LedgerOwned",
    `the ledger ${folder} is in use by ${who}: one run at a time may have it; stop that one, or choose another folder`,
    { source: folder },
    { cause },
  );
};

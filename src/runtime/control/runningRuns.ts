/** The user's runs on this machine that can be steered. */
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { askRun, type RunAddress } from "./controlClient.ts";
import { type ControlPlace, checkFolder, idOfSocket, socketFolders } from "./controlPlace.ts";
import { refuses } from "./refuses.ts";
import type { Status } from "./status.ts";

/** Without `status` where it did not answer in time. */
export interface RunningRun extends RunAddress {
  readonly status?: Status;
}

export interface RunningRuns {
  readonly runs: readonly RunningRun[];
  /** Folders that were not looked into, and why. */
  readonly problems: readonly string[];
}

/** Milliseconds that a run has to answer. */
const patience = 2000;
/** Milliseconds after which a socket that nobody listens at is no run that just begins. */
const beginning = 5000;

/**
 * Those whose id is `wanted` or, where there is none, begins with it; sorted. Sockets of dead runs are removed.
 *
 * @example const { runs } = await runningRuns(controlPlace(), "heat");
 */
export const runningRuns = async (
  place: ControlPlace,
  wanted = "",
  wait = patience,
): Promise<RunningRuns> => {
  const found: RunAddress[] = [];
  const problems: string[] = [];
  for (const folder of socketFolders(place)) {
    try {
      await checkFolder(folder, place);
      for (const name of await readdir(folder)) {
        const id = idOfSocket(name, place);
        if (id?.startsWith(wanted)) found.push({ id, address: join(folder, name) });
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") problems.push(message);
    }
  }
  const asked = await Promise.all(found.map((run) => alive(run, place, wait)));
  const runs = asked.filter((run) => run !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
  const exact = runs.filter(({ id }) => id === wanted);
  return { runs: exact.length > 0 ? exact : runs, problems };
};

const alive = async (
  run: RunAddress,
  { platform }: ControlPlace,
  wait: number,
): Promise<RunningRun | undefined> => {
  if (platform !== "win32" && (await refuses(run.address))) {
    const { mtimeMs } = await lstat(run.address).catch(() => ({ mtimeMs: 0 }));
    if (Date.now() - mtimeMs > beginning) await rm(run.address, { force: true });
    return undefined;
  }
  try {
    return { ...run, status: (await askRun(run, { do: "status" }, wait)).now };
  } catch {
    return (await isThere(run.address)) ? run : undefined;
  }
};

const isThere = (address: string): Promise<boolean> =>
  lstat(address).then(
    () => true,
    () => false,
  );

/**
 * The versions of a set of files: folders that are never changed again, beside the place where the set is read, and which
 * of them is the current one. Two things say so, each replaced by renaming: the link that readers go through, and the
 * file `current`, for readers that want to stay with one version and for systems without links.
 */
import { readlinkSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { atomicFile, notWritten } from "../atomicFile.ts";
import { partName } from "../partName.ts";

/** Milliseconds for which a version stays after another took its place; the one before stays longer. */
const grace = 600_000;

const pattern = /^v(\d{6,})$/;

export class SetVersions {
  /** Where the set is read: a link. */
  readonly path: string;
  /** Folder of all versions. */
  readonly folder: string;

  constructor(path: string) {
    this.path = path;
    this.folder = `${path}.versions`;
  }

  /** Number of the current version; undefined: there is none. */
  async current(): Promise<number | undefined> {
    const text = await readFile(join(this.folder, "current"), "utf8").catch(() => "");
    const [, number] = pattern.exec(text.trim()) ?? [];
    return number === undefined ? undefined : Number(number);
  }

  nameOf(number: number): string {
    return `v${`${number}`.padStart(6, "0")}`;
  }

  folderOf(number: number): string {
    return join(this.folder, this.nameOf(number));
  }

  /** Makes an empty folder for the version after all that were; what a killed process has left is removed. */
  async begin(): Promise<number> {
    const all = await this.#all();
    const current = (await this.current()) ?? Math.max(0, ...all);
    for (const number of all) if (number > current) await this.#remove(number);
    await mkdir(this.folderOf(current + 1), { recursive: true });
    return current + 1;
  }

  /** Gives up a version that is not current. */
  async giveUp(number: number): Promise<void> {
    await this.#remove(number).catch(() => {});
  }

  /** A version whose files are whole becomes the current one. */
  async promise(number: number): Promise<void> {
    await syncFolder(this.folderOf(number));
    await syncFolder(this.folder);
    await atomicFile(join(this.folder, "current"), (append) =>
      append(Buffer.from(`${this.nameOf(number)}\n`)),
    );
    await this.link(number);
  }

  /** Lets the link say what the file `current` says, if it does not; where there can be no links nothing is done. */
  async link(number: number): Promise<void> {
    const target = join(basename(this.folder), this.nameOf(number));
    const { path } = this;
    if (linkOf(path) === target) return;
    const next = partName(path);
    try {
      await symlink(target, next, "dir");
    } catch {
      return;
    }
    try {
      await rename(next, path);
      await syncFolder(dirname(path));
    } catch (cause) {
      await rm(next, { force: true });
      throw notWritten(path, cause);
    }
  }

  /** Removes versions that were replaced long enough ago, but for the last two. */
  async prune(now: number): Promise<void> {
    const numbers = await this.#all();
    for (const [i, number] of numbers.slice(0, -2).entries()) {
      const next = await stat(this.folderOf(numbers[i + 1]!)).catch(() => undefined);
      if (next !== undefined && now - next.mtimeMs > grace) await this.#remove(number);
    }
  }

  async #all(): Promise<readonly number[]> {
    const names = await readdir(this.folder).catch(() => []);
    const numbers = names.flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);
    return numbers.sort((a, b) => a - b);
  }

  async #remove(number: number): Promise<void> {
    // The folder last: by it what a kill leaves is found.
    await rm(`${this.folderOf(number)}.json`, { force: true });
    await rm(this.folderOf(number), { recursive: true, force: true });
  }
}

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close().catch(() => {});
};

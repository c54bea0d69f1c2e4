/**
 * A file appears under its name only when it is whole: it is written under a temporary name in the same folder,
 * flushed to disk, then renamed. A reader never sees a part; where writing fails, nothing remains and the file
 * that was there before is untouched. A killed process leaves at most a file named `.NAME.*.part` (`partName.ts`).
 */
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { EwbError, isEwbError } from "../model/errors.ts";
import { partName } from "./partName.ts";

/**
 * Writes `path` whole or not at all; makes its folder. Gives the number of bytes written.
 *
 * @throws `Write` naming the file and the cause (disk full, no permission, …)
 */
export const atomicFile = async (
  path: string,
  write: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<number> => {
  const folder = dirname(path);
  const part = partName(path);
  let file: FileHandle | undefined;
  let size = 0;
  try {
    await mkdir(folder, { recursive: true });
    file = await open(part, "wx");
    const opened = file;
    await write(async (bytes) => {
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await opened.write(bytes, at, bytes.length - at);
        at += bytesWritten;
      }
      size += bytes.length;
    });
    await file.sync();
    await file.close();
    file = undefined;
    await rename(part, path);
    await syncFolder(folder);
    return size;
  } catch (cause) {
    await file?.close().catch(() => {});
    await rm(part, { force: true }).catch(() => {});
    throw isEwbError(cause) ? cause : notWritten(path, cause);
  }
};

/** Makes the new name survive a power cut, where the system lets a folder be synced. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close().catch(() => {});
};

/** What `code` of a file error asks the user to do. */
const advice: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space or choose another folder",
  EDQUOT: "the quota is used up: free some space or choose another folder",
  EROFS: "the folder is read-only: choose another one",
  EACCES: "no permission to write there: choose another folder",
  EPERM: "no permission to write there: choose another folder",
  EISDIR: "a folder has this name: choose another one",
  ENOTDIR: "a part of the path is a file: choose another folder",
};

export const notWritten = (path: string, cause: unknown): EwbError => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EwbError(
    "Write",
    `could not write ${path}: ${advice[code] ?? reason}; what was there before is unchanged`,
    { source: path },
    { cause },
  );
};

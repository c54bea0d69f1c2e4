/**
 * Tells when something changes in the folders of a data set that are on this machine. The list is made again after each
 * turn: stores appear, and a data set may be edited while it is watched.
 */
import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { folderEffects } from "../../sources/watch/folderEffects.ts";
import { type FolderEffects, watchFolder } from "../../sources/watch/watchFolder.ts";
import { openDataSet } from "../dataSets.ts";
import { cacheFolder } from "../folders.ts";
import type { RunOptions } from "../options.ts";
import { localPlaces } from "./localPlaces.ts";
import type { Notices } from "./notices.ts";

export interface FolderNotices {
  /** Looks which folders there are to watch. */
  renew(): Promise<void>;
  close(): void;
}

export const folderNotices = (
  { data = "sample", cases, cache }: RunOptions,
  notices: Pick<Notices, "tell">,
  effects: FolderEffects = placeEffects,
): FolderNotices => {
  const watched = new Map<string, () => void>();
  let isOver = false;
  return {
    async renew() {
      const dataSet = await openDataSet(data, cache ?? cacheFolder());
      const files = [
        cases ?? dataSet.cases,
        typeof data === "string" && /\.ya?ml$/.test(data) ? data : undefined,
      ];
      const local = files.filter((file) => typeof file === "string" && !file.includes("://"));
      const places = new Set(isOver ? [] : localPlaces(dataSet, local as string[]));
      for (const [path, end] of watched) {
        if (places.has(path)) continue;
        end();
        watched.delete(path);
      }
      for (const path of places)
        if (!watched.has(path))
          watched.set(
            path,
            watchFolder(path, () => notices.tell(), effects),
          );
    },
    close() {
      isOver = true;
      for (const end of watched.values()) end();
      watched.clear();
    },
  };
};

/**
 * A file is watched by its folder, since who writes it by renaming makes another file. A look is at the place alone: a
 * folder of an array may have a million chunks.
 */
const placeEffects: FolderEffects = {
  watch(path, happened, failed) {
    const name = basename(path);
    const inFolder = watch(dirname(path), { persistent: false }, (_, changed) => {
      if (changed === name) happened();
    });
    inFolder.on("error", failed);
    let ends = () => {};
    try {
      ends = folderEffects.watch(path, happened, failed);
    } catch (error) {
      inFolder.close();
      throw error;
    }
    return () => {
      inFolder.close();
      ends();
    };
  },
  async look(path) {
    const found = await stat(path).catch(() => undefined);
    return found === undefined ? undefined : `${found.ino} ${found.size} ${found.mtimeMs}`;
  },
  later: folderEffects.later,
};

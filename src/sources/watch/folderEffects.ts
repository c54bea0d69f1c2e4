import { watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashText } from "../../kernels/hash.ts";
import type { FolderEffects } from "./watchFolder.ts";

/** The file system of this machine. Keeps no process alive. A folder's text: names right below, each with size and time. */
export const folderEffects: FolderEffects = {
  watch(path, happened, failed) {
    const watcher = watch(path, { persistent: false }, happened);
    watcher.on("error", failed);
    return () => watcher.close();
  },
  async look(path) {
    try {
      const names = (await readdir(path)).sort();
      const lines = await Promise.all(
        names.map(async (name) => {
          const found = await stat(join(path, name)).catch(() => undefined);
          return `${name} ${found?.size} ${found?.mtimeMs}`;
        }),
      );
      return hashText(lines.join("\n"));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes((error as { code?: string }).code ?? "")) return undefined;
      throw error;
    }
  },
  later(milliseconds, work) {
    const timer = setTimeout(work, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

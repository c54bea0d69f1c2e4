/**
 * A ledger in LevelDB: a log of batches with checksums, sorted into tables in the background. After a write that failed
 * nothing is written behind it, where recovery would not look for it: the database is closed and opened first, which
 * takes what is whole of the log. Files of 2 MB of which few are open: what is mapped into memory stays below 130 MB.
 */
import { readdir } from "node:fs/promises";
import { EwbError } from "../../model/errors.ts";
import type { Ledger } from "../../model/ledger.ts";
import { ledgerError } from "./ledgerError.ts";

const options = {
  keyEncoding: "view",
  valueEncoding: "view",
  maxFileSize: 2 * 1024 * 1024,
  maxOpenFiles: 74,
  writeBufferSize: 8 * 1024 * 1024,
} as const;
const reading = { fillCache: false };

/** Opens the database of a folder, or makes it. */
export const openLevel = async (folder: string): Promise<Ledger> => {
  const { ClassicLevel } = await import("classic-level");
  // Where its first file is lost it would begin anew and delete the others.
  const createIfMissing = !(await hasData(folder));
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, { ...options, createIfMissing });
  let [isBroken, isClosed] = [false, false];

  const ready = async (doing: "open" | "read" | "write"): Promise<typeof level> => {
    if (isClosed) throw new EwbError("Stopped", `the ledger ${folder} is closed`, { source: folder });
    try {
      if (doing === "write" && isBroken) await level.close();
      if (level.status !== "open") await level.open({ createIfMissing: doing === "open" && createIfMissing });
      isBroken = false;
      return level;
    } catch (cause) {
      throw ledgerError(folder, "open", cause);
    }
  };
  const read = async <T>(work: (level: Level) => Promise<T>): Promise<T> => {
    const opened = await ready("read");
    try {
      return await work(opened);
    } catch (cause) {
      throw ledgerError(folder, "read", cause);
    }
  };
  type Level = typeof level;

  try {
    await ready("open");
  } catch (cause) {
    await level.close();
    throw cause;
  }
  return {
    get: (key) => read((opened) => opened.get(key)),
    getMany: (keys) => read((opened) => opened.getMany([...keys], reading)),
    async *iterate(prefix) {
      const range = { gte: prefix, ...after(prefix), highWaterMarkBytes: 1024 * 1024 };
      const entries = await read(async (opened) => opened.iterator(range));
      try {
        for (;;) {
          const some = await read(() => entries.nextv(1000));
          if (some.length === 0) return;
          yield* some;
        }
      } finally {
        await entries.close();
      }
    },
    batch: async (changes) => {
      const opened = await ready("write");
      const operations = changes.map(({ key, value }) =>
        value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
      );
      try {
        await opened.batch(operations, { sync: true });
      } catch (cause) {
        isBroken = true;
        throw ledgerError(folder, "write", cause);
      }
    },
    close: async () => {
      isClosed = true;
      await level.close();
    },
  };
};

/** Tables and logs come after the first file, also where a process is killed while it makes them. */
const hasData = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).some((name) => /\.(ldb|sst|log)$/.test(name));

/** Below the least key above all that begin with `prefix`; of an empty one there is none. */
const after = (prefix: Uint8Array): { readonly lt?: Uint8Array } => {
  const end = prefix.slice(0, prefix.findLastIndex((byte) => byte < 255) + 1);
  if (end.length === 0) return {};
  end[end.length - 1]! += 1;
  return { lt: end };
};

import type { FileHandle } from "node:fs/promises";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { EwbError } from "../../model/errors.ts";
import { givenBack } from "./givenBack.ts";
import { inTurn } from "./inTurn.ts";
import type { ByteRange, Store, StoredPart, StoreReadOptions } from "./store.ts";
import { largestObject } from "./store.ts";
import { storeFault } from "./storeFault.ts";
import { checkKey } from "./storeKey.ts";

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? String(error);
const isAbsent = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes(codeOf(error));

const filesAtOnce = 6;

/**
 * A folder of files. Sizes are looked up before anything is allocated, and a file that gives fewer bytes than it
 * says (cut while it was read) is an error. Links are followed. The version of a file is its size and time.
 */
export async function folderStore(address: string, path: string): Promise<Store> {
  const found = await stat(path).catch((error) => codeOf(error));
  if (typeof found === "string" || !found.isDirectory()) {
    const what = typeof found !== "string" ? "a file" : found === "ENOENT" ? "nothing" : found;
    throw new EwbError("StoreRead", `${address}: ${what} found, a folder expected; check the address`, {
      source: address,
    });
  }

  // Node reads files on four threads: more at once would only lie there read, and wait for their turn.
  const queue = new PQueue({ concurrency: filesAtOnce });
  const read = async (key: string, range: ByteRange, options: StoreReadOptions = {}) => {
    checkKey(address, key);
    return givenBack(options.buffers, (arrived) =>
      inTurn(queue, async () => arrived(await readNow(key, range, options)), options.signal),
    );
  };

  const readNow = async (key: string, range: ByteRange, options: StoreReadOptions) => {
    options.signal?.throwIfAborted();
    let file: FileHandle | undefined;
    const over = options.stages?.begin("read");
    try {
      file = await open(join(path, key));
      return await readPart(file, address, key, range, options);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      if (error instanceof EwbError || options.signal?.aborted) throw error;
      throw storeFault(address, key, `${codeOf(error)} found, a file that can be read expected`, error);
    } finally {
      options.count?.(0, 1);
      await file?.close();
      over?.();
    }
  };

  return {
    address,
    id: address,
    get: (key, options) => read(key, { suffixLength: Number.POSITIVE_INFINITY }, options),
    getRange: read,
    async list(folder) {
      if (folder !== "") checkKey(address, folder);
      try {
        return (await readdir(join(path, folder))).sort();
      } catch (error) {
        if (isAbsent(error)) return [];
        throw storeFault(
          address,
          folder || ".",
          `${codeOf(error)} found, a folder that can be listed expected`,
        );
      }
    },
    async close() {},
    async [Symbol.asyncDispose]() {},
  };
}

async function readPart(
  file: FileHandle,
  address: string,
  key: string,
  range: ByteRange,
  { signal, most = largestObject, count, buffers }: StoreReadOptions,
): Promise<StoredPart | undefined> {
  const { size, mtimeMs, ...entry } = await file.stat().then((s) => ({
    size: s.size,
    mtimeMs: s.mtimeMs,
    isFolder: s.isDirectory(),
  }));
  if (entry.isFolder) return undefined;
  const length = "offset" in range ? range.length : Math.min(range.suffixLength, size);
  const offset = "offset" in range ? range.offset : size - length;
  if (offset + length > size) {
    throw storeFault(address, key, `${size} bytes found, ${length} from byte ${offset} on expected`);
  }
  if (length > most) throw storeFault(address, key, `${length} bytes found, at most ${most} expected`);
  const bytes = buffers?.take(length) ?? new Uint8Array(length);
  try {
    let filled = 0;
    while (filled < length) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) {
        throw storeFault(address, key, `${filled} bytes found, ${length} expected: cut while it was read`);
      }
      filled += bytesRead;
    }
  } catch (error) {
    buffers?.give(bytes);
    throw error;
  }
  count?.(length, 0);
  return { bytes, version: `${size}:${mtimeMs}`, total: size };
}

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import { EwbError } from "../../model/errors.ts";
import { folderLook } from "./folderLook.ts";
import { givenBack } from "./givenBack.ts";
import { inTurn } from "./inTurn.ts";
import { fileOpener, type OpenFile } from "./openFile.ts";
import { Stops } from "./stops.ts";
import type { ByteRange, OpenObject, Store, StoredPart, StoreReadOptions } from "./store.ts";
import { largestObject } from "./store.ts";
import { changed, storeFault } from "./storeFault.ts";
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

  const open = fileOpener(() => performance.now());
  // Node reads files on four threads: more at once would only lie there read, and wait for their turn.
  const queue = new PQueue({ concurrency: filesAtOnce });
  const stops = new Stops();
  const read = async (key: string, range: ByteRange, options: StoreReadOptions = {}) => {
    checkKey(address, key);
    return givenBack(options.buffers, (arrived) =>
      inTurn(queue, async () => arrived(await readNow(key, range, options)), options.signal, stops),
    );
  };

  const readNow = (key: string, range: ByteRange, options: StoreReadOptions) =>
    withFile(key, options, (file) => readRange(file, address, key, range, options));

  /** Undefined: there is no such file. */
  const withFile = async <T>(
    key: string,
    options: StoreReadOptions,
    work: (file: OpenFile) => Promise<T>,
  ): Promise<T | undefined> => {
    options.signal?.throwIfAborted();
    let file: OpenFile | undefined;
    const over = options.stages?.begin("read");
    try {
      file = await open(join(path, key));
      if (options.version !== undefined && options.version !== file.version) {
        const { message, cause } = changed(file.version, options.version);
        throw storeFault(address, key, message, cause);
      }
      return file.isFolder ? undefined : await work(file);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      // What is not of the file is of whoever works on it.
      if (typeof (error as { code?: unknown } | null)?.code !== "string" || options.signal?.aborted)
        throw error;
      throw storeFault(address, key, `${codeOf(error)} found, a file that can be read expected`, error);
    } finally {
      options.count?.(0, 1);
      await file?.close();
      over?.();
    }
  };

  const opened = <T>(key: string, work: (object: OpenObject) => Promise<T>, options: StoreReadOptions) =>
    withFile(key, options, (file) =>
      work({
        total: file.size,
        version: file.version,
        read: (from, to) => readBytes(file, address, key, from, to, options),
        release: (bytes) => options.buffers?.give(bytes),
      }),
    );

  const list = async (folder: string): Promise<readonly string[]> => {
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
  };

  return {
    address,
    id: address,
    folder: path,
    list,
    names: list,
    async look(keys, options = {}) {
      for (const key of keys) checkKey(address, key);
      return folderLook(address, path, keys, list, options);
    },
    opened: (key, work, options = {}) => {
      checkKey(address, key);
      return inTurn(queue, () => opened(key, work, options), options.signal, stops);
    },
    get: (key, options) => read(key, { suffixLength: Number.POSITIVE_INFINITY }, options),
    getRange: read,
    async close() {},
    async [Symbol.asyncDispose]() {},
  };
}

async function readRange(
  file: OpenFile,
  address: string,
  key: string,
  range: ByteRange,
  options: StoreReadOptions,
): Promise<StoredPart> {
  const { size, version } = file;
  const length =
    "length" in range ? range.length : Math.min("atMost" in range ? range.atMost : range.suffixLength, size);
  const offset = "offset" in range ? range.offset : size - length;
  const bytes = await readBytes(file, address, key, offset, offset + length, options);
  return { bytes, version, total: size };
}

async function readBytes(
  file: OpenFile,
  address: string,
  key: string,
  from: number,
  to: number,
  { signal, most = largestObject, count, buffers }: StoreReadOptions,
): Promise<Uint8Array> {
  const length = to - from;
  if (to > file.size) {
    throw storeFault(address, key, `${file.size} bytes found, ${length} from byte ${from} on expected`);
  }
  if (length > most) throw storeFault(address, key, `${length} bytes found, at most ${most} expected`);
  const bytes = buffers?.take(length) ?? new Uint8Array(length);
  try {
    let filled = 0;
    while (filled < length) {
      signal?.throwIfAborted();
      const came = await file.read(filled === 0 ? bytes : bytes.subarray(filled), from + filled);
      if (came === 0) {
        throw storeFault(address, key, `${filled} bytes found, ${length} expected: cut while it was read`);
      }
      filled += came;
    }
  } catch (error) {
    buffers?.give(bytes);
    throw error;
  }
  count?.(length, 0);
  return bytes;
}

/** A store of objects in memory, for tests: can be listed, or not. */
import type { Store } from "../../../src/sources/stores/store.ts";
import { changed, storeFault } from "../../../src/sources/stores/storeFault.ts";

type Objects = Record<string, Uint8Array | object | string>;

export interface MemoryStore extends Store {
  readonly objects: Map<string, Uint8Array>;
  readonly asked: string[];
  version: string;
}

const bytesOf = (value: Uint8Array | object | string): Uint8Array =>
  value instanceof Uint8Array
    ? value
    : new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

export function memoryStore(content: Objects, { listed = true } = {}): MemoryStore {
  const objects = new Map(Object.entries(content).map(([key, value]) => [key, bytesOf(value)]));
  const asked: string[] = [];
  const made: MemoryStore = {
    address: "memory",
    id: "memory",
    objects,
    asked,
    version: "1",
    async get(key, options) {
      asked.push(key);
      const bytes = objects.get(key);
      options?.count?.(bytes?.length ?? 0, 1);
      if (bytes === undefined) return undefined;
      if (bytes.length > (options?.most ?? 1e9)) throw new Error(`${bytes.length} > ${options?.most}`);
      return { bytes, version: made.version };
    },
    async getRange(key, range, options) {
      const bytes = objects.get(key);
      if (bytes === undefined) return undefined;
      const length =
        "length" in range
          ? range.length
          : Math.min("atMost" in range ? range.atMost : range.suffixLength, bytes.length);
      const offset = "offset" in range ? range.offset : bytes.length - length;
      asked.push(`${key} ${offset}+${length}`);
      if (options?.version !== undefined && options.version !== made.version) {
        const { message, cause } = changed(made.version, options.version);
        throw storeFault("memory", key, message, cause);
      }
      if (offset + length > bytes.length) throw new Error("beyond the end");
      options?.count?.(length, 1);
      return { bytes: bytes.slice(offset, offset + length), version: made.version, total: bytes.length };
    },
    async close() {},
    async [Symbol.asyncDispose]() {},
  };
  if (!listed) return made;
  return {
    ...made,
    get version() {
      return made.version;
    },
    set version(version) {
      made.version = version;
    },
    async list(folder) {
      const prefix = folder === "" ? "" : `${folder}/`;
      const below = [...objects.keys()].filter((key) => key.startsWith(prefix));
      return [...new Set(below.map((key) => key.slice(prefix.length).split("/")[0]!))].sort();
    },
  };
}

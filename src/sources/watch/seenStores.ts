/**
 * Metadata, coordinates and listings of stores that grow, as all who read them in one turn see them: each is read once,
 * so that axes have one length. What an earlier turn has read is asked for by its version: a host says in a few bytes
 * that it is still so.
 */
import { fresh } from "../codecs/step.ts";
import type { Store, StoredObject } from "../stores/store.ts";

export interface Seen {
  /** An object of the store at an address, its bytes the caller's own; undefined: the store has none of that key. */
  object(address: string, key: string): Promise<StoredObject | undefined>;
  /** Names right below an address; undefined: it cannot be listed. */
  names(address: string): Promise<readonly string[] | undefined>;
}

/** Bytes that are remembered in all, and of one object. */
const [mostBytes, largest] = [8 * 1024 * 1024, 4 * 1024 * 1024];

/** An ETag, or what a folder says: a date alone is the same for all that is written in one second. */
const isExact = /^("|W\/|\d+:)/;

/** What earlier turns have read. */
export class Remembered {
  readonly #objects = new Map<string, StoredObject>();
  #bytes = 0;

  get(id: string): StoredObject | undefined {
    return this.#objects.get(id);
  }

  set(id: string, object: StoredObject): void {
    this.#bytes -= this.#objects.get(id)?.bytes.length ?? 0;
    this.#objects.delete(id);
    if (object.bytes.length > largest || !isExact.test(object.version)) return;
    if (this.#bytes + object.bytes.length > mostBytes) {
      this.#objects.clear();
      this.#bytes = 0;
    }
    this.#objects.set(id, object);
    this.#bytes += object.bytes.length;
  }
}

export interface SeenStores extends Seen, AsyncDisposable {}

/** @param open opens the store at an address */
export const seenStores = (
  open: (address: string) => Promise<Store>,
  remembered: Remembered,
  count: (bytes: number, requests: number) => void,
): SeenStores => {
  const stores = new Map<string, Promise<Store>>();
  const found = new Map<string, Promise<unknown>>();
  /** The answer of the first who asked; what failed is asked again. */
  const once = <T>(map: Map<string, Promise<unknown>>, key: string, ask: () => Promise<T>): Promise<T> => {
    const before = map.get(key) as Promise<T> | undefined;
    if (before !== undefined) return before;
    const asked = ask();
    map.set(key, asked);
    asked.catch(() => map.delete(key));
    return asked;
  };
  const storeAt = (address: string) => once(stores, address, () => open(address)) as Promise<Store>;

  const read = async (address: string, key: string): Promise<StoredObject | undefined> => {
    const store = await storeAt(address);
    const id = `${store.id}/${key}`;
    const known = remembered.get(id);
    if (known !== undefined && store.look !== undefined) {
      const now = await store.look([key], { known: new Map([[key, known.version]]), count });
      if (now.get(key)?.version === known.version) return known;
    }
    const object = await store.get(key, { count });
    if (object !== undefined) remembered.set(id, object);
    return object;
  };

  return {
    async object(address, key) {
      const object = await once(found, `${address} ${key}`, () => read(address, key));
      return object && { version: object.version, bytes: object.bytes.slice() };
    },
    names: (address) => once(found, address, async () => (await storeAt(address)).names?.("", { count })),
    async [Symbol.asyncDispose]() {
      const all = await Promise.allSettled(stores.values());
      await Promise.all(all.map((one) => (one.status === "fulfilled" ? one.value.close() : undefined)));
    },
  };
};

/** Documents, and chunks of what has one dimension or none: `.zattrs`, `t2m/zarr.json`, `time/0`, `time/c/0`. */
const isSeen = (key: string): boolean =>
  /(^|\/)(\.z\w+|zarr\.json)$/.test(key) || /^[^/]+\/(c|(c[./])?\d+)$/.test(key);

/** A store whose metadata and coordinates are those that all see. */
export const seenStore = (store: Store, address: string, seen: Seen): Store => ({
  ...store,
  get(key, options) {
    const { buffers = fresh } = options ?? {};
    return isSeen(key) && buffers === fresh ? seen.object(address, key) : store.get(key, options);
  },
  [Symbol.asyncDispose]: () => store.close(),
});

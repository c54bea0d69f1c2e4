import type { Found } from "../../model/watch.ts";
import type { Store } from "../stores/store.ts";

/** A store that remembers which objects were read whole, and in which version. */
export interface RememberedStore extends Store {
  /** Whether any of them has another version now, or none, or is there where none was. */
  isChanged(signal?: AbortSignal): Promise<boolean>;
}

/**
 * For a store of which metadata and coordinates are read, and chunks only looked at: asked whether they are still the
 * same, a host says so in a few bytes each (`If-None-Match`, `If-Modified-Since`), a folder by size and time. Of a
 * coordinate in many chunks the first and the last ones are asked for: an axis grows at its end.
 */
export const rememberedStore = (
  store: Store,
  count: (bytes: number, requests: number) => void,
): RememberedStore => {
  /** Key -> version; undefined: it was not there. */
  const read = new Map<string, string | undefined>();
  const { look } = store;
  return {
    ...store,
    async get(key, options) {
      const object = await store.get(key, options);
      read.set(key, object?.version);
      return object;
    },
    async isChanged(signal) {
      if (look === undefined) return true;
      const known = new Map<string, string>();
      for (const [key, version] of read) if (version !== undefined) known.set(key, version);
      const asked = telling(read);
      const now: ReadonlyMap<string, Found> = await look(asked, {
        known,
        count,
        ...(signal ? { signal } : {}),
      });
      return asked.some((key) => now.get(key)?.version !== read.get(key));
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
};

/** So many chunks of one array tell of the others: the first, and the last. */
const [first, last] = [1, 3];

const telling = (read: ReadonlyMap<string, string | undefined>): readonly string[] => {
  const keys: string[] = [];
  const arrays = new Map<string, string[]>();
  for (const [key, version] of read) {
    const isDocument = /(^|\/)(\.z\w+|zarr\.json)$/.test(key);
    if (isDocument || version === undefined) keys.push(key);
    else {
      const array = key.slice(0, key.indexOf("/"));
      const chunks = arrays.get(array);
      if (chunks === undefined) arrays.set(array, [key]);
      else chunks.push(key);
    }
  }
  for (const chunks of arrays.values()) {
    chunks.sort((a, b) => numberOf(a) - numberOf(b));
    keys.push(...chunks.filter((_, i) => i < first || i >= chunks.length - last));
  }
  return keys;
};

const numberOf = (key: string): number => Number(/\d*$/.exec(key)?.[0]);

import { EwbError } from "../../model/errors.ts";
import type { Store } from "../stores/store.ts";
import { isForbidden } from "../stores/storeFault.ts";
import { JsonFault, type JsonObject, parseJson } from "./parseJson.ts";

/** Metadata documents of a store by key, each read once; what failed is read again. */
export interface Documents {
  /** Undefined: absent. Throws `MetadataInvalid`, naming the file, where it is not JSON. */
  read(key: string): Promise<JsonObject | undefined>;
  /** As `read`, but where the store refuses (403), which may mean absent, gives `"refused"`. */
  probe(key: string): Promise<JsonObject | "refused" | undefined>;
}

const largestDocument = 256 * 1024 * 1024;

export function documents(store: Store, count: (bytes: number, requests: number) => void): Documents {
  const kept = new Map<string, Promise<JsonObject | undefined>>();
  const readOnce = async (key: string) => {
    const object = await store.get(key, { most: largestDocument, count });
    if (object === undefined) return undefined;
    try {
      return parseJson(object.bytes);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      const message = `${store.address}: ${key}: ${error.message}; write the metadata again`;
      throw new EwbError("MetadataInvalid", message, { source: store.address, chunk: key });
    }
  };
  const read = (key: string) => {
    let document = kept.get(key);
    if (document === undefined) {
      document = readOnce(key);
      kept.set(key, document);
      document.catch(() => kept.delete(key));
    }
    return document;
  };
  return {
    read,
    async probe(key) {
      try {
        return await read(key);
      } catch (error) {
        if (isForbidden(error)) return "refused";
        throw error;
      }
    },
  };
}

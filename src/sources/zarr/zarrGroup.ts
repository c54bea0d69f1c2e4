import { EwbError } from "../../model/errors.ts";
import type { SourceContext, StoredArray, StoredGroup } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import { checkedArray } from "./arrayCheck.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { shardIndexes } from "./shardIndexes.ts";
import { zarrArray } from "./zarrArray.ts";

/**
 * A group of either version. Arrays are checked when they are asked for, once; damage in one leaves the others.
 * `names` are those the consolidated metadata or a listing give; a store that has neither (HTTP without consolidated
 * metadata) names what was asked for and found. `warnings` grow as arrays are opened.
 */
export async function zarrGroup(
  store: Store,
  context: SourceContext,
  hierarchy: Hierarchy,
  warnings: string[],
): Promise<StoredGroup> {
  const { address } = store;
  const count = (bytes: number, requests: number) => context.count(bytes, requests);
  const indexes = shardIndexes(store, count);
  const names = new Set(await namesOf(store, hierarchy));
  const sorted = () => [...names].sort();
  const opened = new Map<string, Promise<StoredArray>>();

  const open = async (name: string): Promise<StoredArray> => {
    const array = await checkedArray(address, hierarchy, name);
    if (array === undefined) {
      const found = `no array ${JSON.stringify(name)} found (${hierarchy.ownFile(name)} is absent)`;
      const message = `${address}: ${found}; there are: ${sorted().join(", ") || "none known"}`;
      throw new EwbError("NotFound", message, { source: address, variable: name });
    }
    warnings.push(...array.warnings.map((warning) => `${address}: ${name}: ${warning}`));
    names.add(name);
    return zarrArray(store, name, array.metadata, indexes, count, context.stages);
  };

  return {
    address,
    attributes: hierarchy.attributes,
    get names() {
      return sorted();
    },
    warnings,
    array(name) {
      let array = opened.get(name);
      if (array === undefined) {
        array = open(name);
        opened.set(name, array);
        array.catch(() => opened.delete(name));
      }
      return array;
    },
  };
}

async function namesOf(store: Store, hierarchy: Hierarchy): Promise<readonly string[]> {
  const { consolidated } = hierarchy;
  if (consolidated !== undefined) return [...consolidated.keys()].filter((name) => !name.includes("/"));
  if (store.list === undefined) return [];
  const folders = (await store.list("")).filter((name) => !name.startsWith("."));
  const are = await Promise.all(folders.map((name) => hierarchy.isArray(name)));
  return folders.filter((_, i) => are[i]);
}

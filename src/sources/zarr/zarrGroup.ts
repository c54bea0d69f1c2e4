import { EwbError } from "../../model/errors.ts";
import type { GatheredGroup } from "../cf/glance.ts";
import type { SourceContext, StoredArray } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import { agreeingArray } from "./agreeingArray.ts";
import { type ArrayCheck, arrayCheck } from "./arrayCheck.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";
import { grownShape } from "./grownShape.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { isKept, keptArray } from "./keptArray.ts";
import { shardIndexes } from "./shardIndexes.ts";
import { zarrArray } from "./zarrArray.ts";

/**
 * A group of either version. Arrays are checked when they are asked for, once; damage in one leaves the others.
 * `names` are those the consolidated metadata or a listing give; a store that has neither (HTTP without consolidated
 * metadata) names what was asked for and found. `warnings` grow as arrays are opened.
 *
 * Consolidated metadata may be stale, and a wrong reading of them is wrong data, so each array is compared with its
 * own metadata, where that costs no waiting:
 * - in a folder, when it is asked for: files are near;
 * - over the web the first array of data that is asked for is compared then; in the same round trip the coordinates
 *   of its dimensions are read. Every other one is compared with the first of its chunks, in one round trip;
 * - a small coordinate is read when it is asked for and kept: a first chunk that is there and decodes is its proof
 *   (what its values say, the layer above checks). Where it does not, its own metadata are asked, and say why.
 *
 * A group that `grows` is compared array by array wherever it is: its consolidated metadata may be of an earlier length.
 */
export async function zarrGroup(
  store: Store,
  context: SourceContext,
  hierarchy: Hierarchy,
  warnings: string[],
  grows = false,
): Promise<GatheredGroup> {
  const { address } = store;
  const isWeb = store.list === undefined;
  const isUnlisted = isWeb && hierarchy.consolidated === undefined;
  const count = (bytes: number, requests: number) => context.count(bytes, requests);
  const indexes = shardIndexes(store, count);
  let names: readonly string[] = [...(await namesOf(store, hierarchy))].sort();
  const opened = new Map<string, Promise<StoredArray>>();
  const glanced = new Map<string, StoredArray>();
  let isAnchored = false;

  const arrayOf = (name: string, metadata: ArrayMetadata) =>
    zarrArray(store, name, metadata, indexes, count, context.stages, context.reader);

  const compared = async (name: string, check: ArrayCheck): Promise<StoredArray> => {
    const array = await check.compared();
    if (array === undefined) {
      const found = `no array ${JSON.stringify(name)} found (${hierarchy.ownFile(name)} is absent)`;
      const message = `${address}: ${found}; there are: ${names.join(", ") || "none known"}`;
      throw new EwbError("NotFound", message, { source: address, variable: name });
    }
    warnings.push(...array.warnings.map((warning) => `${address}: ${name}: ${warning}`));
    if (!names.includes(name)) names = [...names, name].sort();
    const metadata = grows ? await grownShape(store, name, array.metadata, along, count) : array.metadata;
    return keptArray(arrayOf(name, metadata));
  };

  /** The coordinate of a dimension; what is wrong with it is said where it is looked at. */
  const along = async (dim: string) =>
    names.includes(dim) || isUnlisted ? group.array(dim).catch(() => undefined) : undefined;

  /** As the consolidated metadata say; undefined: they have none of it. */
  const gathered = (name: string): StoredArray | undefined => {
    const before = glanced.get(name);
    if (before !== undefined) return before;
    const check = arrayCheck(address, hierarchy, name);
    const metadata = check.gathered();
    if (metadata === undefined) return undefined;
    const array = arrayOf(name, metadata);
    const made = isKept(array) ? keptArray(array) : agreeingArray(array, check.agreed);
    glanced.set(name, made);
    return made;
  };

  const open = async (name: string): Promise<StoredArray> => {
    const check = arrayCheck(address, hierarchy, name, grows);
    const array = isWeb && !grows ? gathered(name) : undefined;
    if (array === undefined) return compared(name, check);
    if (isKept(array)) {
      const first = array.dims.map(() => 0);
      const proof = await array.chunk(first, {}).catch(() => undefined);
      return proof === undefined ? compared(name, check) : array;
    }
    if (isAnchored) return array;
    isAnchored = true;
    for (const dim of array.dims) if (names.includes(dim)) group.array(dim).catch(() => {});
    return compared(name, check).catch((error) => {
      isAnchored = false;
      throw error;
    });
  };

  const group: GatheredGroup = {
    address,
    attributes: hierarchy.attributes,
    get names() {
      return names;
    },
    warnings,
    async glance(name) {
      return gathered(name) ?? group.array(name);
    },
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
  return group;
}

async function namesOf(store: Store, hierarchy: Hierarchy): Promise<readonly string[]> {
  const { consolidated } = hierarchy;
  if (consolidated !== undefined) return [...consolidated.keys()].filter((name) => !name.includes("/"));
  if (store.list === undefined) return [];
  const folders = (await store.list("")).filter((name) => !name.startsWith("."));
  const are = await Promise.all(folders.map((name) => hierarchy.isArray(name)));
  return folders.filter((_, i) => are[i]);
}

import type { Found } from "../../model/watch.ts";
import type { LookOptions, Store } from "../stores/store.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";
import { locateInner } from "./chunkReader.ts";
import type { ShardIndexes } from "./shardIndexes.ts";

interface NamedChunk {
  readonly id: string;
  /** Key of the stored object. */
  readonly key: string;
  /** Its place in the shards. */
  readonly inner: readonly number[];
}

/** Shards of which an index may be read at once. */
const atOnce = 64;

/**
 * Those of some chunks that are there. Of a shard the index must be read, since it may leave a chunk out: once for each
 * version of the shard, as far as indexes are kept.
 */
export async function lookAtChunks(
  store: Store,
  indexes: ShardIndexes,
  metadata: ArrayMetadata,
  chunks: readonly NamedChunk[],
  options: LookOptions,
): Promise<ReadonlyMap<string, Found>> {
  const objects = await store.look!(
    chunks.map(({ key }) => key),
    options,
  );
  const found = new Map<string, Found>();
  const there = chunks.filter(({ key }) => objects.has(key));
  if (metadata.shards.length === 0) {
    for (const { id, key } of there) found.set(id, objects.get(key)!);
    return found;
  }
  const [level] = metadata.shards;
  const located = async ({ id, key, inner }: NamedChunk) => {
    const object = objects.get(key)!;
    const kept = await indexes.get({ key, depth: 0, offset: 0, length: undefined }, level!);
    const stale = kept?.version === object.version ? undefined : kept?.version;
    const at = await locateInner(indexes, key, metadata, inner, options.signal, stale);
    if (at !== undefined) found.set(id, { ...object, version: at.version });
  };
  for (let from = 0; from < there.length; from += atOnce) {
    await Promise.all(there.slice(from, from + atOnce).map(located));
  }
  return found;
}

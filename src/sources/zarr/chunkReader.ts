import { CodecError } from "../codecs/codecError.ts";
import type { Store, StoredObject, StoreReadOptions } from "../stores/store.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";
import { orAborted } from "./orAborted.ts";
import { shardEntry } from "./shardEntry.ts";
import type { ShardIndexes, ShardPlace } from "./shardIndexes.ts";

/** Where the stored object of a chunk is, and the chunk's place at each level of sharding. */
export interface ChunkPlace {
  /** Place in the grid of stored objects. */
  readonly stored: readonly number[];
  /** Number of the chunk in the index of each shard, outermost first. */
  readonly inner: readonly number[];
}

/** Takes a place in the grid of the innermost chunks apart. */
export function chunkPlace(coords: readonly number[], { shards }: ArrayMetadata): ChunkPlace {
  let rest = coords;
  const inner: number[] = [];
  for (const { counts } of shards.toReversed()) {
    inner.unshift(counts.reduce((number, count, i) => number * count + (rest[i]! % count), 0));
    rest = rest.map((coordinate, i) => Math.floor(coordinate / counts[i]!));
  }
  return { stored: rest, inner };
}

/** Where in its shard a chunk lies, and the shard's version; undefined: there is no such shard, or it leaves the chunk out. */
export async function locateInner(
  indexes: ShardIndexes,
  key: string,
  { shards, encodedBytes: most }: ArrayMetadata,
  inner: readonly number[],
  signal: AbortSignal | undefined,
  stale?: string,
): Promise<{ readonly offset: number; readonly length: number; readonly version: string } | undefined> {
  let place: ShardPlace = { key, depth: 0, offset: 0, length: undefined };
  let version = "";
  for (const [i, level] of shards.entries()) {
    const index = await orAborted(indexes.get(place, level, stale), signal);
    const entry =
      index && shardEntry(index, inner[i]!, i === shards.length - 1 ? most : Number.MAX_SAFE_INTEGER);
    if (index === undefined || entry === undefined) return undefined;
    version = index.version;
    place = { key, depth: i + 1, offset: place.offset + entry.offset, length: entry.length };
  }
  return { offset: place.offset, length: place.length!, version };
}

/** How often a shard that is written while it is read is read anew. */
const rounds = 3;

/**
 * The encoded bytes of one chunk; undefined: the store has none. In a shard: the index (once a shard), then the
 * chunk's own range. Where the object has changed in between, so that index and chunk belong to different versions,
 * the index is read anew; as long as it says the same, the chunk stands.
 */
export async function readChunk(
  store: Store,
  indexes: ShardIndexes,
  folder: string,
  metadata: ArrayMetadata,
  { stored, inner }: ChunkPlace,
  options: StoreReadOptions,
): Promise<StoredObject | undefined> {
  const key = `${folder}${metadata.key(stored)}`;
  const { shards, encodedBytes: most } = metadata;
  if (shards.length === 0) return store.get(key, { ...options, most });
  const locate = (stale?: string) => locateInner(indexes, key, metadata, inner, options.signal, stale);

  let at = await locate();
  for (let round = 0; round < rounds; round++) {
    if (at === undefined) return undefined;
    const part = await store.getRange(key, at, { ...options, most });
    if (part === undefined || part.version === at.version) return part;
    let stays = false;
    try {
      const now = await locate(at.version);
      stays = now !== undefined && now.offset === at.offset && now.length === at.length;
      at = now;
    } finally {
      if (!stays) options.buffers?.give(part.bytes);
    }
    if (stays) return part;
  }
  throw new CodecError({
    codec: "sharding_indexed",
    found: `a shard that changed ${rounds} times while it was read`,
    expected: "one that stays",
  });
}

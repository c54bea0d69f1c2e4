import { CodecError } from "../codecs/codecError.ts";
import type { ByteRange, Store } from "../stores/store.ts";
import type { ShardLevel } from "./shardLevel.ts";

/** Where the chunks of one shard are. */
export interface ShardIndex {
  /** Offset and length of each chunk in turn, from the start of the shard. */
  readonly entries: BigUint64Array;
  /** Bytes of the shard; undefined: the store does not say. */
  readonly total: number | undefined;
  readonly version: string;
}

/** A part of an object that is a shard; no length: the whole object. */
export interface ShardPlace {
  readonly key: string;
  /** 0: the object; 1: a shard in it, and so on: one may start where the other does. */
  readonly depth: number;
  readonly offset: number;
  readonly length: number | undefined;
}

/** Indexes of shards, read once each: those used last are kept, within a bound of bytes. */
export interface ShardIndexes {
  /** Undefined: there is no such object. With `stale`, one of that version is read anew. */
  get(place: ShardPlace, level: ShardLevel, stale?: string): Promise<ShardIndex | undefined>;
}

type Count = (bytes: number, requests: number) => void;

/**
 * Reads of one shard's index are joined: they are small, so they are not cancelled with one of the readers. A failed
 * read is not kept.
 */
export function shardIndexes(store: Store, count: Count, limit = 8 * 1024 * 1024): ShardIndexes {
  const kept = new Map<string, { readonly bytes: number; readonly index: Promise<ShardIndex | undefined> }>();
  let held = 0;

  const drop = (id: string, index?: Promise<unknown>) => {
    const entry = kept.get(id);
    if (entry === undefined || (index !== undefined && entry.index !== index)) return;
    kept.delete(id);
    held -= entry.bytes;
  };
  const keep = (id: string, bytes: number, index: Promise<ShardIndex | undefined>) => {
    kept.set(id, { bytes, index });
    held += bytes;
    for (const oldest of kept.keys()) {
      if (held <= limit || oldest === id) break;
      drop(oldest);
    }
    // An absent shard is looked for again: it may be written meanwhile.
    index.then((found) => found === undefined && drop(id, index)).catch(() => drop(id, index));
  };

  return {
    async get(place, level, stale) {
      const id = `${place.depth}:${place.offset}:${place.key}`;
      const entry = kept.get(id);
      if (entry !== undefined) {
        const index = await entry.index;
        if (index === undefined || index.version !== stale) {
          if (kept.get(id) === entry) {
            kept.delete(id);
            kept.set(id, entry);
          }
          return index;
        }
        drop(id, entry.index);
      }
      const joined = kept.get(id);
      if (joined !== undefined) return joined.index;
      const index = readIndex(store, place, level, count);
      keep(id, level.indexBytes, index);
      return index;
    },
  };
}

async function readIndex(
  store: Store,
  { key, offset, length }: ShardPlace,
  { indexBytes, indexAt, index }: ShardLevel,
  count: Count,
): Promise<ShardIndex | undefined> {
  const tooShort = (bytes: number) =>
    new CodecError({
      codec: "sharding_indexed",
      found: `a shard of ${bytes} bytes`,
      expected: `${indexBytes} for its index alone`,
    });
  if (length !== undefined && length < indexBytes) throw tooShort(length);
  let range: ByteRange;
  if (indexAt === "start") range = { offset, length: indexBytes };
  else if (length === undefined) range = { suffixLength: indexBytes };
  else range = { offset: offset + length - indexBytes, length: indexBytes };
  const part = await store.getRange(key, range, { most: indexBytes, count });
  if (part === undefined) return undefined;
  if (part.bytes.length < indexBytes) throw tooShort(part.bytes.length);
  const entries = index.decode(part.bytes);
  if (!(entries instanceof BigUint64Array)) throw new TypeError("a shard index decodes to 64-bit integers");
  return { entries, total: length ?? part.total, version: part.version };
}

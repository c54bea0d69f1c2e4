/**
 * Decoded chunks of a run. A chunk is one entry: charged once when the first unit that needs it is admitted, joined by
 * every other one, and kept, as a cache, when the last one is done, until the ledger needs its bytes. What waiting
 * units will need goes last; else the longest unused goes first. A failed read is not kept: the next unit asks the
 * store again. While a chunk is decoded its encoded bytes are charged too: as many as the metadata allow, or, once some
 * chunks of its array were seen, a fifth more a decoded byte than the worst of them. A part of a chunk is an entry of its
 * own.
 *
 * What was read of a local file is cheap to read again, and memory touched for the first time is dear (half a
 * millisecond a MB, more than decoding takes): of such chunks that no unit waits for only a few are kept, and their
 * buffers, still in the processor's cache, take the next ones. Where one is read again that was let go, more are kept from
 * then on (as in ARC: Megiddo and Modha 2003, FAST '03).
 */
import { pooledSize } from "../kernels/pooledSize.ts";
import type { SharedChunks } from "../model/budget.ts";
import type { ChunkCost } from "../model/chunk.ts";
import type { Buffers } from "../model/memory.ts";
import type { ChunkCache, StoredChunk } from "../sources/storedArray.ts";

interface Entry {
  /** Bytes on the ledger now: decoded, and encoded until it is there. */
  charged: number;
  holders: number;
  reading: Promise<StoredChunk | undefined> | undefined;
  chunk: StoredChunk | undefined;
  isThere: boolean;
  readonly isNear: boolean;
}

/** Bytes of cheap chunks that are kept at first though no unit waits for them, and how many more for one read again. */
const fewSpare = 32e6;
const moreSpare = 4;
/** How many of those let go are remembered. */
const remembered = 8192;

/** Chunks of an array seen before their sizes are believed, and how much larger the next may be. */
const enough = 8;
const margin = 1.2;

export interface Chunks extends ChunkCache, SharedChunks {
  /** Called when bytes of a held chunk are given back while it is held. */
  onFreed: () => void;
}

/** A chunk that came from its store: bytes as stored, and what the ledger had put aside for it and its decoding. */
export interface Fetched {
  readonly chunk: ChunkCost;
  readonly encoded: number;
  readonly projected: number;
}

export const chunkCache = (buffers: Buffers, onFetched?: (fetched: Fetched) => void): Chunks => {
  const entries = new Map<string, Entry>();
  const wanted = new Map<string, number>();
  const learned = new Map<string, { seen: number; ratio: number }>();
  /** Cheap chunks that are there, held by nobody and wanted by nobody, longest unused first. */
  const spare = new Map<string, Entry>();
  let spareBytes = 0;
  let mostSpare = fewSpare;
  /** Of those let go, by age. */
  const gone = new Set<string>();
  let held = 0;
  let cached = 0;

  /** Says that an entry may have become spare, or ceased to be. */
  const sort = (id: string, entry: Entry): void => {
    const isSpare =
      entry.isNear && entry.isThere && entry.holders === 0 && !wanted.has(id) && entries.has(id);
    if (isSpare === spare.has(id)) return;
    spareBytes += isSpare ? entry.charged : -entry.charged;
    if (isSpare) spare.set(id, entry);
    else spare.delete(id);
  };
  const sortAll = (list: readonly ChunkCost[]): void => {
    for (const { id } of list) {
      const entry = entries.get(id);
      if (entry !== undefined) sort(id, entry);
    }
  };
  const dropSpare = (): void => {
    for (const [id, entry] of spare) {
      if (spareBytes <= mostSpare) break;
      cached -= entry.charged;
      letGo(id, entry);
      gone.add(id);
    }
    for (const oldest of gone) {
      if (gone.size <= remembered) return;
      gone.delete(oldest);
    }
  };

  const encodedOf = ({ array, bytes, encoded }: ChunkCost): number => {
    const known = learned.get(array);
    return known === undefined || known.seen < enough
      ? encoded
      : Math.min(encoded, Math.ceil(known.ratio * bytes * margin));
  };
  const costOf = (chunk: ChunkCost): number => pooledSize(chunk.bytes) + pooledSize(encodedOf(chunk));

  const letGo = (id: string, entry: Entry): void => {
    entries.delete(id);
    sort(id, entry);
    if (entry.chunk?.buffer) buffers.give(entry.chunk.buffer);
  };

  /** A copy of its own, since nobody will say when it is over. */
  const owned = (chunk: StoredChunk | undefined): StoredChunk | undefined => {
    if (chunk?.buffer === undefined) return chunk;
    const { values, version, buffer } = chunk;
    const copy = values.slice();
    buffers.give(buffer);
    return { values: copy, version };
  };

  const charge = (entry: Entry, bytes: number): void => {
    const change = bytes - entry.charged;
    entry.charged = bytes;
    if (entry.holders > 0) held += change;
    else cached += change;
  };

  const chunks: Chunks = {
    onFreed: () => {},
    get held() {
      return held;
    },
    get cached() {
      return cached;
    },
    missing(list) {
      let sum = 0;
      for (const chunk of list) {
        const entry = entries.get(chunk.id);
        if (entry === undefined) sum += costOf(chunk);
      }
      return sum;
    },
    reused(list) {
      let sum = 0;
      for (const { id } of list) {
        const entry = entries.get(id);
        if (entry?.holders === 0) sum += entry.charged;
      }
      return sum;
    },
    want(list) {
      for (const { id } of list) wanted.set(id, (wanted.get(id) ?? 0) + 1);
      sortAll(list);
    },
    unwant(list) {
      for (const { id } of list) {
        const left = (wanted.get(id) ?? 1) - 1;
        if (left > 0) wanted.set(id, left);
        else wanted.delete(id);
      }
      sortAll(list);
    },
    hold(list) {
      for (const chunk of list) {
        const entry = entries.get(chunk.id);
        if (entry === undefined) {
          const charged = costOf(chunk);
          if (gone.delete(chunk.id)) mostSpare += moreSpare * chunk.bytes;
          held += charged;
          entries.set(chunk.id, {
            charged,
            holders: 1,
            reading: undefined,
            chunk: undefined,
            isThere: false,
            isNear: chunk.near === true,
          });
          continue;
        }
        if (entry.holders === 0) {
          cached -= entry.charged;
          held += entry.charged;
        }
        entry.holders += 1;
        sort(chunk.id, entry);
      }
    },
    release(list) {
      for (const { id } of list) {
        const entry = entries.get(id);
        if (entry === undefined) continue;
        entry.holders -= 1;
        if (entry.holders > 0) continue;
        held -= entry.charged;
        if (!entry.isThere && entry.reading === undefined) {
          entries.delete(id);
          continue;
        }
        cached += entry.charged;
        // Maps keep the order of insertion: put in again, it is the youngest.
        entries.delete(id);
        entries.set(id, entry);
        sort(id, entry);
      }
      dropSpare();
    },
    drop(bytes, keep = []) {
      let gone = 0;
      const kept = new Set(keep.map(({ id }) => id));
      for (const last of [false, true]) {
        for (const [id, entry] of entries) {
          if (gone >= bytes) return gone;
          if (entry.holders > 0 || !entry.isThere || wanted.has(id) !== last || kept.has(id)) continue;
          gone += entry.charged;
          cached -= entry.charged;
          letGo(id, entry);
        }
      }
      return gone;
    },
    async get(cost, load) {
      const { id } = cost;
      const entry = entries.get(id);
      if (entry?.isThere) return entry.chunk;
      if (entry?.reading !== undefined) {
        return entry.reading.catch((error: unknown) => {
          // Who began to read it has no use for it any more.
          if (error instanceof Error && error.name === "AbortError") return chunks.get(cost, load);
          throw error;
        });
      }
      // Read outside any unit (nobody holds it): passed on, charged to nobody, not kept.
      if (entry === undefined) return load(() => {}).then(owned);
      const mine = entry;
      const reading = load((encoded) => {
        const known = learned.get(cost.array) ?? { seen: 0, ratio: 0 };
        learned.set(cost.array, known);
        onFetched?.({ chunk: cost, encoded, projected: mine.charged });
        known.seen += 1;
        known.ratio = Math.max(known.ratio, encoded / cost.bytes);
        const charged = pooledSize(cost.bytes) + pooledSize(encoded);
        if (mine.charged < charged) charge(mine, charged);
      }).then(
        (chunk) => {
          mine.reading = undefined;
          mine.isThere = true;
          mine.chunk = chunk;
          charge(mine, chunk === undefined ? 0 : pooledSize(cost.bytes));
          sort(id, mine);
          chunks.onFreed();
          return chunk;
        },
        (error: unknown) => {
          mine.reading = undefined;
          if (mine.holders === 0) {
            cached -= mine.charged;
            entries.delete(id);
          }
          throw error;
        },
      );
      mine.reading = reading;
      return reading;
    },
  };
  return chunks;
};

/**
 * Decoded chunks of a run. A chunk is one entry: charged once when the first unit that needs it is admitted, joined by
 * every other one, and kept, as a cache, when the last one is done, until the ledger needs its bytes. What waiting
 * units will need goes last; else the longest unused goes first. A failed read is not kept: the next unit asks the
 * store again. While a chunk is decoded its encoded bytes are charged too: as many as the metadata allow, or, once some
 * chunks of its array were seen, a fifth more a decoded byte than the worst of them. A part of a chunk is an entry of its
 * own; when one is read of a web store, the others of the same chunk that units wait for come with it, as long as there is
 * room for them. (Of a local file each is read when it is needed: that holds less.)
 *
 * What was read of a local file is cheap to read again, and memory touched for the first time is dear (half a
 * millisecond a MB or more, more than decoding takes): of such chunks that no unit waits for only a few are kept, and their
 * buffers, still in the processor's cache, take the next ones; of those of a web store some more. Where one is read again
 * that was let go, more are kept from then on (as in ARC: Megiddo and Modha 2003, FAST '03).
 */
import { pooledSize } from "../kernels/pooledSize.ts";
import type { SharedChunks } from "../model/budget.ts";
import type { ChunkCost } from "../model/chunk.ts";
import type { Buffers } from "../model/memory.ts";
import type { ChunkCache, LoadChunk, StoredChunk } from "../sources/storedArray.ts";

interface Entry {
  /** Bytes on the ledger now: decoded, and encoded until it is there. */
  charged: number;
  holders: number;
  reading: Promise<StoredChunk | undefined> | undefined;
  chunk: StoredChunk | undefined;
  isThere: boolean;
  readonly isNear: boolean;
}

/** Bytes of chunks that are kept at first though no unit waits for them, and how many more for one read again. */
const [fewSpare, someSpare] = [16e6, 256e6];
const moreSpare = 4;
/** How many of those let go are remembered. */
const remembered = 8192;

/** Chunks of an array seen before their sizes are believed, and how much larger the next may be. */
const enough = 8;
const margin = 1.2;

export interface Chunks extends ChunkCache, SharedChunks {
  /** Called when bytes of a held chunk are given back while it is held. */
  onFreed: () => void;
  /** Whether so many bytes more may be held. */
  hasRoom: (bytes: number) => boolean;
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
  /** Chunks that are there, held by nobody and wanted by nobody, longest unused first. */
  const spareOf = (most: number) => ({ entries: new Map<string, Entry>(), bytes: 0, most });
  const [near, far] = [spareOf(fewSpare), spareOf(someSpare)];
  /** Of those let go, by age. */
  const gone = new Set<string>();
  let held = 0;
  let cached = 0;

  /** Parts of far chunks that are wanted or held and not there, by their chunk and by their own id. */
  const parts = new Map<string, Map<string, ChunkCost>>();
  const awaitPart = (cost: ChunkCost): void => {
    if (cost.of === undefined || cost.near === true || entries.get(cost.id)?.isThere) return;
    const others = parts.get(cost.of.chunk) ?? new Map<string, ChunkCost>();
    parts.set(cost.of.chunk, others.set(cost.id, cost));
  };
  const isAwaited = (id: string): boolean => {
    const entry = entries.get(id);
    return entry !== undefined && !entry.isThere && entry.reading === undefined;
  };
  const forgetPart = ({ id, of }: ChunkCost): void => {
    const others = of && parts.get(of.chunk);
    if (others?.delete(id) && others.size === 0) parts.delete(of!.chunk);
  };
  /** What is to be read beside a part: held until that is over. */
  const partsBeside = (cost: ChunkCost): ChunkCost[] => {
    const found: ChunkCost[] = [];
    forgetPart(cost);
    for (const other of (cost.of && parts.get(cost.of.chunk)?.values()) ?? []) {
      const entry = entries.get(other.id);
      if (entry?.isThere || entry?.reading !== undefined) continue;
      if (entry === undefined && !chunks.hasRoom(costOf(other))) continue;
      chunks.hold([other]);
      forgetPart(other);
      found.push(other);
    }
    return found;
  };

  const come = (entry: Entry, { id, bytes }: ChunkCost, chunk: StoredChunk | undefined): void => {
    entry.reading = undefined;
    entry.isThere = true;
    entry.chunk = chunk;
    charge(entry, chunk === undefined ? 0 : pooledSize(bytes));
    sort(id, entry);
    chunks.onFreed();
  };
  /** A part that may come with another one; whoever waits for it reads it by itself where it does not. */
  const along = (cost: ChunkCost) => {
    const entry = entries.get(cost.id)!;
    let settle: [(chunk: StoredChunk | undefined) => void, (error: Error) => void] | undefined;
    entry.reading = new Promise((...both) => {
      settle = both;
    });
    entry.reading.catch(() => {});
    const take = (chunk: StoredChunk | undefined): void => {
      come(entry, cost, chunk);
      settle![0](chunk);
    };
    return {
      cost,
      ...{ spans: cost.of!.spans, take },
      /** The other one was read; `isAbsent`: there is no such chunk. */
      over(isAbsent: boolean) {
        if (isAbsent) take(undefined);
        else if (!entry.isThere) {
          entry.reading = undefined;
          settle![1](notRead());
        }
        chunks.release([cost]);
      },
    };
  };
  const read = async (cost: ChunkCost, mine: Entry, load: LoadChunk): Promise<StoredChunk | undefined> => {
    const others = partsBeside(cost).map(along);
    const arrived = (encoded: number): void => {
      const known = learned.get(cost.array) ?? { seen: 0, ratio: 0 };
      learned.set(cost.array, known);
      onFetched?.({ chunk: cost, encoded, projected: mine.charged });
      const came = others.filter((other) => entries.get(other.cost.id)?.isThere);
      const bytes = came.reduce((sum, other) => sum + other.cost.bytes, cost.bytes);
      known.seen += 1;
      known.ratio = Math.max(known.ratio, encoded / bytes);
      const charged = pooledSize(cost.bytes) + pooledSize(encoded);
      if (mine.charged < charged) charge(mine, charged);
    };
    const settle = (isAbsent: boolean): void => {
      for (const other of others.splice(0)) other.over(isAbsent);
    };
    const again = (): Promise<StoredChunk | undefined> => {
      // What is wrong may be wrong with the others alone.
      settle(false);
      return load(arrived, []);
    };
    try {
      const reading = load(arrived, others);
      const chunk = await (others.length === 0 ? reading : reading.catch(again));
      come(mine, cost, chunk);
      settle(chunk === undefined);
      return chunk;
    } catch (error) {
      settle(false);
      mine.reading = undefined;
      if (mine.holders === 0) {
        cached -= mine.charged;
        entries.delete(cost.id);
      }
      throw error;
    }
  };

  const got = (cost: ChunkCost, load: LoadChunk): Promise<StoredChunk | undefined> => {
    const entry = entries.get(cost.id);
    if (entry?.isThere) return Promise.resolve(entry.chunk);
    if (entry?.reading !== undefined) {
      return entry.reading.catch((error: unknown) => {
        // Who began to read it has no use for it any more.
        if (error instanceof Error && error.name === "AbortError") return chunks.get(cost, load);
        throw error;
      });
    }
    // Read outside any unit (nobody holds it): passed on, charged to nobody, not kept.
    if (entry === undefined) return load(() => {}, []).then(owned);
    entry.reading = read(cost, entry, load);
    return entry.reading;
  };

  /** Says that an entry may have become spare, or ceased to be. */
  const sort = (id: string, entry: Entry): void => {
    const isSpare = entry.isThere && entry.holders === 0 && !wanted.has(id) && entries.has(id);
    const spare = entry.isNear ? near : far;
    if (isSpare === spare.entries.has(id)) return;
    spare.bytes += isSpare ? entry.charged : -entry.charged;
    if (isSpare) spare.entries.set(id, entry);
    else spare.entries.delete(id);
  };
  const sortId = (id: string): void => {
    const entry = entries.get(id);
    if (entry !== undefined) sort(id, entry);
  };
  const dropSpare = (): void => {
    for (const spare of [near, far]) {
      if (spare.bytes <= spare.most) continue;
      for (const [id, entry] of spare.entries) {
        cached -= entry.charged;
        letGo(id, entry);
        gone.add(id);
        if (spare.bytes <= spare.most) break;
      }
    }
    if (gone.size <= remembered) return;
    for (const oldest of gone) {
      gone.delete(oldest);
      if (gone.size <= remembered) return;
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
    hasRoom: () => false,
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
      for (const chunk of list) {
        const others = wanted.get(chunk.id) ?? 0;
        wanted.set(chunk.id, others + 1);
        awaitPart(chunk);
        if (others === 0) sortId(chunk.id);
      }
    },
    unwant(list) {
      for (const chunk of list) {
        const left = (wanted.get(chunk.id) ?? 1) - 1;
        if (left > 0) {
          wanted.set(chunk.id, left);
        } else if (wanted.delete(chunk.id)) {
          forgetPart(chunk);
          sortId(chunk.id);
        }
      }
    },
    hold(list) {
      for (const chunk of list) {
        const entry = entries.get(chunk.id);
        if (entry === undefined) {
          const charged = costOf(chunk);
          if (gone.delete(chunk.id)) (chunk.near ? near : far).most += moreSpare * chunk.bytes;
          held += charged;
          entries.set(chunk.id, {
            charged,
            holders: 1,
            reading: undefined,
            chunk: undefined,
            isThere: false,
            isNear: chunk.near === true,
          });
          awaitPart(chunk);
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
      for (const chunk of list) {
        const { id } = chunk;
        const entry = entries.get(id);
        if (entry === undefined) continue;
        entry.holders -= 1;
        if (entry.holders > 0) continue;
        held -= entry.charged;
        if (!entry.isThere && entry.reading === undefined) {
          entries.delete(id);
          if (!wanted.has(id)) forgetPart(chunk);
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
    drop(bytes, keep = [], wantedToo = true) {
      let gone = 0;
      const kept = new Set(keep.map(({ id }) => id));
      for (const last of wantedToo ? [false, true] : [false]) {
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
    get(cost, load) {
      // Others that want parts of the same chunk may be admitted in this turn: one request is cheaper than two.
      if (cost.of === undefined || cost.near === true || !isAwaited(cost.id)) return got(cost, load);
      return new Promise((resolve) => setImmediate(resolve)).then(() => got(cost, load));
    },
  };
  return chunks;
};

const notRead = (): Error => {
  const error = new Error("the part did not come with another one");
  error.name = "AbortError";
  return error;
};

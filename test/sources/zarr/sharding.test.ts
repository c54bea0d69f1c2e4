import { describe, expect, it } from "vitest";
import type { StoredArray } from "../../../src/sources/storedArray.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { shardEntry } from "../../../src/sources/zarr/shardEntry.ts";
import { places, testContext } from "./context.ts";
import { type MemoryStore, memoryStore } from "./memoryStore.ts";

const bytes = [{ name: "bytes", configuration: { endian: "little" } }];
const none = 2n ** 64n - 1n;

const sharding = (chunk_shape: number[], at: string, codecs: object[] = bytes) => ({
  name: "sharding_indexed",
  configuration: { chunk_shape, codecs, index_codecs: bytes, index_location: at },
});

/** A shard of these parts (undefined: left out), the index at start or end. */
function shard(parts: (Uint8Array | undefined)[], at: string): Uint8Array {
  const index = new BigUint64Array(2 * parts.length).fill(none);
  let offset = at === "start" ? 16 * parts.length : 0;
  for (const [i, part] of parts.entries()) {
    if (part === undefined) continue;
    index.set([BigInt(offset), BigInt(part.length)], 2 * i);
    offset += part.length;
  }
  const all = parts.filter((part) => part !== undefined);
  const indexBytes = Buffer.from(index.buffer);
  return Uint8Array.from(Buffer.concat(at === "start" ? [indexBytes, ...all] : [...all, indexBytes]));
}
const pair = (a: number) => new Uint8Array(Int16Array.of(a, a + 1).buffer);

const document = (codecs: object[], shape: number[], chunk_shape: number[]) => ({
  zarr_format: 3,
  node_type: "array",
  shape,
  data_type: "int16",
  chunk_grid: { name: "regular", configuration: { chunk_shape } },
  chunk_key_encoding: { name: "default" },
  fill_value: 0,
  codecs,
  dimension_names: shape.map((_, i) => `d${i}`),
});

async function open(store: MemoryStore, context = testContext()): Promise<StoredArray> {
  return (await openZarr(store, context)).array("a");
}
const content = (meta: object, objects: Record<string, Uint8Array>) => ({
  "zarr.json": { zarr_format: 3, node_type: "group" },
  "a/zarr.json": meta,
  ...objects,
});
const all = async (array: StoredArray) =>
  Promise.all(places(array).map(async (coords) => [...((await array.chunk(coords, {}))?.values ?? [])]));

describe.each(["start", "end"])("a shard with its index at the %s", (at) => {
  const meta = document([sharding([2], at)], [10], [6]);
  const whole = shard([pair(1), undefined, pair(5)], at);

  it("gives its chunks, one range each, and the index once", async () => {
    const store = memoryStore(content(meta, { "a/c/0": whole }));
    const context = testContext();
    const array = await open(store, context);
    expect([array.chunkShape, array.chunkBytes, array.encodedBytes]).toEqual([[2], 4, 4]);
    expect(array.chunkId([2])).toBe("memory/a/0#2");
    const before = { ...context };
    store.asked.splice(0);
    expect(await all(array)).toEqual([[1, 2], [], [5, 6], [], []]);
    const index = at === "start" ? "a/c/0 0+48" : "a/c/0 8+48";
    expect(store.asked.filter((key) => key === index).length).toBe(1);
    expect(store.asked.length).toBe(3);
    expect([context.bytes - before.bytes, context.requests - before.requests]).toEqual([48 + 8, 3]);
    expect(await all(array)).toEqual([[1, 2], [], [5, 6], [], []]);
    expect(store.asked.length).toBe(5);
  });

  it("is read anew when it changes between index and chunk", async () => {
    const store = memoryStore(content(meta, { "a/c/0": whole }));
    const array = await open(store);
    await array.chunk([0], {});
    store.version = "2";
    store.objects.set("a/c/0", shard([undefined, pair(7), pair(9)], at));
    expect(await array.chunk([0], {})).toBeUndefined();
    expect([...(await array.chunk([1], {}))!.values]).toEqual([7, 8]);
    expect((await array.chunk([2], {}))!.version).toBe("2");
  });

  it("that changes with every request is an error, at a chunk that moves", async () => {
    const store = memoryStore(content(meta, { "a/c/0": whole }));
    const getRange = store.getRange.bind(store);
    let turn = 0;
    store.getRange = (key, range, options) => {
      store.version = String(++turn);
      const moved =
        Math.ceil(turn / 2) % 2 === 0 ? [pair(1), pair(3), pair(5)] : [pair(1), undefined, pair(5)];
      store.objects.set(key, shard(moved, at));
      return getRange(key, range, options);
    };
    const array = await open(store);
    await expect(array.chunk([2], {})).rejects.toThrow(/a shard that changed 3 times/);
    expect([...(await array.chunk([0], {}))!.values]).toEqual([1, 2]);
  });

  it.each([
    ["beyond the shard", [999n, 4n], /4 bytes at byte 999 found, parts of a shard of 56 bytes/],
    ["huge", [0n, 2n ** 62n], /4611686018427387904 bytes at byte 0 found/],
    ["half absent", [none, 4n], /found, parts of a shard/],
    ["overflowing", [2n ** 63n, 2n ** 63n], /found, parts of a shard/],
    ["empty", [0n, 0n], /an inner chunk of 0 bytes found/],
    ["longer than a chunk", [0n, 20n], /20 bytes found, at most 4 expected/],
  ])("an entry that is %s is an error before a request", async (_, entry, message) => {
    const broken = whole.slice();
    const index = BigUint64Array.from(entry);
    broken.set(new Uint8Array(index.buffer), at === "start" ? 16 : broken.length - 32);
    const store = memoryStore(content(meta, { "a/c/0": broken }));
    const array = await open(store);
    await array.chunk([0], {});
    const asked = store.asked.length;
    await expect(array.chunk([1], {})).rejects.toMatchObject({
      tag: "Codec",
      message: expect.stringMatching(message),
      place: { source: "memory", variable: "a", chunk: "1" },
    });
    expect(store.asked.length).toBe(asked);
  });

  it("shorter than its index is an error", async () => {
    const array = await open(memoryStore(content(meta, { "a/c/0": whole.slice(0, 20) })));
    await expect(array.chunk([0], {})).rejects.toThrow(
      at === "end" ? /20 bytes found, 48/ : /chunk 0 in shard/,
    );
  });

  it("may hold shards", async () => {
    // array 2 x 8, shards 2 x 4 of shards 1 x 4 of chunks 1 x 2
    const inner = sharding([1, 2], at);
    const nested = document([sharding([1, 4], at, [inner])], [2, 8], [2, 4]);
    const lower = (a: number, b: number | undefined) =>
      shard([pair(a), b === undefined ? undefined : pair(b)], at);
    const store = memoryStore(
      content(nested, {
        "a/c/0/0": shard([lower(1, 3), lower(11, undefined)], at),
        "a/c/0/1": shard([undefined, lower(15, 17)], at),
      }),
    );
    const array = await open(store);
    expect(array.chunkShape).toEqual([1, 2]);
    expect(await all(array)).toEqual([[1, 2], [3, 4], [], [], [11, 12], [], [15, 16], [17, 18]]);
    expect(array.chunkId([1, 3])).toBe("memory/a/0/1#1.3");
  });
});

describe("indexes of shards", () => {
  it("are kept within a bound: what was used last", async () => {
    const meta = document([sharding([1], "end")], [2 ** 21], [2 ** 18]);
    const objects: Record<string, Uint8Array> = {};
    for (let i = 0; i < 8; i++) {
      const parts = new Array<Uint8Array | undefined>(2 ** 18).fill(undefined);
      parts[0] = pair(i).slice(0, 2);
      objects[`a/c/${i}`] = shard(parts, "end");
    }
    // 4 MiB an index: two are kept
    const store = memoryStore(content(meta, objects));
    const array = await open(store);
    const indexReads = async (i: number) => {
      store.asked.splice(0);
      expect([...(await array.chunk([i * 2 ** 18], {}))!.values]).toEqual([i]);
      return store.asked.length - 1;
    };
    expect(await indexReads(0)).toBe(1);
    expect(await indexReads(1)).toBe(1);
    expect(await indexReads(0)).toBe(0);
    expect(await indexReads(2)).toBe(1);
    expect(await indexReads(0)).toBe(0);
    expect(await indexReads(1)).toBe(1);
  });

  it("that fail are read again", async () => {
    const meta = document([sharding([2], "end")], [6], [6]);
    const store = memoryStore(content(meta, { "a/c/0": shard([pair(1), pair(3), pair(5)], "end") }));
    const array = await open(store);
    const { getRange } = store;
    store.getRange = () => Promise.reject(new Error("lost"));
    await expect(array.chunk([0], {})).rejects.toThrow(/lost/);
    store.getRange = getRange;
    expect(await array.chunk([0], {})).toBeDefined();
  });
});

describe("shardEntry", () => {
  it("does without the shard's size", () => {
    const index = (offset: bigint, length: bigint) => ({
      entries: BigUint64Array.of(offset, length),
      total: undefined,
      version: "1",
    });
    expect(shardEntry(index(5n, 7n), 0, 10)).toEqual({ offset: 5, length: 7 });
    expect(shardEntry(index(none, none), 0, 10)).toBeUndefined();
    expect(() => shardEntry(index(2n ** 60n, 7n), 0, 10)).toThrow(/less than 2\^53/);
    expect(() => shardEntry(index(0n, 11n), 0, 10)).toThrow(/at most 10/);
  });
});

/** A reader never has to: where it is not ready, has enough to do, has no arena or is gone, whoever asks reads. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BufferPool, bufferPool } from "../../../src/runtime/bufferPool.ts";
import { threadReader } from "../../../src/runtime/reader/threadReader.ts";
import type { StoredArray, StoredChunk } from "../../../src/sources/storedArray.ts";
import { seeded } from "../../sources/codecs/mutation.ts";
import { type Form, temporaryFolder, writeFormed } from "./formedStore.ts";
import { arenaBuffers, bytesOf, openArray, outOf, saidOf } from "./readAlike.ts";
import { later, type ReaderHere, readerHere, until } from "./readerHere.ts";

const form: Form = {
  ...{ format: 2, type: "f4", chunk: [100, 120], shape: [400, 240] },
  codec: { cname: "lz4", shuffle: 1, blocksize: 16_384 },
};

let folder: ReturnType<typeof temporaryFolder>;
let here: ReaderHere & AsyncDisposable;
let pool: BufferPool;
let places: readonly (readonly number[])[];
let array: StoredArray;
/** What each chunk holds. */
let values: ReadonlyMap<string, Buffer>;

const begin = async (options: Parameters<typeof readerHere>[0] = {}) => {
  here = readerHere(options);
  pool = arenaBuffers(here);
  array = await openArray(folder.path, here.reader);
  if (options.ready !== false) await here.ready();
};

beforeEach(async () => {
  folder = temporaryFolder();
  ({ places } = await writeFormed(folder.path, form));
  const plain = await openArray(folder.path);
  const all = places.map(
    async (coords) => [`${coords}`, bytesOf((await plain.chunk(coords, {}))!.values)] as const,
  );
  values = new Map(await Promise.all(all));
});
afterEach(async () => {
  await here[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const check = (coords: readonly number[], chunk: StoredChunk | undefined) => {
  expect(values.get(`${coords}`)!.equals(bytesOf(chunk!.values)), `chunk ${coords}`).toBe(true);
};

/** Reads a chunk whose values are checked, and gives it back. */
const read = async (coords: readonly number[], buffers = pool) => {
  const chunk = await array.chunk(coords, { buffers });
  check(coords, chunk);
  buffers.give(chunk!.buffer!);
};

/** Chunks that it was asked for. */
const asked = () => here.told.filter(({ type }) => type === "read").length;

describe("what is read by whoever asks", () => {
  it("all, until the reader is ready", async () => {
    await begin({ ready: false });
    await Promise.all(places.map((coords) => read(coords)));
    expect([asked(), outOf(pool), here.isAwaited]).toEqual([0, 0, false]);
  });

  it("small chunks, and those of which a small part is wanted", async () => {
    await begin({ least: 48_001, ready: false });
    await read([0, 0]);
    expect([asked(), here.hasBegun]).toEqual([0, false]);
    await here[Symbol.asyncDispose]();
    await begin({ least: 48_000 });
    expect(here.hasBegun).toBe(true);
    await read([0, 0]);
    expect(asked()).toBe(1);
    expect(threadReader(() => expect.fail("begun")).least).toBe(200_000);
  });

  it("what belongs elsewhere than in the arena", async () => {
    await begin();
    const without = bufferPool(256e6, () => {});
    await read([0, 0], without);
    const tooLittle = bufferPool(100e6, () => {}, 64e6);
    await read([0, 0], tooLittle);
    expect([asked(), outOf(without), outOf(tooLittle)]).toEqual([0, 0, 0]);
    // 36 KB of the arena are left.
    const full = [14 * 2 ** 22, 5 * 2 ** 20].map((bytes) => pool.take(bytes));
    await read([0, 0]);
    expect(asked()).toBe(0);
    for (const one of full) pool.give(one);
    await read([0, 0]);
    expect([asked(), here.answered, outOf(pool)]).toEqual([1, 1, 0]);
  });

  it("what comes while it has enough to do; what it has done counts though nobody has heard of it", async () => {
    await begin();
    // None of it is done before all have asked.
    const many = (count: number) => Array.from({ length: count }, (_, i) => read(places[i % places.length]!));
    const first = many(12);
    expect([asked(), here.isAwaited]).toEqual([8, true]);
    await Promise.all(first);
    expect([asked(), here.answered, here.isAwaited]).toEqual([8, 8, false]);
    here.hold();
    const second = many(8);
    expect(asked()).toBe(16);
    await until(() => here.held === 8);
    const third = many(12);
    expect(asked()).toBe(24);
    here.release();
    await Promise.all([...second, ...third]);
    expect([asked(), here.answered, outOf(pool), here.isAwaited]).toEqual([24, 24, 0, false]);
  });
});

describe("a reader that ends", () => {
  it.each([
    ["by itself", undefined],
    ["since something was thrown", new Error("thrown in it")],
  ])("%s: all that it was at is read by those who asked, and all that follows", async (_, thrown) => {
    await begin();
    here.hold();
    const first = places.slice(0, 3).map((coords) => read(coords));
    await until(() => here.held === 3);
    const more = places.slice(3, 5).map((coords) => read(coords));
    if (thrown !== undefined) here.fail(thrown);
    here.end();
    await Promise.all([...first, ...more]);
    expect([asked(), outOf(pool)]).toEqual([5, 0]);
    await Promise.all(places.map((coords) => read(coords)));
    pool.trim();
    await read([1, 1]);
    expect([asked(), outOf(pool)]).toEqual([5, 0]);
  });

  it("is closed while chunks are under way, once and again", async () => {
    await begin();
    here.hold();
    const first = places.slice(0, 3).map((coords) => read(coords));
    const closed = here.reader.close();
    const second = places.slice(3, 6).map((coords) => read(coords));
    await closed;
    await here.reader.close();
    await Promise.all([...first, ...second]);
    const before = asked();
    await Promise.all(places.map((coords) => read(coords)));
    expect([asked(), outOf(pool)]).toEqual([before, 0]);
  });

  it("that was never begun closes", async () => {
    await begin();
    await threadReader(() => expect.fail("begun")).close();
  });
});

describe("arenas that come and go", () => {
  it("tells it of each arena once, and when one goes", async () => {
    await begin();
    const memories = () => here.told.filter((one) => "memory" in one && one.memory !== undefined).length;
    const opened = () => here.told.filter((one) => "opened" in one && one.opened !== undefined).length;
    const forgotten = () => here.told.filter(({ type }) => type === "forget").length;
    for (const coords of places) await read(coords);
    expect([memories(), opened(), forgotten()]).toEqual([1, 1, 0]);
    pool.trim();
    expect([memories(), forgotten()]).toEqual([1, 1]);
    for (const coords of places) await read(coords);
    expect([memories(), opened(), forgotten()]).toEqual([2, 1, 1]);
    const chunk = await array.chunk([0, 0], { buffers: pool });
    pool.resize(100e6);
    pool.resize(256e6);
    // It is used as long as something lies in it.
    expect(forgotten()).toBe(1);
    check([0, 0], chunk);
    pool.give(chunk!.buffer!);
    expect(forgotten()).toBe(2);
    for (const coords of places) await read(coords);
    expect([memories(), opened(), here.answered, outOf(pool)]).toEqual([3, 1, 25, 0]);
    array = await openArray(folder.path, here.reader);
    for (const coords of places) await read(coords);
    expect([memories(), opened(), here.answered]).toEqual([3, 2, 33]);
  });

  it("never mixes up what lies in two of them, whatever is under way", { timeout: 60_000 }, async () => {
    await begin();
    const random = seeded(3);
    const below = (n: number) => Math.floor(random() * n);
    const kept: { readonly coords: readonly number[]; readonly chunk: StoredChunk }[] = [];
    const giveOne = () => {
      const [one] = kept.splice(below(kept.length), 1);
      if (one === undefined) return;
      check(one.coords, one.chunk);
      pool.give(one.chunk.buffer!);
    };
    const reading = new Set<Promise<void>>();
    const start = () => {
      const coords = places[below(places.length)]!;
      const one = array.chunk(coords, { buffers: pool }).then((chunk) => {
        check(coords, chunk);
        kept.push({ coords, chunk: chunk! });
      });
      reading.add(one);
      one.finally(() => reading.delete(one)).catch(() => {});
    };
    for (let i = 0; i < 1500; i++) {
      const what = below(20);
      if (what < 9) start();
      else if (what < 15) giveOne();
      else if (what === 15) {
        pool.resize(100e6);
        pool.resize(256e6);
      } else if (what === 16) pool.trim();
      else await later();
      if (reading.size > 6) await Promise.race(reading);
      while (kept.length > 8) giveOne();
    }
    await Promise.all(reading);
    while (kept.length > 0) giveOne();
    expect(outOf(pool)).toBe(0);
    expect(here.answered).toBeGreaterThan(200);
    expect(here.told.filter(({ type }) => type === "forget").length).toBeGreaterThan(20);
    pool.trim();
    expect(pool.resident).toBe(0);
  });
});

it("says what a chunk of several parts says, and nothing stays taken, whoever reads which", async () => {
  folder[Symbol.dispose]();
  folder = temporaryFolder();
  const wide: Form = { ...form, chunk: [250, 200], shape: [500, 200] };
  ({ places } = await writeFormed(folder.path, wide));
  const plain = await openArray(folder.path);
  await begin();
  const spans = [0, 9000, 18_000, 27_000, 36_000].map((start) => [{ start, stop: start + 14_000 }]);
  const once = spans.flatMap((one) => places.map((coords) => ({ coords, part: plain.part!(one)! })));
  const all = [...once, ...once];
  const said = await Promise.all(
    all.map(({ coords, part }) => saidOf(array, coords, { part, buffers: pool })),
  );
  for (const [i, { coords, part }] of all.entries()) {
    const wanted = await saidOf(plain, coords, { part, buffers: pool });
    expect([said[i]!.values!.equals(wanted.values!), said[i]!.version]).toEqual([true, wanted.version]);
  }
  expect([all.length, here.answered, outOf(pool)]).toEqual([20, 8, 0]);
});

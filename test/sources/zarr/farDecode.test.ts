/** Chunks of a web store are decoded in another thread: the same values, versions and errors as here. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { type BufferPool, bufferPool } from "../../../src/runtime/bufferPool.ts";
import type { StoredArray } from "../../../src/sources/storedArray.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import type { Store } from "../../../src/sources/stores/store.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { countedBuffers } from "../../runtime/countedBuffers.ts";
import { type Form, temporaryFolder, writeFormed } from "../../runtime/reader/formedStore.ts";
import { arenaBuffers, openArray, outOf, saidOf } from "../../runtime/reader/readAlike.ts";
import { type ReaderHere, readerHere, until } from "../../runtime/reader/readerHere.ts";
import { giveFolder, serve } from "../stores/server.ts";
import { testContext } from "./context.ts";

const base: Form = {
  ...{ format: 2, type: "f4", chunk: [200, 300], shape: [400, 600] },
  codec: { cname: "lz4", shuffle: 1, blocksize: 32_768 },
};
const forms: Readonly<Record<string, Form>> = {
  "lz4, byte shuffle": base,
  "lz4, bit shuffle": { ...base, codec: { cname: "lz4", shuffle: 2, blocksize: 32_768 } },
  "only copied": { ...base, codec: { cname: "blosclz", shuffle: 0, blocksize: 65_536 } },
  "hardly packed": { ...base, noise: 1 },
  "zstd in blosc": { ...base, codec: { cname: "zstd", shuffle: 1, blocksize: 65_536 } },
  "two bytes": { ...base, type: "i2" },
  halves: { ...base, type: "f2" },
  "halves, in shards": { ...base, type: "f2", format: 3, inShard: 2, noise: 0.5 },
  "big endian": { ...base, big: true },
  "version 3": { ...base, format: 3 },
  "in shards": { ...base, format: 3, inShard: 2, chunk: [100, 300] },
};

const over: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

interface Opened {
  readonly far: StoredArray;
  readonly near: StoredArray;
  readonly web: Store;
  readonly here: ReaderHere;
  readonly pool: BufferPool;
  readonly store: Awaited<ReturnType<typeof writeFormed>>;
}

const open = async (form: Form): Promise<Opened> => {
  const folder = temporaryFolder();
  const store = await writeFormed(folder.path, form);
  const server = await serve(giveFolder(folder.path));
  const here = readerHere();
  const web: Store = await openStore(server.url);
  over.push(
    () => folder[Symbol.dispose](),
    () => server[Symbol.asyncDispose](),
    () => here[Symbol.asyncDispose](),
    () => web.close(),
  );
  const far = await (await openZarr(web, { ...testContext(), reader: here.reader })).array("u");
  await here.ready();
  return { far, web, near: await openArray(folder.path), here, pool: arenaBuffers(here), store };
};

/** The same frame, its last block first. */
const turned = (frame: Buffer): Buffer => {
  const blocks = Math.ceil(frame.readUInt32LE(4) / frame.readUInt32LE(8));
  const starts = Array.from({ length: blocks }, (_, i) => frame.readUInt32LE(16 + 4 * i));
  const made = Buffer.from(frame);
  let at = 16 + 4 * blocks;
  for (let i = blocks - 1; i >= 0; i--) {
    made.writeUInt32LE(at, 16 + 4 * i);
    at += frame.copy(made, at, starts[i]!, starts[i + 1] ?? frame.length);
  }
  return made;
};

const decoded = ({ told }: ReaderHere) => told.filter(({ type }) => type === "decode").length;

const same = async ({ far, near, pool, store }: Opened, only = store.places) => {
  for (const coords of only) {
    const part = far.part?.([{ start: 9000, stop: 30_000 }]);
    for (const asked of [{}, ...(part === undefined ? [] : [{ part }])]) {
      const [said, wanted] = await Promise.all(
        [far, near].map((one) => saidOf(one, coords, { ...asked, buffers: pool })),
      );
      expect(said!.error).toBeUndefined();
      expect(said!.values!.equals(wanted!.values!), `chunk ${coords}`).toBe(true);
      expect([said!.type, said!.finite ?? wanted!.finite]).toEqual([wanted!.type, wanted!.finite]);
    }
  }
};

describe("what another thread decodes of a web store", () => {
  it.each(Object.entries(forms))("%s: the same values, in the arena", async (name, form) => {
    const opened = await open(form);
    await same(opened);
    expect([opened.here.answered > 0, outOf(opened.pool)]).toEqual([name !== "only copied", 0]);
    expect(opened.here.answered).toBe(decoded(opened.here));
  });

  it("nothing, where buffers lie elsewhere, or there is no thread any more", async () => {
    const opened = await open(base);
    const pool = bufferPool(256e6, () => {});
    await same({ ...opened, pool });
    expect([decoded(opened.here), outOf(pool)]).toEqual([0, 0]);
    const encoded = opened.pool.take(50_000);
    const wanted = [{ spans: [{ start: 0, stop: 50_000 }], out: pool.take(50_000) }];
    expect(opened.here.reader.decode({ encoded, wanted } as never)).toBeUndefined();
    opened.pool.give(encoded);
    opened.here.end();
    await same(opened);
    expect([decoded(opened.here), outOf(opened.pool)]).toEqual([0, 0]);
  });

  it("what it was at when it ended is decoded here", async () => {
    const opened = await open(base);
    opened.here.hold();
    const reading = same(opened, opened.store.places.slice(0, 1));
    await until(() => opened.here.held > 0);
    opened.here.end();
    await reading;
    expect([decoded(opened.here), outOf(opened.pool)]).toEqual([1, 0]);
  });

  it("damage is named as it is here", async () => {
    const opened = await open(base);
    const [coords] = opened.store.places;
    const file = opened.store.fileOf(coords!);
    const bytes = readFileSync(file);
    // The first byte of the streams of the second block, of which each says how long it is.
    bytes.fill(0xff, bytes.readUInt32LE(16 + 4), bytes.readUInt32LE(16 + 4) + 8);
    writeFileSync(file, bytes);
    const [said, wanted] = await Promise.all(
      [opened.far, opened.near].map((one) => saidOf(one, coords!, { buffers: opened.pool })),
    );
    const cause = (error: object | undefined) => `${(error as Error).message}`.replace(/^.*?: u, /, "");
    expect(said!.error).toMatchObject({ tag: "Codec" });
    expect(cause(said!.error)).toBe(cause(wanted!.error));
    expect([decoded(opened.here), opened.here.answered, outOf(opened.pool)]).toEqual([1, 0, 0]);
  });

  it("nothing at all is named as it is here", async () => {
    const opened = await open(base);
    const [coords] = opened.store.places;
    writeFileSync(opened.store.fileOf(coords!), "");
    const plain = await (await openZarr(opened.web, testContext())).array("u");
    const [said, wanted] = await Promise.all(
      [opened.far, plain].map((one) => saidOf(one, coords!, { buffers: opened.pool })),
    );
    expect(said!.error).toMatchObject({ tag: "Codec" });
    expect(said!.error).toEqual(wanted!.error);
  });

  it("blocks in any order are one piece of work", async () => {
    const opened = await open(base);
    const { places, fileOf } = opened.store;
    for (const coords of places) writeFileSync(fileOf(coords), turned(readFileSync(fileOf(coords))));
    for (const coords of places) {
      const [said, wanted] = await Promise.all(
        [opened.far, opened.near].map((one) => saidOf(one, coords, { buffers: opened.pool })),
      );
      expect(said!.values!.equals(wanted!.values!)).toBe(true);
    }
    expect([decoded(opened.here), opened.here.answered]).toEqual([places.length, places.length]);
  });

  it("every buffer is given back once", async () => {
    const { far, store } = await open(base);
    const counted = countedBuffers();
    for (const coords of store.places) {
      const part = far.part!([{ start: 9000, stop: 30_000 }])!;
      await saidOf(far, coords, { part, buffers: counted as never });
      await saidOf(far, coords, { buffers: counted as never });
    }
    expect([counted.taken > 0, counted.out, counted.faults]).toEqual([true, 0, []]);
  });
});

/** Chunks that another thread reads: what is wrong with them is said as it is without one, and nothing stays taken. */
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BufferPool } from "../../../src/runtime/bufferPool.ts";
import type { ChunkReader, StoredArray } from "../../../src/sources/storedArray.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { type Form, type Formed, temporaryFolder, writeFormed } from "../../runtime/reader/formedStore.ts";
import {
  arenaBuffers,
  askedFor,
  difference,
  openArray,
  outOf,
  saidOf,
} from "../../runtime/reader/readAlike.ts";
import { later, type ReaderHere, readerHere, until } from "../../runtime/reader/readerHere.ts";
import { mutated, seeded } from "../codecs/mutation.ts";
import { testContext } from "./context.ts";

const lz4 = { cname: "lz4", shuffle: 1, blocksize: 16_384 } as const;
const forms: Readonly<Record<string, Form>> = {
  blosc: { format: 2, type: "f4", chunk: [250, 200], codec: lz4 },
  "blosc of halves": { format: 3, type: "f2", chunk: [250, 300], codec: lz4 },
  "zstd in blosc": { format: 2, type: "f4", chunk: [250, 200], codec: { ...lz4, cname: "zstd" } },
  zstd: { format: 2, type: "f4", chunk: [250, 200], codec: "zstd" },
  gzip: { format: 2, type: "f4", chunk: [250, 200], codec: "gzip" },
  raw: { format: 3, type: "f4", chunk: [250, 200] },
  shards: { format: 3, type: "f4", chunk: [100, 120], inShard: 2, codec: lz4 },
};

let folder: ReturnType<typeof temporaryFolder>;
let here: ReaderHere & AsyncDisposable;
let pool: BufferPool;
let store: Formed;
let plain: StoredArray;
let array: StoredArray;

/** As one that nobody has read of. */
const reopen = async () => {
  plain = await openArray(folder.path);
  array = await openArray(folder.path, here.reader);
};
const open = async (form: Form) => {
  store = await writeFormed(folder.path, form);
  await reopen();
  await here.ready();
};

beforeEach(() => {
  folder = temporaryFolder();
  here = readerHere();
  pool = arenaBuffers(here);
});
afterEach(async () => {
  await here[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Asks both for a chunk and for parts of it; what they said, which is the same. */
const both = async (coords: readonly number[], what: string) => {
  const elements = plain.chunkShape.reduce((product, length) => product * length, 1);
  const spans = [
    [{ start: 0, stop: 2000 }],
    [{ start: Math.floor(elements / 2), stop: Math.floor(0.9 * elements) }],
  ];
  const all = [];
  for (const part of [undefined, ...spans.map((one) => plain.part?.(one))]) {
    const wanted = await saidOf(plain, coords, { part, buffers: pool });
    const said = await saidOf(array, coords, { part, buffers: pool });
    expect(difference(said, wanted), what).toBeUndefined();
    all.push(said);
  }
  expect(outOf(pool), what).toBe(0);
  return all;
};

describe.each(Object.entries(forms))("damage: %s", (_, form) => {
  const ways: Readonly<Record<string, (file: string, bytes: Uint8Array) => void>> = {
    "of 0 bytes": (file) => writeFileSync(file, ""),
    "of 3 bytes": (file, bytes) => writeFileSync(file, bytes.subarray(0, 3)),
    "cut in the middle": (file, bytes) => writeFileSync(file, bytes.subarray(0, bytes.length >> 1)),
    "a byte short": (file, bytes) => writeFileSync(file, bytes.subarray(0, -1)),
    "a byte long": (file, bytes) => writeFileSync(file, Buffer.concat([bytes, Buffer.of(1)])),
    "all zeros": (file, bytes) => writeFileSync(file, new Uint8Array(bytes.length)),
    "all ones": (file, bytes) => writeFileSync(file, new Uint8Array(bytes.length).fill(255)),
    "a folder": (file) => {
      rmSync(file, { force: true });
      mkdirSync(file);
    },
    "a link to itself": (file) => {
      rmSync(file, { force: true });
      symlinkSync(file, file);
    },
    absent: (file) => rmSync(file, { force: true }),
  };

  it("says the same, and gives back all", async () => {
    await open(form);
    const [first, other] = [store.places[0]!, store.places.at(-1)!];
    const file = store.fileOf(first);
    const bytes = readFileSync(file);
    let failures = 0;
    for (const [what, damage] of Object.entries(ways)) {
      damage(file, bytes);
      // Indexes of shards are kept.
      await reopen();
      const [whole] = await both(first, what);
      if (what === "absent" || what === "a folder") {
        expect([whole!.values, whole!.error]).toEqual([undefined, undefined]);
      }
      if (whole!.error !== undefined) failures += 1;
      rmSync(file, { recursive: true, force: true });
    }
    expect(failures).toBeGreaterThan(4);
    // The reader goes on with what is whole.
    const before = here.answered;
    const [sound] = await both(other, "sound");
    expect([sound!.error, here.answered > before]).toEqual([undefined, true]);
  });

  it("says the same of any bytes that are changed", async () => {
    await open(form);
    const [first] = store.places;
    const file = store.fileOf(first!);
    const bytes = readFileSync(file);
    const random = seeded(7);
    let failures = 0;
    for (let i = 0; i < 40; i++) {
      await reopen();
      writeFileSync(`${file}.new`, mutated(bytes, random));
      renameSync(`${file}.new`, file);
      const said = await both(first!, `change ${i}`);
      if (said[0]!.error !== undefined) failures += 1;
    }
    expect(failures).toBeGreaterThan(5);
  });
});

it("refuses a chunk outside the grid in the same words, and asks nobody for it", async () => {
  await open(forms.blosc!);
  const told = here.told.length;
  for (const coords of [[2, 0], [0, -1], [0], [0.5, 0]]) {
    const said = await saidOf(array, coords, { buffers: pool });
    expect(said).toEqual(await saidOf(plain, coords, { buffers: pool }));
    expect(said.error).toMatchObject({
      tag: "InvalidValue",
      message: expect.stringContaining("a grid of 2 x 2"),
    });
  }
  expect([here.told.length, outOf(pool)]).toEqual([told, 0]);
});

describe("a file that changes between two parts of its chunk", () => {
  const change = (file: string) => {
    const bytes = readFileSync(file);
    const { mtimeMs } = statSync(file);
    writeFileSync(file, bytes);
    utimesSync(file, mtimeMs / 1000 + 5, mtimeMs / 1000 + 5);
  };

  it.each([
    ["both read there", []],
    ["the first read there", [1]],
    ["the second read there", [0]],
  ])("is named, %s", async (_, readHere) => {
    await open(forms.blosc!);
    const coords = store.places[0]!;
    const parts = [0, 30_000].map((start) => plain.part!([{ start, stop: start + 9000 }])!);
    const ask = async (which: 0 | 1) => {
      const options = { part: parts[which]!, buffers: pool };
      const wanted = await saidOf(plain, coords, options);
      // Where nothing of an answer is heard, the next chunks are read by whoever asks.
      if (!(readHere as number[]).includes(which)) return [await saidOf(array, coords, options), wanted];
      here.hold();
      const enough = Array.from({ length: 8 }, (_, i) => store.places[1 + (i % 3)]!);
      const busy = enough.map((place) => saidOf(array, place, { buffers: pool }));
      await until(() => here.held === 0 || here.told.length >= enough.length);
      const said = await saidOf(array, coords, options);
      here.release();
      await Promise.all(busy);
      return [said, wanted];
    };
    const [first] = await ask(0);
    expect(first!.error).toBeUndefined();
    change(store.fileOf(coords));
    const [said, wanted] = await ask(1);
    expect(said!.error).toMatchObject({ message: expect.stringContaining("changed while it was read") });
    expect(said).toEqual(wanted);
    // Whole it is another chunk, which nobody has begun to read.
    const whole = [plain, array].map((one) => saidOf(one, coords, { buffers: pool }));
    expect(difference((await whole[0])!, (await whole[1])!)).toBeUndefined();
    expect(outOf(pool)).toBe(0);
  });
});

describe("what is given up", () => {
  it("rejects at once with the signal's reason; its buffer comes back with the answer", async () => {
    await open(forms.blosc!);
    here.hold();
    const [given, kept] = [new AbortController(), new AbortController()];
    const reason = new Error("not needed any more");
    const first = askedFor(array, [0, 0], { buffers: pool, signal: given.signal });
    const part = array.part!([{ start: 0, stop: 20_000 }])!;
    const second = askedFor(array, [0, 0], { part, buffers: pool, signal: given.signal });
    const third = askedFor(array, [1, 0], { buffers: pool, signal: kept.signal });
    await until(() => here.held === 3);
    const taken = outOf(pool);
    given.abort(reason);
    await expect(first).rejects.toBe(reason);
    await expect(second).rejects.toBe(reason);
    await later();
    expect([outOf(pool), taken > 0]).toEqual([taken, true]);
    here.release();
    const [said, chunk] = await third;
    expect(difference(said, await saidOf(plain, [1, 0], { buffers: pool }))).toBeUndefined();
    pool.give(chunk!.buffer!);
    await until(() => outOf(pool) === 0);
    // Its version was not seen: a part that is read later may be of any.
    expect((await saidOf(array, [0, 0], { part, buffers: pool })).error).toBeUndefined();
  });

  it("rejects at once where it was given up before", async () => {
    await open(forms.blosc!);
    const reason = new Error("never needed");
    const asked = array.chunk([0, 0], { buffers: pool, signal: AbortSignal.abort(reason) });
    await expect(asked).rejects.toBe(reason);
    await until(() => outOf(pool) === 0);
  });
});

it("tells nobody of the bytes of what is given up", async () => {
  await open(forms.blosc!);
  here.hold();
  const given = new AbortController();
  const arrived: number[] = [];
  const tell = (encoded: number) => void arrived.push(encoded);
  const first = array.chunk([0, 0], { buffers: pool, signal: given.signal, arrived: tell });
  await until(() => here.held === 1);
  given.abort();
  await first.catch(() => {});
  here.release();
  await until(() => outOf(pool) === 0);
  expect(arrived).toEqual([]);
});

it("asks for nothing where there are no buffers", async () => {
  await open(forms.blosc!);
  const told = here.told.length;
  const fresh = await array.chunk([0, 0], {});
  expect(here.told.length).toBe(told);
  const chunk = await array.chunk([0, 0], { buffers: pool });
  expect(here.told.length).toBe(told + 1);
  expect([...chunk!.values.slice(0, 9)]).toEqual([...fresh!.values.slice(0, 9)]);
  pool.give(chunk!.buffer!);
});

it("waits for what the last answer took, reading or decoding", async () => {
  await open(forms.blosc!);
  const begun: string[] = [];
  const stages = {
    during: <T>(_: string, work: () => T): T => work(),
    begin(stage: string) {
      begun.push(stage);
      return () => void begun.push("over");
    },
  };
  const answers = [undefined, "decode", "read", undefined] as const;
  const asked = answers.values();
  const reader: ChunkReader = {
    least: 1,
    begin() {},
    decode: () => undefined,
    async read() {
      const { value: stage } = asked.next();
      const chunk = stage && { version: "1", finite: undefined, encoded: 1, stage };
      return { chunk, bytes: 2, requests: 3 };
    },
  };
  const context = { ...testContext(), reader, stages };
  const told = await (await openZarr(await openStore(folder.path), context)).array("u");
  const before = [context.bytes, context.requests];
  // Each of the others is read here, after that: from a file, and decoded.
  begun.length = 0;
  for (const [i] of answers.entries()) await saidOf(told, store.places[i % 4]!, { buffers: pool });
  const [read, decode] = [
    ["read", "over"],
    ["decode", "over"],
  ];
  expect(begun).toEqual([read, read, read, decode, read, read].flat());
  const { size } = statSync(store.fileOf(store.places[0]!));
  const last = statSync(store.fileOf(store.places[3]!)).size;
  expect([context.bytes - before[0]!, context.requests - before[1]!]).toEqual([size + last + 8, 2 + 12]);
});

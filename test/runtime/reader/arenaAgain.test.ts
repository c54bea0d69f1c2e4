/** An arena that a reader is told of again while it reads into it: what lies there encoded stays as it is. */
import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import type { BufferPool } from "../../../src/runtime/bufferPool.ts";
import { blockRanges } from "../../../src/sources/codecs/bloscBlocks.ts";
import { bloscHeader } from "../../../src/sources/codecs/bloscHeader.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import type { StoredArray } from "../../../src/sources/storedArray.ts";
import type { Form } from "./formedStore.ts";
import { temporaryFolder, writeFormed } from "./formedStore.ts";
import { arenaBuffers, difference, openArray, outOf, saidOf } from "./readAlike.ts";
import { later, readerHere, until } from "./readerHere.ts";

/** Reads of this file are over later: when their bytes have come, and somebody lets them. */
const slow = vi.hoisted(() => ({ file: "", reached: 0, over: undefined as (() => void) | undefined }));
vi.mock(import("../../../src/sources/stores/openFile.ts"), async (original) => {
  const { fileOpener } = await original();
  return {
    fileOpener(now) {
      const open = fileOpener(now);
      return async (path) => {
        const file = await open(path);
        if (path !== slow.file) return file;
        return {
          ...file,
          async read(into, from) {
            const came = await file.read(into, from);
            slow.reached += 1;
            await new Promise<void>((done) => {
              slow.over = done;
            });
            return came;
          },
        };
      };
    },
  };
});
afterEach(() => {
  slow.file = "";
});

/** Lets another arena follow, and reads this file into it: at its end nobody has let it go on. */
const slowlyRead = async (file: string, array: StoredArray, pool: BufferPool) => {
  pool.resize(100e6);
  pool.resize(256e6);
  slow.file = file;
  slow.reached = 0;
  const said = saidOf(array, [0, 0], { buffers: pool });
  await until(() => slow.reached === 1);
  slow.file = "";
  return { said };
};

it.each<readonly [string, Form]>([
  ["halves", { format: 2, type: "f2", chunk: [300, 300] }],
  ["gzip", { format: 2, type: "f4", chunk: [300, 300], codec: "gzip" }],
  ["lz4", { format: 2, type: "f4", chunk: [300, 300], codec: { cname: "lz4", shuffle: 1, blocksize: 0 } }],
])("%s", async (_, form) => {
  using folder = temporaryFolder();
  using other = temporaryFolder();
  const { fileOf } = await writeFormed(folder.path, { ...form, noise: 0.5 });
  await writeFormed(other.path, {
    ...{ format: 2, type: "f4", chunk: [300, 300], noise: 0.5 },
    codec: { cname: "lz4", shuffle: 1, blocksize: 0 },
  });
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const plain = await openArray(folder.path);
  const array = await openArray(folder.path, here.reader);
  const beside = await openArray(other.path, here.reader);
  await here.ready();
  // Something lies in an arena that another one has followed.
  const old = await beside.chunk([0, 0], { buffers: pool });
  const { said } = await slowlyRead(fileOf([0, 0]), array, pool);
  // The old one goes; of the other more is read.
  pool.give(old!.buffer!);
  await saidOf(beside, [0, 0], { buffers: pool });
  await later();
  slow.over!();
  const wanted = await saidOf(plain, [0, 0], { buffers: pool });
  expect(difference(await said, wanted)).toBeUndefined();
  expect([here.answered, outOf(pool)]).toEqual([3, 0]);
});

it("more of a web store is decoded in the one that another has followed", async () => {
  using folder = temporaryFolder();
  using other = temporaryFolder();
  const { fileOf } = await writeFormed(folder.path, { format: 2, type: "f2", chunk: [300, 300], noise: 0.5 });
  const lz4 = { cname: "lz4", shuffle: 1, blocksize: 0 } as const;
  const { fileOf: frameOf } = await writeFormed(other.path, {
    ...{ format: 2, type: "f4", chunk: [300, 300], noise: 0.5, codec: lz4 },
  });
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const plain = await openArray(folder.path);
  const array = await openArray(folder.path, here.reader);
  const beside = await openArray(other.path, here.reader);
  await here.ready();
  const frame = readFileSync(frameOf([0, 0]));
  const header = bloscHeader(frame, exactly(360_000), frame.length);
  const ranges = blockRanges(header, frame.subarray(16));
  const [encoded, out] = [pool.take(frame.length), pool.take(header.bytes)];
  encoded.set(frame);
  const wanted = [{ spans: [{ start: 0, stop: header.bytes }], out }];
  const run = { header, ranges, first: 0, last: header.blocks, encoded, from: 0, wanted };
  await here.reader.decode(run);
  const { said } = await slowlyRead(fileOf([0, 0]), array, pool);
  await here.reader.decode(run);
  await saidOf(beside, [0, 0], { buffers: pool });
  slow.over!();
  expect(difference(await said, await saidOf(plain, [0, 0], { buffers: pool }))).toBeUndefined();
  for (const one of [encoded, out]) pool.give(one);
  expect([here.answered, outOf(pool)]).toEqual([4, 0]);
});

/** What may go wrong with the thread itself: it cannot be made, or something is thrown in it. */
import { statSync, utimesSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { threadReader } from "../../../src/runtime/reader/threadReader.ts";
import { fresh } from "../../../src/sources/codecs/step.ts";
import { temporaryFolder, writeFormed } from "./formedStore.ts";
import { arenaBuffers, difference, openArray, outOf, saidOf } from "./readAlike.ts";
import { later, readerHere, until } from "./readerHere.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

it("settles what was under way when the thread has ended, not before: files may still be read into its place", async () => {
  const { places } = await writeFormed(folder.path, { format: 2, type: "f4", chunk: [100, 120] });
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const plain = await openArray(folder.path);
  const array = await openArray(folder.path, here.reader);
  await here.ready();
  here.hold();
  let over = 0;
  const first = places.slice(0, 3).map(async (coords) => {
    const said = await saidOf(array, coords, { buffers: pool });
    over += 1;
    return said;
  });
  await until(() => here.held === 3);
  here.fail(new Error("thrown in it"));
  const after = await saidOf(array, places[3]!, { buffers: pool });
  for (let i = 0; i < 5; i++) await later();
  expect([over, here.told.length]).toEqual([0, 3]);
  here.end();
  for (const [i, said] of [...(await Promise.all(first)), after].entries()) {
    expect(difference(said, await saidOf(plain, places[i]!, { buffers: pool }))).toBeUndefined();
  }
  expect([over, outOf(pool)]).toEqual([3, 0]);
});

it("goes without, where there is no thread to be had", async () => {
  const { places } = await writeFormed(folder.path, { format: 2, type: "f4", chunk: [100, 120] });
  const pool = arenaBuffers();
  let tried = 0;
  const none = threadReader(() => {
    tried += 1;
    throw new Error("ERR_WORKER_INIT_FAILED");
  }, 1);
  const plain = await openArray(folder.path);
  for (let i = 0; i < 2; i++) {
    const array = await openArray(folder.path, none);
    const said = await saidOf(array, places[0]!, { buffers: pool });
    expect(difference(said, await saidOf(plain, places[0]!, { buffers: pool }))).toBeUndefined();
  }
  await none.close();
  expect([tried, outOf(pool)]).toEqual([1, 0]);
});

it("gives back what is given up at the moment when it comes", async () => {
  await writeFormed(folder.path, { format: 2, type: "f4", chunk: [100, 120] });
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const array = await openArray(folder.path, here.reader);
  await here.ready();
  const given = new AbortController();
  const reason = new Error("not needed any more");
  const arrived = () => given.abort(reason);
  const chunk = array.chunk([0, 0], { buffers: pool, signal: given.signal, arrived });
  await expect(chunk).rejects.toBe(reason);
  await until(() => outOf(pool) === 0);
});

it("names a file that changed before the answer of its first part was heard", async () => {
  const lz4 = { cname: "lz4", shuffle: 1, blocksize: 16_384 } as const;
  const form = { format: 2, type: "f4", chunk: [250, 200], codec: lz4 } as const;
  const { fileOf } = await writeFormed(folder.path, form);
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const array = await openArray(folder.path, here.reader);
  await here.ready();
  const [first, second] = [0, 30_000].map((start) => array.part!([{ start, stop: start + 9000 }])!);
  here.hold();
  const heard = saidOf(array, [0, 0], { part: first, buffers: pool });
  await until(() => here.held === 1);
  const file = fileOf([0, 0]);
  const { mtimeMs } = statSync(file);
  utimesSync(file, mtimeMs / 1000 + 5, mtimeMs / 1000 + 5);
  // Its buffers are no arena: it is read at once, by who asks.
  const other = await saidOf(array, [0, 0], { part: second, buffers: fresh });
  expect(other.error).toBeUndefined();
  here.release();
  // Read again it is as the other one was: never two of which one is older.
  expect((await heard).version).toBe(other.version);
  expect(outOf(pool)).toBe(0);
});

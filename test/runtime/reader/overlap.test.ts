import { expect, it } from "vitest";
import type { StoredArray } from "../../../src/sources/storedArray.ts";
import { type Form, temporaryFolder, writeFormed } from "./formedStore.ts";
import { arenaBuffers, bytesOf, openArray } from "./readAlike.ts";
import { readerHere } from "./readerHere.ts";

it("large and small chunks never share scratch, whichever arena goes meanwhile", {
  timeout: 60_000,
}, async () => {
  const codec = { cname: "lz4", shuffle: 1, blocksize: 262_144 } as const;
  const big: Form = { format: 2, type: "f4", chunk: [1300, 1250], shape: [1300, 1250], codec, noise: 0.6 };
  const small: Form = { format: 2, type: "f4", chunk: [250, 200], shape: [1000, 200], codec, noise: 0.0 };
  using one = temporaryFolder();
  using two = temporaryFolder();
  await writeFormed(one.path, big);
  const { places } = await writeFormed(two.path, small);
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const A = await openArray(one.path, here.reader);
  const B = await openArray(two.path, here.reader);
  await here.ready();
  const bytes = async (array: StoredArray, c: readonly number[]) =>
    bytesOf((await array.chunk(c, {}))!.values);
  const bigWanted = await bytes(A, [0, 0]);
  const smallWanted = await Promise.all(places.map((p) => bytes(B, p)));
  let [wrongBig, wrongSmall] = [0, 0];
  for (let i = 0; i < 60; i++) {
    const held = await B.chunk(places[0]!, { buffers: pool }); // lies in arena 1
    pool.resize(100e6);
    pool.resize(256e6); // arena 1 is retired
    const r1 = A.chunk([0, 0], { buffers: pool }); // arena 2 is posted; its file is read meanwhile
    await new Promise((r) => setImmediate(r));
    pool.give(held!.buffer!); // arena 1 goes: forget
    const r2 = Promise.all([1, 2].map((k) => B.chunk(places[k]!, { buffers: pool }))); // arena 2 again
    const [a, b] = await Promise.all([r1, r2]);
    if (!bytesOf(a!.values).equals(bigWanted)) wrongBig++;
    b.forEach((c, k) => {
      if (!bytesOf(c!.values).equals(smallWanted[k + 1]!)) wrongSmall++;
    });
    for (const c of [a, ...b]) pool.give(c!.buffer!);
  }
  expect([wrongBig, wrongSmall]).toEqual([0, 0]);
});

/** Stores that grow, lag behind their metadata, or are replaced, as turns see them one after the other. */
import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import { askedSeen, seenAnswer } from "../../../src/runtime/askedSeen.ts";
import { type SourceOpener, sourceOpener } from "../../../src/sources/openSource.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { isForbidden } from "../../../src/sources/stores/storeFault.ts";
import { Remembered, type SeenStores, seenStores } from "../../../src/sources/watch/seenStores.ts";
import { testContext } from "../grid/openTest.ts";
import { type Bucket, serveBucket } from "../stores/bucket.ts";
import { firstInit, forecastSource, GrowingStore, hour } from "./growing.ts";

let folder: string;
let bucket: Bucket;
let store: GrowingStore;
let remembered: Remembered;
let seen: SeenStores;
let openers: SourceOpener[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ewb-growth-"));
  bucket = await serveBucket(folder);
  store = new GrowingStore(join(folder, "a.zarr"));
  remembered = new Remembered();
  openers = [];
  turn();
});
afterEach(async () => {
  for (const one of openers) await one[Symbol.asyncDispose]();
  await seen[Symbol.asyncDispose]();
  await bucket[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const { count } = testContext().context;
/** What is seen from now on is of another turn. */
const turn = () => {
  seen = seenStores((address) => openStore(address, { retry: { attempts: 1 } }), remembered, count);
};
/** A reader of its own, such as a worker. */
const opener = (): SourceOpener => {
  const made = sourceOpener(testContext().context, { grows: true, seen });
  openers.push(made);
  return made;
};

const variables = ["surface_air_temperature"];
const openedAt = async (address: string, by = opener()) => {
  const opened = (await by.open(forecastSource(address))) as OpenGrid;
  await opened.check(variables);
  return opened;
};
const initsOf = async (address: string, by = opener()) => {
  const opened = await openedAt(address, by);
  if (opened.times.kind !== "forecast") throw new Error("a forecast was expected");
  const refs = [...opened.times.refs(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
  return [...new Set(refs.map(({ initTime }) => (initTime - firstInit) / (12 * hour)))];
};

describe.each(["folder", "web"])("in a %s", (where) => {
  const address = () => (where === "web" ? `${bucket.url}/bucket/a.zarr` : store.folder);

  it.each([true, false])(
    "all of one turn see one length (metadata consolidated: %s)",
    async (isConsolidated) => {
      const write = (inits: number) => {
        store.write({ inits });
        if (isConsolidated) store.consolidate({ inits });
      };
      write(2);
      expect(await initsOf(address())).toEqual([0, 1]);
      write(3);
      expect(await initsOf(address())).toEqual([0, 1]);
      turn();
      expect(await initsOf(address())).toEqual([0, 1, 2]);
    },
  );

  it("what has not changed since an earlier turn is asked for and not fetched", async () => {
    store.write({ inits: 2 });
    store.consolidate({ inits: 2 });
    expect(await initsOf(address())).toEqual([0, 1]);
    turn();
    const before = bucket.methods.length;
    // Chunks are no metadata.
    store.putRun(1, { value: 281 });
    expect(await initsOf(address())).toEqual([0, 1]);
    const gets = bucket.methods.slice(before).filter((line) => line.startsWith("GET"));
    // What was not there is looked for anew.
    expect(gets.filter((line) => !line.endsWith("zarr.json"))).toEqual([]);
    if (where === "web") expect(bucket.methods.length - before).toBeGreaterThan(5);
  });

  it("a new init is seen although the consolidated metadata lag behind", async () => {
    store.write({ inits: 2 });
    store.consolidate({ inits: 2 });
    expect(await initsOf(address())).toEqual([0, 1]);
    store.write({ inits: 3 });
    turn();
    expect(await initsOf(address())).toEqual([0, 1, 2]);
    const { warnings } = await openedAt(address());
    if (where === "folder")
      expect(warnings.join()).toMatch(/t2m: the consolidated metadata are of another time/);
    // A reader for whom nothing grows refuses, as before.
    const strict = sourceOpener(testContext().context);
    await expect(initsOf(address(), strict)).rejects.toMatchObject({ tag: "MetadataInvalid" });
    await strict[Symbol.asyncDispose]();
  });

  it("the coordinate says how long the axis is, in whatever order arrays grow", async () => {
    store.write({ inits: 2 });
    // The data first: nobody says which init it is.
    store.declare({ inits: 3 }, "t2m");
    store.putRun(2);
    expect(await initsOf(address())).toEqual([0, 1]);
    // The coordinate is declared, and not written.
    store.declare({ inits: 3 }, "init");
    turn();
    expect(await initsOf(address())).toEqual([0, 1]);
    store.putInit(2);
    turn();
    expect(await initsOf(address())).toEqual([0, 1, 2]);
    // The coordinate first: the data are not there yet.
    store.declare({ inits: 4 }, "init");
    store.putInit(3);
    turn();
    expect(await initsOf(address())).toEqual([0, 1, 2, 3]);
    const opened = await openedAt(address());
    const window = { rows: { start: 0, stop: 4 }, columns: [{ start: 0, stop: 6 }] };
    const refs = opened.times.kind === "forecast" ? [...opened.times.refs(0, 1e15)] : [];
    const last = await opened.presence!(refs.at(-1)!.slot, variables, window);
    expect([...last.values()]).toEqual(["absent", "absent"]);
  });

  it("the first of many inits that are declared is seen when it is written", async () => {
    store.write({ inits: 2 });
    store.declare({ inits: 12 });
    expect(await initsOf(address())).toEqual([0, 1]);
    store.putInit(2);
    turn();
    expect(await initsOf(address())).toEqual([0, 1, 2]);
  });

  it("a store that is replaced is another one", async () => {
    store.write({ inits: 2 });
    await initsOf(address());
    store.putInit(1, 36);
    turn();
    expect(await initsOf(address())).toEqual([0, 3]);
    store.remove("");
    store.write({ inits: 1, rows: 5 });
    turn();
    expect((await openedAt(address())).grid.latitude.length).toBe(5);
  });
});

it("a host that knows dates only is believed nothing: a store may change twice in a second", async () => {
  bucket.ways.etags = "none";
  const write = (inits: number) => {
    store.write({ inits });
    for (const name of ["init", "t2m"]) utimesSync(join(store.folder, name, ".zarray"), 1e9, 1e9);
  };
  write(2);
  expect(await initsOf(`${bucket.url}/bucket/a.zarr`)).toEqual([0, 1]);
  write(3);
  turn();
  expect(await initsOf(`${bucket.url}/bucket/a.zarr`)).toEqual([0, 1, 2]);
});

describe("across threads", () => {
  const asked = () => {
    const worker = askedSeen((question) => {
      seenAnswer(seen, structuredClone(question)).then((answer) => worker.hear(structuredClone(answer)));
    });
    return worker;
  };

  it("a worker sees what its coordinator sees, and its errors as they are", async () => {
    store.write({ inits: 2 });
    const worker = sourceOpener(testContext().context, { grows: true, seen: asked() });
    openers.push(worker);
    const address = `${bucket.url}/bucket/a.zarr`;
    expect(await initsOf(address)).toEqual([0, 1]);
    store.write({ inits: 3 });
    const before = bucket.methods.length;
    expect(await initsOf(address, worker)).toEqual([0, 1]);
    expect(bucket.methods.length).toBe(before);
    bucket.ways.refuse = () => 403;
    turn();
    const refused = await asked()
      .object(address, ".zmetadata")
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ tag: "StoreRead", place: { chunk: ".zmetadata" } });
    expect(isForbidden(refused)).toBe(true);
    // What failed is asked again.
    delete bucket.ways.refuse;
    expect(await asked().object(address, "t2m/.zarray")).toMatchObject({ version: expect.any(String) });
    expect(await asked().object(address, "none/.zarray")).toBeUndefined();
  });

  it("nobody can change what another one gets", async () => {
    store.write({ inits: 1 });
    const one = await seen.object(store.folder, "latitude/0");
    one!.bytes.fill(0);
    turn();
    expect((await seen.object(store.folder, "latitude/0"))!.bytes).not.toEqual(one!.bytes);
  });
});

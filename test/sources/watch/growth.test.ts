/** Stores that grow, lag behind their metadata, or are replaced. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import { type SourceOpener, sourceOpener } from "../../../src/sources/openSource.ts";
import { testContext } from "../grid/openTest.ts";
import { type Bucket, serveBucket } from "../stores/bucket.ts";
import { firstInit, forecastSource, GrowingStore, hour } from "./growing.ts";

let folder: string;
let bucket: Bucket;
let store: GrowingStore;
let opener: SourceOpener;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ewb-growth-"));
  bucket = await serveBucket(folder);
  store = new GrowingStore(join(folder, "a.zarr"));
  opener = sourceOpener(testContext().context, { grows: "looked at" });
});
afterEach(async () => {
  await opener[Symbol.asyncDispose]();
  await bucket[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const variables = ["surface_air_temperature"];
const initsOf = async (address: string, by = opener) => {
  const opened = (await by.open(forecastSource(address))) as OpenGrid;
  await opened.check(variables);
  if (opened.times.kind !== "forecast") throw new Error("a forecast was expected");
  const refs = [...opened.times.refs(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
  return [...new Set(refs.map(({ initTime }) => (initTime - firstInit) / (12 * hour)))];
};

describe.each(["folder", "web"])("in a %s", (where) => {
  const address = () => (where === "web" ? `${bucket.url}/bucket/a.zarr` : store.folder);

  it("a store that has not changed is asked little and stays open", async () => {
    store.write({ inits: 2 });
    store.consolidate({ inits: 2 });
    expect(await initsOf(address())).toEqual([0, 1]);
    const before = bucket.methods.length;
    expect(await opener.renew()).toEqual([]);
    // Chunks are no metadata.
    store.putRun(1, { value: 281 });
    expect(await opener.renew()).toEqual([]);
    expect(bucket.methods.slice(before).every((line) => line.startsWith("HEAD"))).toBe(true);
  });

  it("an axis in many chunks is asked at its ends", async () => {
    store.write({ inits: 40 });
    expect((await initsOf(address())).length).toBe(40);
    const before = bucket.methods.length;
    expect(await opener.renew()).toEqual([]);
    expect(bucket.methods.length - before).toBeLessThan(25);
    store.putInit(39, 9999);
    expect(await opener.renew()).toEqual([address()]);
  });

  it.each([true, false])("a new init is seen (metadata consolidated: %s)", async (isConsolidated) => {
    store.write({ inits: 2 });
    if (isConsolidated) store.consolidate({ inits: 2 });
    expect(await initsOf(address())).toEqual([0, 1]);
    store.write({ inits: 3 });
    if (isConsolidated) store.consolidate({ inits: 3 });
    // What is open stays as it was.
    expect(await initsOf(address())).toEqual([0, 1]);
    expect(await opener.renew()).toEqual([address()]);
    expect(await initsOf(address())).toEqual([0, 1, 2]);
    expect(await opener.renew()).toEqual([]);
  });

  it("a new init is seen although the consolidated metadata lag behind", async () => {
    store.write({ inits: 2 });
    store.consolidate({ inits: 2 });
    expect(await initsOf(address())).toEqual([0, 1]);
    store.write({ inits: 3 });
    expect(await opener.renew()).toEqual([address()]);
    expect(await initsOf(address())).toEqual([0, 1, 2]);
    const opened = await opener.open(forecastSource(address()));
    if (where === "folder")
      expect(opened.warnings.join()).toMatch(/t2m: the consolidated metadata are of another time/);
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
    await opener.renew();
    expect(await initsOf(address())).toEqual([0, 1]);
    store.putInit(2);
    expect(await opener.renew()).toEqual([address()]);
    expect(await initsOf(address())).toEqual([0, 1, 2]);
    // The coordinate first: the data are not there yet.
    store.declare({ inits: 4 }, "init");
    store.putInit(3);
    await opener.renew();
    expect(await initsOf(address())).toEqual([0, 1, 2, 3]);
    const opened = (await opener.open(forecastSource(address()))) as OpenGrid;
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
    expect(await opener.renew()).toEqual([address()]);
    expect(await initsOf(address())).toEqual([0, 1, 2]);
  });

  it("a store that is replaced is another one", async () => {
    store.write({ inits: 2 });
    await initsOf(address());
    store.putInit(1, 36);
    expect(await opener.renew()).toEqual([address()]);
    expect(await initsOf(address())).toEqual([0, 3]);
    store.remove("");
    store.write({ inits: 1, rows: 5 });
    expect(await opener.renew()).toEqual([address()]);
    const opened = (await opener.open(forecastSource(address()))) as OpenGrid;
    expect(opened.grid.latitude.length).toBe(5);
  });

  it("only what is asked for is renewed", async () => {
    store.write({ inits: 1 });
    await initsOf(address());
    store.write({ inits: 2 });
    expect(await opener.renew([])).toEqual([]);
    expect(await opener.renew(["elsewhere"])).toEqual([]);
    expect(opener.addresses).toEqual([address()]);
    expect(await opener.renew(opener.addresses)).toEqual([address()]);
    expect(opener.addresses).toEqual([]);
  });
});

it("a host that asks for less is heard", async () => {
  store.write({ inits: 1 });
  const patient = { ...testContext().context };
  const web = sourceOpener(patient, { grows: "looked at" });
  await initsOf(`${bucket.url}/bucket/a.zarr`, web);
  expect(web.slowed()).toEqual({ times: 0, wait: 0 });
  bucket.ways.refuse = () => 503;
  await expect(web.renew()).rejects.toMatchObject({ tag: "StoreRead" });
  expect(web.slowed().times).toBeGreaterThan(0);
  await web[Symbol.asyncDispose]();
});

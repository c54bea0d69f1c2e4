/** What looks say of chunks is what reading them says. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import { sourceOpener } from "../../../src/sources/openSource.ts";
import type { StoredArray } from "../../../src/sources/storedArray.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { describeShared, sharedPath } from "../../shared.ts";
import { testContext, wholeWindow } from "../grid/openTest.ts";
import { serveBucket } from "../stores/bucket.ts";
import { places } from "../zarr/context.ts";
import { forecastSource, GrowingStore } from "./growing.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ewb-presence-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const variables = ["surface_air_temperature"];
const everything = (opened: OpenGrid) => {
  if (opened.times.kind !== "forecast") throw new Error("a forecast was expected");
  return [...opened.times.refs(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)];
};

describe("a grid", () => {
  const opening = async (address: string) => {
    const opener = sourceOpener(testContext().context, { grows: true });
    const opened = (await opener.open(forecastSource(address))) as OpenGrid;
    await opened.check(variables);
    return { opened, opener };
  };

  it.each(["folder", "web"])(
    "in a %s: each chunk by the version that reading gives, or absent",
    async (where) => {
      const store = new GrowingStore(join(folder, "a.zarr"));
      store.write({ inits: 2 });
      store.remove("t2m/1.2.0.1");
      store.remove("t2m/1.1.0.0");
      await using bucket = await serveBucket(folder);
      const { opened, opener } = await opening(
        where === "web" ? `${bucket.url}/bucket/a.zarr` : store.folder,
      );
      const whole = wholeWindow(opened);
      const left = { rows: { start: 1, stop: 3 }, columns: [{ start: 0, stop: 2 }] };
      for (const window of [whole, left]) {
        for (const { slot } of everything(opened)) {
          const { versions } = await opened.read(slot, variables, window, {});
          expect(await opened.presence!(slot, variables, window)).toEqual(versions);
        }
      }
      await opener[Symbol.asyncDispose]();
    },
  );

  it("asked unit by unit: together, each chunk once, and as it was when it was first asked for", async () => {
    const store = new GrowingStore(join(folder, "a.zarr"));
    store.write({ inits: 30 });
    await using bucket = await serveBucket(folder);
    bucket.ways.listing = "bucket";
    const { context, counted } = testContext();
    const opener = sourceOpener({ ...context, environment: { AWS_ENDPOINT_URL_S3: bucket.url } });
    const opened = (await opener.open(forecastSource("s3://bucket/a.zarr"))) as OpenGrid;
    await opened.check(variables);
    const window = wholeWindow(opened);
    const ask = () =>
      Promise.all(everything(opened).map(({ slot }) => opened.presence!(slot, variables, window)));
    bucket.ways.refuse = () => 500;
    await expect(ask()).rejects.toMatchObject({ tag: "StoreRead" });
    delete bucket.ways.refuse;
    const before = bucket.methods.length;
    const first = await ask();
    expect(first.flatMap((versions) => [...versions.values()])).not.toContain("absent");
    // A listing, and one object to compare it with.
    expect(bucket.methods.length - before).toBe(2);
    store.putRun(1, { value: 1 });
    const asked = counted.requests;
    expect(await ask()).toEqual(first);
    // What was begun besides would have been asked for by now.
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(counted.requests).toBe(asked);
    const { slot } = everything(opened)[0]!;
    const over = AbortSignal.abort(new Error("over"));
    await expect(opened.presence!(slot, variables, window, { signal: over })).rejects.toThrow("over");
    await opener[Symbol.asyncDispose]();
  });

  it("a chunk that was asked for stays as it was, beside others that are asked for later", async () => {
    const store = new GrowingStore(join(folder, "a.zarr"));
    store.write({ inits: 1 });
    const { opened } = await opening(store.folder);
    const { slot } = everything(opened)[0]!;
    const left = { rows: { start: 0, stop: 4 }, columns: [{ start: 0, stop: 3 }] };
    const first = await opened.presence!(slot, variables, left);
    store.remove("t2m/0.0.0.0");
    const whole = await opened.presence!(slot, variables, wholeWindow(opened));
    expect(whole.size).toBe(2);
    expect([...whole.values()]).not.toContain("absent");
    expect([...whole][0]).toEqual([...first][0]);
  });

  it("is another one when its grid or its packing changes, and the same with more inits", async () => {
    const store = new GrowingStore(join(folder, "a.zarr"));
    store.write({ inits: 1 });
    const identity = async () => {
      const { opened } = await opening(store.folder);
      return opened.identity!(variables, everything(opened)[0]!.slot);
    };
    const before = await identity();
    store.write({ inits: 2 });
    expect(await identity()).toBe(before);
    store.put("latitude/0", new Uint8Array(Float64Array.of(47, 48, 49, 50).buffer));
    const turned = await identity();
    expect(turned).not.toBe(before);
    store.put("t2m/.zattrs", {
      _ARRAY_DIMENSIONS: ["init", "lead", "latitude", "longitude"],
      units: "K",
      add_offset: 1,
    });
    expect(await identity()).not.toBe(turned);
  });

  it("in memory is read instead", async () => {
    const source = forecastSource("memory", {
      format: "memory",
      arrays: {
        t2m: {
          dims: ["init_time", "lead_time"],
          coords: { init_time: ["2024-01-01T00:00:00"], lead_time: [0, 6] },
          data: [280, 281],
        },
      },
    });
    const opened = (await sourceOpener(testContext().context).open(source)) as OpenGrid;
    await opened.check(variables);
    const window = wholeWindow(opened);
    for (const { slot } of everything(opened)) {
      const { versions } = await opened.read(slot, variables, window, {});
      expect(await opened.presence!(slot, variables, window)).toEqual(versions);
    }
  });
});

describe("a shard", () => {
  const bytes = [{ name: "bytes", configuration: { endian: "little" } }];
  const configuration = { chunk_shape: [2], codecs: bytes, index_codecs: bytes, index_location: "end" };
  const meta = {
    ...{ zarr_format: 3, node_type: "array", shape: [8], data_type: "int16", fill_value: 0 },
    chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } },
    chunk_key_encoding: { name: "default" },
    codecs: [{ name: "sharding_indexed", configuration }],
    dimension_names: ["x"],
  };
  /** Which of the two chunks are in it. */
  const shard = (...are: readonly boolean[]) => {
    const index = new BigUint64Array(4).fill(2n ** 64n - 1n);
    const parts = are.filter(Boolean).map(() => Buffer.from(Int16Array.of(1, 2).buffer));
    let offset = 0n;
    for (const [i, is] of are.entries()) {
      if (is) index.set([offset, 4n], 2 * i);
      if (is) offset += 4n;
    }
    return Buffer.concat([...parts, Buffer.from(index.buffer)]);
  };
  const seen = async (array: StoredArray) => {
    const all = places(array);
    const found = await array.look!(all);
    return all.map((coords) => found.get(array.chunkId(coords))?.version);
  };
  const read = async (array: StoredArray) =>
    Promise.all(places(array).map(async (coords) => (await array.chunk(coords, {}))?.version));

  it("is looked into, anew when it is another one", async () => {
    mkdirSync(join(folder, "a", "c"), { recursive: true });
    writeFileSync(join(folder, "zarr.json"), JSON.stringify({ zarr_format: 3, node_type: "group" }));
    writeFileSync(join(folder, "a", "zarr.json"), JSON.stringify(meta));
    writeFileSync(join(folder, "a", "c", "0"), shard(true, false));
    const open = async () => (await openZarr(await openStore(folder), testContext().context)).array("a");
    const array = await open();
    const first = await seen(array);
    expect(first).toEqual([expect.any(String), undefined, undefined, undefined]);
    expect(first).toEqual(await read(await open()));
    writeFileSync(join(folder, "a", "c", "0"), shard(true, true));
    const second = await seen(array);
    expect(second.map((version) => version !== undefined)).toEqual([true, true, false, false]);
    expect(second).toEqual(await read(await open()));
    expect(second[0]).not.toBe(first[0]);
  });
});

describeShared("stores of other writers", () => {
  const at = (...parts: string[]) => sharedPath("data", "era5-uk-2019-03", ...parts);
  const file = at("facts.json");
  const { stores } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { stores: [] };
  for (const { path, variable, format } of stores) {
    if (format !== "zarr") continue;
    it(path, async () => {
      const group = await openZarr(await openStore(at(path)), testContext().context);
      const array = await group.array(variable);
      const some = places(array).slice(0, 30);
      const found = await array.look!(some);
      for (const coords of some) {
        expect(found.get(array.chunkId(coords))?.version).toBe((await array.chunk(coords, {}))?.version);
      }
      expect(found.size).toBeGreaterThan(0);
    });
  }
});

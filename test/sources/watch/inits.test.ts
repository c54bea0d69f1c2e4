/** One store per init: found by their names, joined to one forecast. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenGrid } from "../../../src/model/openSource.ts";
import { type OpenerOptions, sourceOpener } from "../../../src/sources/openSource.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { findInits } from "../../../src/sources/watch/findInits.ts";
import { initOf, initPattern } from "../../../src/sources/watch/initPattern.ts";
import { Remembered, seenStores } from "../../../src/sources/watch/seenStores.ts";
import { testContext, wholeWindow } from "../grid/openTest.ts";
import { serveBucket } from "../stores/bucket.ts";
import { forecastSource, GrowingStore, hour } from "./growing.ts";

describe("an address with a pattern", () => {
  const found = async (address: string, folders: Record<string, readonly string[]>, range = {}) => {
    const asked: string[] = [];
    const all = await findInits(
      initPattern(address)!,
      async (folder) => {
        asked.push(folder);
        return folders[folder];
      },
      range,
    );
    return {
      all: all.map(({ init, address }) => [new Date(init).toISOString().slice(0, 16), address]),
      asked,
    };
  };

  it("names the stores there are, and no others", async () => {
    const names = [
      "2024010112.zarr",
      "2024010100.zarr",
      "2024013199.zarr",
      "2024023000.zarr",
      "x2024010100.zarr",
      "a",
    ];
    const { all, asked } = await found("/data/fc/{init:yyyyMMddHH}.zarr", { "/data/fc": names });
    expect(all).toEqual([
      ["2024-01-01T00:00", "/data/fc/2024010100.zarr"],
      ["2024-01-01T12:00", "/data/fc/2024010112.zarr"],
    ]);
    expect(asked).toEqual(["/data/fc"]);
  });

  it("may go through folders, with names between, other marks and stars", async () => {
    const folders = {
      "s3://b/p?sig=1": ["2024-01-01", "2024-01-02", "latest"],
      "s3://b/p/2024-01-01/fc?sig=1": ["00z_v1", "06z_v2", "6z_v2"],
      "s3://b/p/2024-01-02/fc?sig=1": ["00z_"],
    };
    const { all } = await found("s3://b/p/{init:yyyy-MM-dd}/fc/{init:HH}z_*/run.zarr/?sig=1", folders);
    expect(all).toEqual([
      ["2024-01-01T00:00", "s3://b/p/2024-01-01/fc/00z_v1/run.zarr?sig=1"],
      ["2024-01-01T06:00", "s3://b/p/2024-01-01/fc/06z_v2/run.zarr?sig=1"],
      ["2024-01-02T00:00", "s3://b/p/2024-01-02/fc/00z_/run.zarr?sig=1"],
    ]);
  });

  it("is not looked for where no wanted init can be", async () => {
    const range = { from: Date.UTC(2024, 1, 10), to: Date.UTC(2024, 1, 10, 12) };
    const { all, asked } = await found(
      "d/{init:yyyy}/{init:MM}/{init:dd}/{init:HHmm}",
      {
        d: ["2023", "2024"],
        "d/2024": ["01", "02", "03"],
        "d/2024/02": ["09", "10", "11"],
        "d/2024/02/10": ["0000", "1200", "1800"],
      },
      range,
    );
    expect(all.map(([init]) => init)).toEqual(["2024-02-10T00:00", "2024-02-10T12:00"]);
    expect(asked).not.toContain("d/2023");
    expect(asked).not.toContain("d/2024/03");
  });

  it("a folder below that is not there yet has none, one at the top must be there", async () => {
    const root = mkdtempSync(join(tmpdir(), "ewb-pattern-"));
    const by = sourceOpener(testContext().context);
    try {
      const source = forecastSource(`${root}/{init:yyyyMMdd}/fc/{init:HH}.zarr`);
      mkdirSync(join(root, "20240101", "fc"), { recursive: true });
      mkdirSync(join(root, "20240102"));
      await expect(by.open(source)).rejects.toMatchObject({
        tag: "NotFound",
        message: expect.stringMatching(/no store of any init/),
      });
      const elsewhere = forecastSource(`${root}/none/{init:yyyyMMddHH}.zarr`);
      const missing = {
        tag: "StoreRead",
        message: expect.stringMatching(/none: nothing found, a folder expected/),
      };
      await expect(by.open(elsewhere)).rejects.toMatchObject(missing);
    } finally {
      await by[Symbol.asyncDispose]();
      rmSync(root, { recursive: true });
    }
  });

  it("must be one of an init", async () => {
    expect(initPattern("/data/fc.zarr")).toBeUndefined();
    for (const address of [
      "/d/{init:yyyyMM}",
      "/d/{init:yyyyMMdd}/{init:dd}",
      "/d/{init:yyyyMMdd}/{other}",
      "/d/{init}",
    ]) {
      expect(() => initPattern(address)).toThrow(expect.objectContaining({ tag: "DataSet" }));
    }
    expect(initPattern("{init:yyyyMMdd}.zarr")!.base).toBe(".");
    expect(initPattern("/{init:yyyyMMdd}.zarr")!.base).toBe("/");
    expect(initOf({ yyyy: "2024", MM: "02", dd: "29" })).toBe(Date.UTC(2024, 1, 29));
    expect(initOf({ yyyy: "2023", MM: "02", dd: "29" })).toBeUndefined();
    await expect(found("https://h/{init:yyyyMMdd}", {})).rejects.toMatchObject({ tag: "StoreRead" });
  });
});

describe("stores of one init each", () => {
  const variables = ["surface_air_temperature"];
  let folder: string;
  const close: (() => PromiseLike<void>)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ewb-inits-"));
  });
  afterEach(async () => {
    for (const one of close.splice(0)) await one();
    rmSync(folder, { recursive: true });
  });
  /** The store of an init so many half days after 1 January 2024. */
  const write = (half: number, { name = "", leads = 3, rows = 4, value = 280 + half } = {}) => {
    const date = new Date(Date.UTC(2024, 0, 1, 12 * half)).toISOString().replaceAll(/\D/g, "").slice(0, 10);
    const store = new GrowingStore(join(folder, `${date}${name}.zarr`));
    store.declare({ inits: 1, leads, rows });
    store.coordinates({ inits: 1, leads, rows });
    store.putInit(0, 12 * half);
    store.putRun(0, { leads, value });
    return store;
  };
  const opener = (options: OpenerOptions = {}) => {
    const made = sourceOpener(testContext().context, options);
    close.push(() => made[Symbol.asyncDispose]());
    return made;
  };
  const opening = async (address = `${folder}/{init:yyyyMMddHH}.zarr`, by = opener()) => {
    const opened = (await by.open(forecastSource(address))) as OpenGrid;
    await opened.check(variables);
    return opened;
  };
  const refsOf = (opened: OpenGrid, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) =>
    opened.times.kind === "forecast" ? [...opened.times.refs(from, to)] : [];
  const named = (opened: OpenGrid, from?: number, to?: number) =>
    refsOf(opened, from, to).map(
      ({ initTime, lead }) => `${new Date(initTime).toISOString().slice(8, 13)}+${lead / hour}`,
    );

  it("are one forecast: refs of all, each read from its own store", async () => {
    write(1, { leads: 4 });
    write(0);
    write(2);
    const opened = await opening();
    expect(named(opened)).toEqual([
      ...[
        "01T00+0",
        "01T00+6",
        "01T00+12",
        "01T12+0",
        "01T12+6",
        "01T12+12",
        "01T12+18",
        "02T00+0",
        "02T00+6",
        "02T00+12",
      ],
    ]);
    expect(opened.times.kind === "forecast" && opened.times.leads.map((lead) => lead / hour)).toEqual([
      0, 6, 12, 18,
    ]);
    const noon = Date.UTC(2024, 0, 1, 12);
    expect(named(opened, noon, noon)).toEqual(["01T00+12", "01T12+0"]);
    const window = wholeWindow(opened);
    for (const { slot, initTime } of refsOf(opened)) {
      const { fields, versions } = await opened.read(slot, variables, window, {});
      expect(fields.surface_air_temperature!.values[0]).toBe(
        280 + (initTime - Date.UTC(2024, 0, 1)) / (12 * hour),
      );
      expect(opened.cost(slot, variables, window).chunks.map(({ id }) => id)).toEqual([...versions.keys()]);
      expect(await opened.presence!(slot, variables, window)).toEqual(versions);
    }
    expect(opened.warnings).toEqual([]);
    expect(() => opened.cost({}, variables, window)).toThrow(expect.objectContaining({ tag: "Pipeline" }));
  });

  it("that lie elsewhere or cannot be opened are left out, by name", async () => {
    write(0);
    write(1, { rows: 5 });
    mkdirSync(join(folder, "2024010200.zarr"));
    write(3).put("t2m/.zarray", "{");
    const opened = await opening();
    expect(named(opened)).toEqual(["01T00+0", "01T00+6", "01T00+12"]);
    const text = opened.warnings.join("\n");
    expect(text).toMatch(
      /left out: .*2024010112\.zarr: a grid of 5 x 6 found, that of .*2024010100\.zarr \(4 x 6\) expected/,
    );
    expect(text).toMatch(/left out: .*2024010200\.zarr.*no zarr\.json/);
    expect(text).toMatch(/left out: .*2024010212\.zarr/);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await expect(opening()).rejects.toMatchObject({ tag: "NotFound" });
    write(0).remove("t2m");
    await expect(opening()).rejects.toMatchObject({ tag: "NotFound" });
  });

  it("are not left out where the host has no answer", async () => {
    write(0);
    write(1);
    await using bucket = await serveBucket(folder);
    bucket.ways.listing = "links";
    const address = `${bucket.url}/bucket/{init:yyyyMMddHH}.zarr`;
    const { context } = testContext();
    for (const status of [500, 403]) {
      bucket.ways.refuse = (key) => (key.includes("2024010112.zarr/") ? status : undefined);
      const seen = seenStores(
        (at) => openStore(at, { retry: { attempts: 1 } }),
        new Remembered(),
        context.count,
      );
      const opened = opening(address, opener({ grows: true, seen }));
      if (status === 500) await expect(opened).rejects.toMatchObject({ tag: "StoreRead" });
      else expect(named(await opened).length).toBe(3);
      await seen[Symbol.asyncDispose]();
    }
  });

  it("that lack a variable that is asked for are left out then", async () => {
    const more = { dims: ["init", "lead", "latitude", "longitude"], shape: [1, 3, 4, 6] };
    const codecs = { compressor: null, filters: null, order: "C", fill_value: "NaN", zarr_format: 2 };
    write(0);
    const store = write(1);
    store.put("u10/.zarray", { shape: more.shape, chunks: more.shape, dtype: "<f4", ...codecs });
    store.put("u10/.zattrs", { _ARRAY_DIMENSIONS: more.dims, units: "m s-1" });
    const variables = { surface_air_temperature: "K", surface_eastward_wind: "m s-1" };
    const mapping = { surface_air_temperature: "t2m", surface_eastward_wind: "u10" };
    const source = forecastSource(`${folder}/{init:yyyyMMddHH}.zarr`, { variables, mapping });
    const opened = (await opener().open(source)) as OpenGrid;
    await opened.check(["surface_air_temperature"]);
    expect(named(opened).length).toBe(6);
    await opened.check(["surface_eastward_wind"]);
    expect(named(opened)).toEqual(["01T12+0", "01T12+6", "01T12+12"]);
    expect(opened.warnings.join()).toMatch(/left out: .*2024010100\.zarr.*u10/);
    await expect(opened.check(["surface_northward_wind"])).rejects.toMatchObject({ tag: "NotFound" });
  });

  it("of the same init: the later one counts", async () => {
    write(0, { name: "_a", value: 1 });
    write(0, { name: "_b", value: 2, leads: 2 });
    const opened = await opening(`${folder}/{init:yyyyMMddHH}_*.zarr`);
    expect(named(opened)).toEqual(["01T00+0", "01T00+6"]);
    const { fields } = await opened.read(refsOf(opened)[0]!.slot, variables, wholeWindow(opened), {});
    expect(fields.surface_air_temperature!.values[0]).toBe(2);
    expect(opened.warnings).toEqual([
      expect.stringMatching(/init 2024-01-01T00.* is in .*_a\.zarr and in .*_b\.zarr/),
    ]);
  });

  it("are found as they come, and not all need be wanted", async () => {
    write(0);
    write(1);
    const by = sourceOpener(testContext().context, { grows: true, inits: { from: Date.UTC(2024, 0, 1, 6) } });
    const address = `${folder}/{init:yyyyMMddHH}.zarr`;
    expect(named(await opening(address, by))).toEqual(["01T12+0", "01T12+6", "01T12+12"]);
    write(2);
    expect(named(await opening(address, by)).length).toBe(6);
    await by[Symbol.asyncDispose]();
  });

  it("are the same for all who see the stores together", async () => {
    write(0);
    const { context } = testContext();
    const seen = seenStores((address) => openStore(address), new Remembered(), context.count);
    const opened = async () => {
      const by = sourceOpener(testContext().context, { grows: true, seen });
      return named(await opening(`${folder}/{init:yyyyMMddHH}.zarr`, by));
    };
    expect((await opened()).length).toBe(3);
    write(1);
    expect((await opened()).length).toBe(3);
    await seen[Symbol.asyncDispose]();
  });

  it.each(["bucket", "links"] as const)("are found in a listing over the web (%s)", async (listing) => {
    write(0);
    write(1);
    await using bucket = await serveBucket(folder);
    bucket.ways.listing = listing;
    const environment = { AWS_ENDPOINT_URL_S3: bucket.url };
    const by = sourceOpener({ ...testContext().context, environment });
    const base = listing === "bucket" ? "s3://bucket" : `${bucket.url}/bucket`;
    const opened = await opening(`${base}/{init:yyyyMMddHH}.zarr`, by);
    expect(named(opened).length).toBe(6);
    await by[Symbol.asyncDispose]();
  });
});

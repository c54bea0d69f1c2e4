import { describe, expect, it } from "vitest";
import { fresh } from "../../../src/sources/codecs/step.ts";
import type { Store } from "../../../src/sources/stores/store.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { testContext } from "./context.ts";
import { memoryStore } from "./memoryStore.ts";

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

const zarray = (more: object = {}) => ({
  zarr_format: 2,
  shape: [3],
  chunks: [2],
  dtype: "<f4",
  fill_value: null,
  order: "C",
  filters: null,
  compressor: null,
  ...more,
});
const onX = { _ARRAY_DIMENSIONS: ["x"] };
const v2 = { ".zgroup": { zarr_format: 2 }, "a/.zarray": zarray(), "a/.zattrs": onX };
const zmetadata = (metadata: object) => ({ zarr_consolidated_format: 1, metadata });

const array3 = (more: object = {}) => ({
  zarr_format: 3,
  node_type: "array",
  shape: [3],
  data_type: "float32",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
  chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
  fill_value: 0,
  codecs: [{ name: "bytes", configuration: { endian: "little" } }],
  dimension_names: ["x"],
  ...more,
});
const group3 = (more: object = {}) => ({ zarr_format: 3, node_type: "group", ...more });

describe("openZarr, version 2", () => {
  it("opens a listed group without consolidated metadata, arrays and attributes", async () => {
    const context = testContext();
    const store = memoryStore({ ...v2, ".zattrs": { title: "x" }, "a/1": floats(5, 6), note: "no array" });
    const group = await openZarr(store, context);
    expect(group.names).toEqual(["a"]);
    expect(group.attributes).toEqual({ title: "x" });
    const array = await group.array("a");
    expect(array).toMatchObject({
      name: "a",
      shape: [3],
      chunkShape: [2],
      dims: ["x"],
      dataType: "float32",
      fill: null,
      fillIsMissing: true,
      chunkBytes: 8,
      encodedBytes: 8,
    });
    expect(await array.chunk([0], {})).toBeUndefined();
    const chunk = await array.chunk([1], {});
    expect(chunk).toMatchObject({ values: Float32Array.of(5, 6), version: "1" });
    expect(array.chunkId([1])).toBe("memory/a/1");
    expect(await group.array("a")).toBe(array);
    expect(context.requests).toBe(store.asked.length);
  });

  it("names what it can where the store neither lists nor consolidates", async () => {
    const group = await openZarr(memoryStore(v2, { listed: false }), testContext());
    expect(group.names).toEqual([]);
    await group.array("a");
    expect(group.names).toEqual(["a"]);
    await expect(group.array("b")).rejects.toMatchObject({
      tag: "NotFound",
      message: 'memory: no array "b" found (b/.zarray is absent); there are: a',
      place: { source: "memory", variable: "b" },
    });
  });

  it("reads consolidated metadata, where the store cannot list one request for the first array of data", async () => {
    const content = {
      ...v2,
      ".zmetadata": zmetadata({
        ".zgroup": { zarr_format: 2 },
        ".zattrs": { title: "x" },
        "a/.zarray": zarray(),
        "a/.zattrs": onX,
        "inner/b/.zarray": zarray(),
        "inner/b/.zattrs": onX,
      }),
      "inner/b/.zarray": zarray(),
    };
    const store = memoryStore(content, { listed: false });
    const group = await openZarr(store, testContext());
    expect(group.names).toEqual(["a"]);
    expect(group.attributes).toEqual({ title: "x" });
    await group.array("a");
    expect((await group.array("inner/b")).dims).toEqual(["x"]);
    expect(store.asked).toEqual(["zarr.json", ".zmetadata", "a/.zarray"]);
  });

  it("tells times, byte order, separators, nested keys", async () => {
    const store = memoryStore({
      ".zgroup": { zarr_format: 2 },
      "t/.zarray": zarray({
        shape: [2, 2],
        chunks: [1, 2],
        dtype: ">M8[ns]",
        dimension_separator: "/",
        fill_value: "NaT",
        order: "F",
      }),
      "t/.zattrs": { _ARRAY_DIMENSIONS: ["y", "x"] },
      "t/1/0": Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 1, 0),
      "s/.zarray": zarray({ shape: [], chunks: [], dtype: "|b1", fill_value: false }),
      "s/0": Uint8Array.of(1),
    });
    const group = await openZarr(store, testContext());
    const times = await group.array("t");
    expect(times.dataType).toBe("datetime64[ns]");
    expect(times.fill).toBe(-(2n ** 63n));
    expect((await times.chunk([1, 0], {}))!.values).toEqual(BigInt64Array.of(7n, 256n));
    const scalar = await group.array("s");
    expect([scalar.dims, scalar.dataType, scalar.fill]).toEqual([[], "bool", 0]);
    expect((await scalar.chunk([], {}))!.values).toEqual(Uint8Array.of(1));
  });

  it("warns where consolidated fill values and attributes are stale, and takes the array's own", async () => {
    const stale = { "a/.zarray": zarray({ fill_value: 7 }), "a/.zattrs": { ...onX, units: "K" } };
    const store = memoryStore({
      ...v2,
      "a/.zattrs": { ...onX, units: "degC" },
      ".zmetadata": zmetadata(stale),
    });
    const group = await openZarr(store, testContext());
    const array = await group.array("a");
    expect([array.fill, array.attributes.units]).toEqual([null, "degC"]);
    expect(group.warnings).toEqual([
      "memory: a: fill_value 7 consolidated, null in the array's own metadata, which count",
      "memory: a: consolidated attributes differ from the array's own, which count: units",
    ]);
  });

  it.each([
    ["shape", { shape: [2] }, "[2]", "[3]"],
    ["chunks", { chunks: [3] }, "[3]", "[2]"],
    ["dtype", { dtype: ">f4" }, "float32 big-endian", "float32 little-endian"],
    ["compressor", { compressor: { id: "zlib", level: 1 } }, "zlib", "null"],
    ["filters", { filters: [{ id: "shuffle", elementsize: 4 }] }, "shuffle", "null"],
    ["order", { order: "F" }, "F", "C"],
  ])("refuses consolidated metadata that disagree in %s, naming both", async (key, more, found, own) => {
    for (const listed of [true, false]) {
      const gathered = { "a/.zarray": zarray(more), "a/.zattrs": onX };
      const store = memoryStore({ ...v2, ".zmetadata": zmetadata(gathered) }, { listed });
      const group = await openZarr(store, testContext());
      const error = await group.array("a").catch((e) => e);
      expect(error).toMatchObject({ tag: "MetadataInvalid", place: { source: "memory", variable: "a" } });
      for (const text of ["memory: a: .zmetadata", key, found, own]) expect(error.message).toContain(text);
    }
  });

  it("takes metadata for equal that are only written in another order", async () => {
    const own = zarray({ compressor: { id: "zlib", level: 1 }, filters: [], dtype: "|u1", fill_value: 1 });
    const other = zarray({
      filters: null,
      dtype: "<u1",
      fill_value: 1,
      compressor: { level: 1, id: "zlib" },
    });
    const store = memoryStore({
      ...v2,
      "a/.zarray": own,
      ".zmetadata": zmetadata({ "a/.zarray": other, "a/.zattrs": onX }),
    });
    const group = await openZarr(store, testContext());
    await group.array("a");
    expect(group.warnings).toEqual([]);
  });

  it("refuses an array that only the consolidated metadata have", async () => {
    const content = { ".zmetadata": zmetadata({ "a/.zarray": zarray(), "a/.zattrs": onX }) };
    for (const listed of [true, false]) {
      const group = await openZarr(memoryStore(content, { listed }), testContext());
      expect(group.names).toEqual(["a"]);
      await expect(group.array("a")).rejects.toThrow(
        /memory: a: listed in .zmetadata, but a\/.zarray is absent/,
      );
    }
  });

  describe("consolidated, over the web", () => {
    const onXY = { _ARRAY_DIMENSIONS: ["x", "y"] };
    const plane = zarray({ shape: [3, 1], chunks: [2, 1] });
    const data = (own: object = plane) => ({
      "a/.zarray": plane,
      "b/.zarray": own,
      "b/0.0": floats(1, 2),
      "x/.zarray": zarray(),
      "x/0": floats(0, 1),
      "x/1": floats(2, 0),
    });
    const metadata = {
      ...{ "a/.zarray": plane, "a/.zattrs": onXY, "b/.zarray": plane, "b/.zattrs": onXY },
      ...{ "x/.zarray": zarray(), "x/.zattrs": onX },
    };
    const web = (content: Record<string, object>) =>
      memoryStore({ ".zmetadata": zmetadata(metadata), ...content }, { listed: false });

    it("reads the coordinates of the first array beside its own metadata, and keeps them", async () => {
      const store = web(data());
      const group = await openZarr(store, testContext());
      await group.array("a");
      const x = await group.array("x");
      expect((await x.chunk([0], {}))!.values).toEqual(Float32Array.of(0, 1));
      expect((await x.chunk([1], {}))!.values).toEqual(Float32Array.of(2, 0));
      await x.chunk([1], {});
      expect(store.asked).toEqual(["zarr.json", ".zmetadata", "x/0", "a/.zarray", "x/1"]);
      expect(group.warnings).toEqual([]);
    });

    it("reads into buffers anew: what is in them is not ours", async () => {
      const store = web(data());
      const x = await (await openZarr(store, testContext())).array("x");
      const [one, two] = [await x.chunk([0], { buffers: fresh }), await x.chunk([0], { buffers: fresh })];
      expect(one!.values).not.toBe(two!.values);
    });

    it("compares every other array with its first chunk, once", async () => {
      const store = web(data());
      const group = await openZarr(store, testContext());
      await group.array("a");
      const b = await group.array("b");
      store.asked.length = 0;
      expect((await b.chunk([0, 0], {}))!.values).toEqual(Float32Array.of(1, 2));
      await b.chunk([0, 0], {});
      expect(store.asked).toEqual(["b/.zarray", "b/0.0", "b/0.0"]);
    });

    it.each([
      [{ dtype: ">f4" }, /memory: b: .zmetadata: dtype "?float32 little.* found, "?float32 big/],
      [{ shape: [4, 1] }, /memory: b: .zmetadata: shape \[3,1\] found, \[4,1\]/],
      [{ fill_value: 7 }, /memory: b: .zmetadata: fill_value null found, 7 as in the array's own/],
      [undefined, /memory: b: listed in .zmetadata, but b\/.zarray is absent/],
    ])("gives no chunk of an array whose own metadata are %j", async (more, message) => {
      const { "b/.zarray": _, ...without } = data();
      const store = web(more === undefined ? without : data({ ...plane, ...more }));
      const group = await openZarr(store, testContext());
      await group.array("a");
      const b = await group.array("b");
      const given: Uint8Array[] = [];
      const buffers = { ...fresh, give: (bytes: Uint8Array) => void given.push(bytes) };
      for (let turn = 0; turn < 2; turn++) {
        await expect(b.chunk([0, 0], { buffers })).rejects.toThrow(message);
      }
      expect(given.map(({ length }) => length)).toEqual([8, 8]);
    });

    it("stops waiting for the comparison when asked to", async () => {
      const store = web(data());
      const never = new Promise<never>(() => {});
      const get: Store["get"] = (key, options) => (key === "b/.zarray" ? never : store.get(key, options));
      const group = await openZarr({ ...store, get }, testContext());
      await group.array("a");
      const control = new AbortController();
      const reading = (await group.array("b")).chunk([0, 0], { signal: control.signal });
      control.abort(new Error("stopped"));
      await expect(reading).rejects.toThrow("stopped");
    });

    it("asks for the own metadata of a coordinate that cannot be read", async () => {
      const without = { "x/.zarray": undefined, "x/0": undefined };
      const ghost = Object.fromEntries(Object.entries(data()).filter(([key]) => !(key in without)));
      const group = await openZarr(web(ghost), testContext());
      await expect(group.array("x")).rejects.toThrow(
        /memory: x: listed in .zmetadata, but x\/.zarray is absent/,
      );
      const longer = web({ ...data(), "x/.zarray": zarray({ chunks: [3] }), "x/0": floats(0, 1, 2) });
      await expect((await openZarr(longer, testContext())).array("x")).rejects.toThrow(
        /memory: x: .zmetadata: chunks \[2\] found, \[3\]/,
      );
      const { "x/0": _, ...sparse } = data();
      const x = await (await openZarr(web(sparse), testContext())).array("x");
      expect(await x.chunk([0], {})).toBeUndefined();
      expect((await x.chunk([1], {}))!.values).toEqual(Float32Array.of(2, 0));
    });

    it("compares the first array again where that failed", async () => {
      const store = web({ ...data(), "a/.zarray": zarray({ shape: [9, 9], chunks: [2, 1] }) });
      const group = await openZarr(store, testContext());
      for (let turn = 0; turn < 2; turn++)
        await expect(group.array("a")).rejects.toThrow(/shape \[3,1\] found/);
      await group.array("b");
      expect(store.asked).toContain("b/.zarray");
    });

    it("is looked through without a request", async () => {
      const store = web(data());
      const group = await openZarr(store, testContext());
      for (const name of group.names) expect((await group.glance(name)).name).toBe(name);
      expect(store.asked).toEqual(["zarr.json", ".zmetadata"]);
    });
  });

  it("refuses metadata that are damaged or not known, naming key and value", async () => {
    const cases: [object, RegExp][] = [
      [{ zarr_format: 9 }, /zarr_format 9 found, 2/],
      [{ shape: undefined }, /shape absent found/],
      [{ shape: [-1] }, /shape \[-1\] found/],
      [{ shape: [1.5] }, /shape \[1.5\] found/],
      [{ shape: [1e300] }, /shape \[1e\+300\] found/],
      [{ shape: "3" }, /shape "3" found/],
      [{ shape: [2 ** 40, 2 ** 40], chunks: [1, 1] }, /fewer than 2\^53/],
      [{ chunks: [0] }, /chunks \[0\] found/],
      [{ chunks: [2, 2] }, /chunks \[2,2\] found, 1 lengths/],
      [{ chunks: null }, /chunks null found/],
      [{ chunks: [2 ** 33] }, /less than 2\^31/],
      [{ dtype: "<f3" }, /<f3/],
      [{ dtype: "|O" }, /never unpickled/],
      [{ dtype: [["a", "<f4"]] }, /dtype/],
      [{ order: "K" }, /order "K" found/],
      [{ compressor: undefined }, /compressor absent found/],
      [{ compressor: "zlib" }, /compressor "zlib" found/],
      [{ compressor: { id: "sz3" } }, /sz3: an unknown codec found, one of .*blosc/],
      [{ filters: [{ id: "bitround9" }] }, /bitround9: an unknown codec/],
      [{ filters: [null] }, /filters \[null\] found/],
      [{ dimension_separator: "-" }, /dimension_separator "-" found/],
      [{ fill_value: "none" }, /fill_value "none" found, a value of float32/],
      [{ fill_value: undefined }, /fill_value absent found/],
    ];
    for (const [more, message] of cases) {
      const store = memoryStore({ ...v2, "a/.zarray": zarray(more) });
      const error = await (await openZarr(store, testContext())).array("a").catch((e) => e);
      expect(error.message).toMatch(message);
      expect(error.message).toContain("memory: a: a/.zarray: ");
      expect(["MetadataInvalid", "Unsupported"]).toContain(error.tag);
    }
  });

  it.each([
    [undefined, "absent"],
    ["x", '"x"'],
    [["x", "y"], '["x","y"]'],
    [[1], "[1]"],
    [[null], "[null]"],
  ])("never guesses dimensions: %j", async (dims, found) => {
    const store = memoryStore({ ...v2, "a/.zattrs": { _ARRAY_DIMENSIONS: dims } });
    const group = await openZarr(store, testContext());
    await expect(group.array("a")).rejects.toThrow(`_ARRAY_DIMENSIONS ${found} found`);
  });

  it("refuses two dimensions of one name", async () => {
    const square = zarray({ shape: [2, 2], chunks: [2, 2] });
    const store = memoryStore({ ...v2, "a/.zarray": square, "a/.zattrs": { _ARRAY_DIMENSIONS: ["x", "x"] } });
    const group = await openZarr(store, testContext());
    await expect(group.array("a")).rejects.toThrow(/\["x","x"\] found, 2 different names/);
  });

  it("refuses what is no group", async () => {
    const open = (content: Record<string, object | string>) => openZarr(memoryStore(content), testContext());
    await expect(open({})).rejects.toThrow(/memory: no zarr.json, .zmetadata or .zgroup found/);
    await expect(open({ ".zgroup": { zarr_format: 7 } })).rejects.toThrow(/zarr_format 7 found/);
    await expect(open({ ".zgroup": "{" })).rejects.toThrow(/memory: .zgroup: text that breaks at position 1/);
    await expect(open({ "zarr.json": "<html>" })).rejects.toThrow(/memory: zarr.json: a page of HTML/);
    await expect(open({ "zarr.json": array3() })).rejects.toThrow(/node_type "array" found, group/);
    await expect(open({ ".zmetadata": { zarr_consolidated_format: 2 } })).rejects.toThrow(/format 2 found/);
  });

  it("reads both damaged and whole arrays of one group", async () => {
    const group = await openZarr(memoryStore({ ...v2, "b/.zarray": "{" }), testContext());
    expect(group.names).toEqual(["a", "b"]);
    await group.array("a");
    await expect(group.array("b")).rejects.toMatchObject({
      tag: "MetadataInvalid",
      place: { variable: "b" },
    });
  });
});

describe("openZarr, version 3", () => {
  it("opens groups with and without consolidated metadata", async () => {
    const inline = { kind: "inline", must_understand: false, metadata: { a: array3(), sub: group3() } };
    for (const [more, listed] of [
      [{}, true],
      [{ consolidated_metadata: inline }, true],
      [{ consolidated_metadata: inline }, false],
      [{ consolidated_metadata: null }, true],
    ] as const) {
      const root = group3({ attributes: { title: "x" }, ...more });
      const content = {
        "zarr.json": root,
        "a/zarr.json": array3(),
        "a/c/1": floats(5, 6),
        "sub/zarr.json": group3(),
      };
      const group = await openZarr(memoryStore(content, { listed }), testContext());
      expect(group.names).toEqual(["a"]);
      expect(group.attributes).toEqual({ title: "x" });
      const array = await group.array("a");
      expect([array.dims, array.fill, array.fillIsMissing]).toEqual([["x"], 0, false]);
      expect(array.chunkId([1])).toBe("memory/a/1");
      expect((await array.chunk([1], {}))!.values).toEqual(Float32Array.of(5, 6));
      expect(await array.chunk([0], {})).toBeUndefined();
      expect(group.warnings).toEqual([]);
    }
  });

  it("knows both ways to write chunk keys", async () => {
    const encodings: [object | string, string][] = [
      [{ name: "default" }, "c/1"],
      [{ name: "default", configuration: { separator: "." } }, "c.1"],
      ["default", "c/1"],
      [{ name: "v2" }, "1"],
      [{ name: "v2", configuration: { separator: "/" } }, "1"],
    ];
    for (const [encoding, key] of encodings) {
      const content = {
        "zarr.json": group3(),
        "a/zarr.json": array3({ chunk_key_encoding: encoding }),
        [`a/${key}`]: floats(5, 6),
      };
      const array = await (await openZarr(memoryStore(content), testContext())).array("a");
      expect(await array.chunk([1], {})).toBeDefined();
    }
  });

  it("reads times, and dimension names from the attribute where there are no others", async () => {
    const time = { name: "numpy.datetime64", configuration: { unit: "s", scale_factor: 1 } };
    const content = {
      "zarr.json": group3(),
      "t/zarr.json": array3({
        data_type: time,
        fill_value: "NaT",
        dimension_names: undefined,
        attributes: { _ARRAY_DIMENSIONS: ["time"] },
      }),
    };
    const array = await (await openZarr(memoryStore(content), testContext())).array("t");
    expect([array.dataType, array.fill, array.dims]).toEqual(["datetime64[s]", -(2n ** 63n), ["time"]]);
  });

  it("refuses metadata that are damaged or not known, naming key and value", async () => {
    const sharded = (configuration: unknown) => ({ codecs: [{ name: "sharding_indexed", configuration }] });
    const bytes = [{ name: "bytes", configuration: { endian: "little" } }];
    const cases: [object, RegExp][] = [
      [{ zarr_format: 2 }, /zarr_format 2 found/],
      [{ node_type: "group" }, /node_type "group" found/],
      [{ acme: { must_understand: true } }, /key "acme" found/],
      [{ acme: 1 }, /key "acme" found/],
      [{ data_type: "float8_e5m2" }, /float8_e5m2/],
      [{ data_type: { name: "acme" } }, /acme/],
      [{ chunk_grid: { name: "rectilinear" } }, /chunk_grid "rectilinear" found, regular/],
      [{ chunk_grid: undefined }, /chunk_grid absent found/],
      [{ chunk_grid: { name: "regular" } }, /chunk_shape absent found/],
      [{ chunk_key_encoding: { name: "acme" } }, /chunk_key_encoding "acme" found/],
      [{ chunk_key_encoding: { name: "v2", configuration: { separator: "x" } } }, /separator "x" found/],
      [{ storage_transformers: [{ name: "acme" }] }, /storage_transformers/],
      [{ codecs: [...bytes, { name: "acme.crunch" }] }, /acme.crunch: an unknown codec/],
      [{ codecs: [null] }, /codecs \[null\] found/],
      [{ codecs: {} }, /codecs \{\} found/],
      [{ codecs: [] }, /bytes among them/],
      [{ dimension_names: [null] }, /dimension_names \[null\] found/],
      [{ dimension_names: undefined }, /dimension_names absent found/],
      [{ fill_value: "0x7fc0" }, /fill_value "0x7fc0" found/],
      [sharded(undefined), /sharding_indexed: chunk_shape absent/],
      [sharded({ chunk_shape: [3], codecs: bytes, index_codecs: bytes }), /that divide the shard's \[2\]/],
      [sharded({ chunk_shape: [1], codecs: bytes, index_codecs: [{ name: "gzip" }] }), /index_codecs .*gzip/],
      [
        sharded({ chunk_shape: [1], codecs: bytes, index_codecs: bytes, index_location: "middle" }),
        /index_location "middle"/,
      ],
      [sharded({ chunk_shape: [1], codecs: bytes, index_codecs: bytes, acme: 1 }), /key "acme"/],
      [
        {
          codecs: [
            ...sharded({ chunk_shape: [1], codecs: bytes, index_codecs: bytes }).codecs,
            { name: "crc32c" },
          ],
        },
        /sharding_indexed alone/,
      ],
      [
        {
          chunk_grid: { name: "regular", configuration: { chunk_shape: [2 ** 30] } },
          ...sharded({ chunk_shape: [1], codecs: bytes, index_codecs: bytes }),
        },
        /an index of at most/,
      ],
    ];
    for (const [more, message] of cases) {
      const store = memoryStore({ "zarr.json": group3(), "a/zarr.json": array3(more) });
      const error = await (await openZarr(store, testContext())).array("a").catch((e) => e);
      expect(error.message).toMatch(message);
      expect(error.message).toContain("memory: a: a/zarr.json: ");
      expect(["MetadataInvalid", "Unsupported"]).toContain(error.tag);
    }
  });

  it("ignores unknown keys that may be ignored", async () => {
    const store = memoryStore({
      "zarr.json": group3({ acme: { must_understand: false } }),
      "a/zarr.json": array3({ acme: { must_understand: false } }),
    });
    await (await openZarr(store, testContext())).array("a");
    const strict = memoryStore({ "zarr.json": group3({ acme: { must_understand: true } }) });
    await expect(openZarr(strict, testContext())).rejects.toThrow(/key "acme" found/);
  });

  it("prefers version 3 where both are there, and says so", async () => {
    const store = memoryStore({
      "zarr.json": group3(),
      "a/zarr.json": array3(),
      ".zmetadata": zmetadata({}),
    });
    const group = await openZarr(store, testContext());
    expect(group.names).toEqual(["a"]);
    expect(group.warnings).toEqual(["memory: zarr.json and .zmetadata found; version 3 is read"]);
  });
});

describe("a chunk", () => {
  const array = async (content: Record<string, object>, more: object = {}) => {
    const store = memoryStore({ ...v2, "a/.zarray": zarray(more), ...content });
    return (await openZarr(store, testContext())).array("a");
  };

  it("is an error where the object is empty, short or long, naming place, found and expected", async () => {
    for (const [length, expected] of [
      [0, "0 bytes found"],
      [7, "7 bytes found, 8 expected"],
    ] as const) {
      const a = await array({ "a/1": new Uint8Array(length) });
      await expect(a.chunk([1], {})).rejects.toMatchObject({
        tag: "Codec",
        message: expect.stringContaining(`memory: a, chunk 1: raw: ${expected}`),
        place: { source: "memory", variable: "a", chunk: "1" },
      });
    }
    const long = await array({ "a/1": new Uint8Array(9) });
    await expect(long.chunk([1], {})).rejects.toThrow(/memory: a, chunk 1: .*9/);
  });

  it.each([[[2]], [[-1]], [[0.5]], [[]], [[0, 0]]])("is not there for %j", async (coords) => {
    const a = await array({});
    await expect(a.chunk(coords, {})).rejects.toMatchObject({ tag: "InvalidValue" });
    expect(() => a.chunkId(coords)).toThrow(/one of a grid of 2 expected/);
  });
});

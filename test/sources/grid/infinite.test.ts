/** Infinite values are the same error wherever in a chunk they are, however it is stored and read. */
import { describe, expect, it } from "vitest";
import { bloscFrame } from "../../../bench/stores/bloscFrame.ts";
import type { Source } from "../../../src/model/source.ts";
import { openGrid } from "../../../src/sources/grid/openGrid.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { memoryStore } from "../zarr/memoryStore.ts";
import { testContext, zarrSource } from "./openTest.ts";

const [rows, columns] = [420, 400];
/** Two chunks, east and west of each other, of 168 000 values: two blocks, the second of them smaller. */
const count = rows * columns;
const plain = (value: number, index: number) => {
  const values = Float32Array.from({ length: count }, (_, i) => (i % 7 === 0 ? Number.NaN : (i % 50) - 20));
  values[index] = value;
  return values;
};

const objects = (stored: (values: Float32Array) => Uint8Array, compressor: object | null) => {
  const one = (name: string, length: number, first: number, step: number, attributes: object) => ({
    [`${name}/.zarray`]: {
      ...{ zarr_format: 2, shape: [length], chunks: [length], dtype: "<f8", compressor: null, filters: null },
      ...{ fill_value: null, order: "C" },
    },
    [`${name}/.zattrs`]: { _ARRAY_DIMENSIONS: [name], ...attributes },
    [`${name}/0`]: new Uint8Array(Float64Array.from({ length }, (_, i) => first + step * i).buffer),
  });
  const west = stored(plain(1, 0));
  return (values: Float32Array) => ({
    ".zgroup": { zarr_format: 2 },
    ...one("time", 1, 0, 1, { units: "hours since 2020-01-01", standard_name: "time" }),
    ...one("latitude", rows, -80, 0.25, { units: "degrees_north" }),
    ...one("longitude", 2 * columns, 0, 0.25, { units: "degrees_east" }),
    "u/.zarray": {
      ...{ zarr_format: 2, shape: [1, rows, 2 * columns], chunks: [1, rows, columns], dtype: "<f4" },
      ...{ compressor, filters: null, fill_value: null, order: "C" },
    },
    "u/.zattrs": { _ARRAY_DIMENSIONS: ["time", "latitude", "longitude"], units: "m s-1" },
    "u/0.0.0": west,
    "u/0.0.1": stored(values),
  });
};
const lz4 = { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 };
const raw = objects((values) => new Uint8Array(values.buffer), null);
const packed = objects(bloscFrame, lz4);

const memory = {
  float32: (length: number) => new Float32Array(length).fill(Number.POSITIVE_INFINITY),
  float64: (length: number) => new Float64Array(length).fill(Number.POSITIVE_INFINITY),
};
const all = { start: 0, stop: rows };
const windows = {
  "one chunk as it lies": { rows: all, columns: [{ start: columns, stop: 2 * columns }] },
  "of two chunks": { rows: all, columns: [{ start: columns - 9, stop: 2 * columns }] },
  "some rows of one": { rows: { start: 300, stop: 410 }, columns: [{ start: columns, stop: 2 * columns }] },
};

const read = async (
  content: ReturnType<typeof raw>,
  window: (typeof windows)[keyof typeof windows],
  more: Partial<Source> = {},
) => {
  const { context } = testContext();
  const wind = { variables: { eastward_wind: "m s-1" }, mapping: { eastward_wind: { name: "u" } } };
  const source = zarrSource("memory", { name: "winds", ...wind, ...more });
  const store = memoryStore(content);
  const opened = await openGrid(await openZarr(store, context), source, context);
  await opened.check(["eastward_wind"]);
  const result = opened.read({ time: 0 }, ["eastward_wind"], window, { memory });
  return result.then(
    ({ fields }) => fields.eastward_wind!.values,
    (error: Error & { tag?: string; place?: object }) => ({ ...error, message: error.message }),
  );
};

describe.each(Object.entries(windows))("%s", (_name, window) => {
  it("is read where all is finite or missing", async () => {
    const [found, wanted] = [await read(packed(plain(1, 0)), window), await read(raw(plain(1, 0)), window)];
    expect(found).toBeInstanceOf(Float32Array);
    const [some, same] = [found, wanted].map((values) =>
      Buffer.from((values as Float32Array).slice().buffer),
    );
    expect(some!.equals(same!)).toBe(true);
  });
  // Ends of sixteens, tiles and blocks, and what is left behind the last of them.
  it.each([0, 15, 32_767, 32_768, 131_071, 131_072, 163_841, count - 17, count - 1])(
    "infinite %i",
    async (i) => {
      const values = plain(i % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, i);
      const found = await read(packed(values), window);
      const row = Math.floor(i / columns);
      if (row < window.rows.start || row >= window.rows.stop) expect(found).toBeInstanceOf(Float32Array);
      else {
        expect(found).toMatchObject({
          tag: "InvalidValue",
          message: expect.stringMatching(/chunk 0\.0\.1 of u .* holds 1 infinite values/),
        });
        expect(found).toEqual(await read(raw(values), window));
      }
    },
  );
});

it("may be none, and markers mean missing nevertheless", async () => {
  const [found, wanted] = await Promise.all(
    [packed, raw].map((stored) => {
      const content = stored(plain(1, 0));
      const attributes = { ...content["u/.zattrs"], missing_value: 5 };
      return read({ ...content, "u/.zattrs": attributes }, windows["of two chunks"]);
    }),
  );
  const [some, same] = [found, wanted].map((values) => Array.from(values as Float32Array));
  expect(some!.some((value) => value === 5)).toBe(false);
  expect(some!.filter(Number.isNaN).length).toBe(same!.filter(Number.isNaN).length);
});

it("is what an absent chunk is filled with, beside one that is finite", async () => {
  const { "u/0.0.0": _, ...content } = packed(plain(1, 0));
  const array = { ...content["u/.zarray"], fill_value: "Infinity" };
  const found = await read({ ...content, "u/.zarray": array } as never, windows["of two chunks"], {
    absent: "fill",
  });
  expect(found).toMatchObject({ tag: "InvalidValue", message: "memory: u holds infinite values" });
});

/** A window read in parts of its chunks has the values it has in whole chunks, whatever layout, blocks and store. */
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bloscFrame } from "../../../bench/stores/bloscFrame.ts";
import type { Source } from "../../../src/model/source.ts";
import { openGrid } from "../../../src/sources/grid/openGrid.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import type { Store } from "../../../src/sources/stores/store.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { memoryStore } from "../zarr/memoryStore.ts";
import { testContext } from "./openTest.ts";

const lengths: Readonly<Record<string, number>> = { time: 2, level: 3, latitude: 90, longitude: 180 };
const levels = [1000, 850, 500];
const value = (time: number, level: number, row: number, column: number) =>
  Math.fround(Math.sin(row / 7) * 20 + time * 100 + level * 1000 + Math.round(column / 3) / 8);

interface Form {
  readonly name: string;
  readonly dims: readonly string[];
  readonly chunks: Readonly<Record<string, number>>;
  /** Block size by the metadata; undefined: raw. */
  readonly stated: number | undefined;
}

const usual = ["time", "level", "latitude", "longitude"];
const forms: readonly Form[] = [
  {
    name: "raw",
    dims: usual,
    chunks: { time: 1, level: 3, latitude: 90, longitude: 180 },
    stated: undefined,
  },
  {
    name: "raw, times inside",
    dims: usual,
    chunks: { time: 2, level: 1, latitude: 90, longitude: 180 },
    stated: undefined,
  },
  {
    name: "raw, latitude last",
    dims: ["time", "level", "longitude", "latitude"],
    chunks: { time: 2, level: 3, latitude: 90, longitude: 90 },
    stated: undefined,
  },
  {
    name: "raw, level last",
    dims: ["latitude", "longitude", "time", "level"],
    chunks: { time: 2, level: 3, latitude: 50, longitude: 180 },
    stated: undefined,
  },
  {
    name: "raw, levels between rows",
    dims: ["time", "latitude", "level", "longitude"],
    chunks: { time: 2, level: 3, latitude: 60, longitude: 180 },
    stated: undefined,
  },
  {
    name: "blosc, blocks as stated",
    dims: usual,
    chunks: { time: 2, level: 3, latitude: 90, longitude: 180 },
    stated: 1 << 19,
  },
  {
    name: "blosc, blocks larger than stated",
    dims: usual,
    chunks: { time: 2, level: 3, latitude: 90, longitude: 180 },
    stated: 16_384,
  },
  {
    name: "blosc, stated none",
    dims: usual,
    chunks: { time: 2, level: 3, latitude: 90, longitude: 180 },
    stated: 0,
  },
];

const product = (numbers: readonly number[]) => numbers.reduce((all, one) => all * one, 1);

/** Every index of a box, last dimension fastest. */
const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (all, length) => all.flatMap((one) => Array.from({ length }, (_, i) => [...one, i])),
    [[]],
  );

const objectsOf = ({ dims, chunks, stated }: Form): Record<string, Uint8Array | object> => {
  const shape = dims.map((dim) => lengths[dim]!);
  const sizes = dims.map((dim) => chunks[dim]!);
  const objects: Record<string, Uint8Array | object> = { ".zgroup": { zarr_format: 2 } };
  const put = (name: string, dtype: string, values: ArrayBufferView, attributes: object) => {
    objects[`${name}/.zarray`] = {
      zarr_format: 2,
      shape: [lengths[name]],
      chunks: [lengths[name]],
      dtype,
      compressor: null,
      filters: null,
      fill_value: null,
      order: "C",
    };
    objects[`${name}/.zattrs`] = { _ARRAY_DIMENSIONS: [name], ...attributes };
    objects[`${name}/0`] = new Uint8Array(values.buffer);
  };
  put("time", "<f8", Float64Array.of(0, 6), { units: "hours since 2020-01-01", standard_name: "time" });
  put("level", "<f8", Float64Array.from(levels), { units: "hPa", standard_name: "air_pressure" });
  put(
    "latitude",
    "<f8",
    Float64Array.from({ length: 90 }, (_, i) => 89 - 2 * i),
    { units: "degrees_north" },
  );
  put(
    "longitude",
    "<f8",
    Float64Array.from({ length: 180 }, (_, i) => 2 * i),
    { units: "degrees_east" },
  );
  const compressor =
    stated === undefined ? null : { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: stated };
  objects["u/.zarray"] = {
    zarr_format: 2,
    shape,
    chunks: sizes,
    dtype: "<f4",
    compressor,
    filters: null,
    fill_value: null,
    order: "C",
  };
  objects["u/.zattrs"] = { _ARRAY_DIMENSIONS: dims, units: "m s-1" };
  for (const chunk of indices(shape.map((length, i) => Math.ceil(length / sizes[i]!)))) {
    const values = new Float32Array(product(sizes));
    for (const [at, inside] of indices(sizes).entries()) {
      const place = Object.fromEntries(dims.map((dim, i) => [dim, chunk[i]! * sizes[i]! + inside[i]!]));
      values[at] = value(place.time!, place.level!, place.latitude!, place.longitude!);
    }
    objects[`u/${chunk.join(".")}`] =
      stated === undefined ? new Uint8Array(values.buffer) : bloscFrame(values);
  }
  return objects;
};

const windows = fc
  .record({
    time: fc.nat(1),
    row: fc.nat(89),
    height: fc.integer({ min: 1, max: 40 }),
    columns: fc.constantFrom(
      [{ start: 10, stop: 20 }],
      [{ start: 0, stop: 180 }],
      [
        { start: 170, stop: 180 },
        { start: 0, stop: 9 },
      ],
    ),
    both: fc.boolean(),
  })
  .map(({ row, height, ...more }) => ({ ...more, rows: { start: row, stop: Math.min(90, row + height) } }));

const source = (address: string): Source => ({
  role: "target",
  name: "winds",
  format: "zarr",
  address,
  variables: { low: "m s-1", high: "m s-1" },
  mapping: { low: { name: "u", at: { level: 850 } }, high: { name: "u", at: { level: 500 } } },
});

describe.each(forms)("$name", (form) => {
  const folder = mkdtempSync(join(tmpdir(), "ewb-parts-"));
  const stores: { name: string; store: Store }[] = [];
  const objects = objectsOf(form);
  const size = Object.entries(objects).reduce(
    (sum, [key, one]) => sum + (/^u\/[\d.]+$/.test(key) ? (one as Uint8Array).length : 0),
    0,
  );

  beforeAll(async () => {
    for (const [key, content] of Object.entries(objects)) {
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), content instanceof Uint8Array ? content : JSON.stringify(content));
    }
    stores.push(
      { name: "folder", store: await openStore(folder) },
      { name: "requests", store: memoryStore(objects) },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["folder", "requests"])("%s", async (name) => {
    const { store } = stores.find((one) => one.name === name)!;
    await fc.assert(
      fc.asyncProperty(fc.array(windows, { minLength: 1, maxLength: 4 }), async (list) => {
        const { context, counted } = testContext();
        const opened = await openGrid(await openZarr(store, context), source(store.address), context);
        const variables = ["low", "high"];
        await opened.check(variables);
        for (const { time, rows, columns, both } of list) {
          const wanted = both ? variables : ["low"];
          const window = { rows, columns };
          const { fields } = await opened.read({ time }, wanted, window, {});
          for (const variable of wanted) {
            const level = variable === "low" ? 1 : 2;
            const expected: number[] = [];
            for (let row = rows.start; row < rows.stop; row++) {
              for (const { start, stop } of columns) {
                for (let column = start; column < stop; column++)
                  expected.push(value(time, level, row, column));
              }
            }
            expect(Array.from(fields[variable]!.values)).toEqual(expected);
          }
        }
        expect(counted.bytes).toBeGreaterThan(0);
      }),
      { numRuns: 12 },
    );
  });

  it("reads less than the whole where a part is enough", async () => {
    const { store } = stores[0]!;
    const { context, counted } = testContext();
    const opened = await openGrid(await openZarr(store, context), source(store.address), context);
    await opened.check(["low"]);
    const before = counted.bytes;
    const window = { rows: { start: 0, stop: 8 }, columns: [{ start: 0, stop: 90 }] };
    const cost = opened.cost({ time: 0 }, ["low"], window);
    await opened.read({ time: 0 }, ["low"], window, {});
    const read = counted.bytes - before;
    // A header may be read twice, where more blocks were guessed than there are.
    expect(read).toBeLessThanOrEqual(size + 1000);
    if (form.stated === undefined && !/last|inside/.test(form.name)) expect(read).toBeLessThan(size / 4);
    // What is charged covers what came.
    expect(cost.chunks.reduce((sum, { encoded }) => sum + encoded, 0)).toBeGreaterThanOrEqual(read);
  });
});

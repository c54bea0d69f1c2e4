import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeZarr } from "../../src/sinks/zarr/writeZarr.ts";
import { wholeArray, type ZarrArray } from "../../src/sinks/zarr/zarrArray.ts";
import { temporaryFolder } from "./folder.ts";
import { readArray, readGroup } from "./readZarr.ts";

const folder = temporaryFolder();
/** 3 x 5 values 0..14 in chunks of 2 x 2; some chunks are left out or handed over whole. */
const field = (
  chunk: (inside: Float32Array, coords: readonly number[]) => Float32Array | undefined,
): ZarrArray => ({
  name: "t",
  dims: ["time", "x"],
  shape: [3, 5],
  chunks: [2, 2],
  dtype: "float32",
  attributes: { units: "K" },
  fill: Number.NaN,
  chunk: (coords) => {
    const [j, i] = [coords[0]! * 2, coords[1]! * 2];
    const values: number[] = [];
    for (let y = j; y < Math.min(j + 2, 3); y++) {
      for (let x = i; x < Math.min(i + 2, 5); x++) values.push(5 * y + x);
    }
    return chunk(Float32Array.from(values), coords);
  },
});
const plain = field((inside) => inside);
const time = wholeArray({
  name: "time",
  dims: ["time"],
  shape: [3],
  dtype: "int64",
  attributes: { units: "hours since 1970-01-01" },
  values: BigInt64Array.of(0n, 2n ** 60n, -1n),
});

describe.each([2, 3] as const)("writeZarr, format %i", (format) => {
  test.each(["none", "gzip", "zlib"] as const)("is read back, compression %s", async (compression) => {
    const path = join(folder, `a-${format}-${compression}.zarr`);
    await writeZarr(path, { format, compression, attributes: { title: "é" }, arrays: [plain, time] });
    const group = await readGroup(path);
    expect([group.attributes, group.names, group.warnings]).toEqual([{ title: "é" }, ["t", "time"], []]);
    const { shape, chunkShape, dims, dataType, attributes } = await group.array("t");
    expect({ shape, chunkShape, dims, dataType, attributes }).toMatchObject({
      shape: [3, 5],
      chunkShape: [2, 2],
      dims: ["time", "x"],
      dataType: "float32",
      attributes: { units: "K" },
    });
    expect(await readArray(group, "t")).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(await readArray(group, "time")).toEqual([0n, 2n ** 60n, -1n]);
  });

  test("cells outside the array hold the fill value, chunks left out are not there", async () => {
    const path = join(folder, `b-${format}.zarr`);
    await writeZarr(path, {
      format,
      arrays: [field((inside, [j, i]) => (j === 0 && i === 1 ? undefined : inside))],
    });
    const bytes = readFileSync(join(path, format === 2 ? "t/1.2" : "t/c/1/2"));
    expect([...new Float32Array(bytes.buffer, bytes.byteOffset, 4)]).toEqual([
      14,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(existsSync(join(path, format === 2 ? "t/0.1" : "t/c/0/1"))).toBe(false);
    expect((await readArray(await readGroup(path), "t")).slice(0, 5)).toEqual([
      0,
      1,
      Number.NaN,
      Number.NaN,
      4,
    ]);
  });

  test("three dimensions stick out in every direction", async () => {
    const path = join(folder, `c-${format}.zarr`);
    const [a, b, c] = [3, 4, 5];
    const array: ZarrArray = {
      name: "v",
      dims: ["a", "b", "c"],
      shape: [a, b, c],
      chunks: [2, 3, 4],
      dtype: "int16",
      fill: -1,
      chunk: ([i, j, k]) => {
        const values: number[] = [];
        for (let x = 2 * i!; x < Math.min(2 * i! + 2, a); x++)
          for (let y = 3 * j!; y < Math.min(3 * j! + 3, b); y++)
            for (let z = 4 * k!; z < Math.min(4 * k! + 4, c); z++) values.push(100 * x + 10 * y + z);
        return Int16Array.from(values);
      },
    };
    await writeZarr(path, { format, arrays: [array] });
    expect(await readArray(await readGroup(path), "v")).toEqual(
      Array.from({ length: 60 }, (_, i) => 100 * Math.floor(i / 20) + 10 * (Math.floor(i / 5) % 4) + (i % 5)),
    );
  });

  test("consolidated metadata hold every array", async () => {
    const path = join(folder, `d-${format}.zarr`);
    await writeZarr(path, { format, arrays: [plain, { ...time, fill: -(2n ** 63n) }] });
    const text = readFileSync(join(path, format === 2 ? ".zmetadata" : "zarr.json"), "utf8");
    expect(text).toMatch(/"fill_value": -9223372036854775808[,\s]/);
    const document = JSON.parse(text);
    const keys = Object.keys(format === 2 ? document.metadata : document.consolidated_metadata.metadata);
    expect(keys).toEqual(
      format === 2
        ? [".zattrs", ".zgroup", "t/.zarray", "t/.zattrs", "time/.zarray", "time/.zattrs"]
        : ["t", "time"],
    );
  });

  test("a store takes the place of an older one; a failing one leaves it", async () => {
    const path = join(folder, `e-${format}.zarr`);
    await writeZarr(path, { format, arrays: [plain, time] });
    await writeZarr(path, { format, arrays: [plain] });
    const names = readdirSync(path);
    expect(names).not.toContain("time");
    const failing = field((inside, [j]) => {
      if (j === 1) throw new Error("no more");
      return inside;
    });
    await expect(writeZarr(path, { format, arrays: [failing] })).rejects.toMatchObject({
      tag: "Write",
      message: expect.stringContaining("no more"),
    });
    expect(readdirSync(path)).toEqual(names);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test.each([
    [
      "too few values",
      field(() => new Float32Array(1)),
      /chunk 0.0 of "t" has 1 values .*expected float32 values, 4/,
    ],
    ["another type", field(() => new Float64Array(4) as never), /Float64Array/],
    ["a chunk of no size", { ...plain, chunks: [0, 2] }, /chunks 0 x 2/],
    ["a missing dimension", { ...plain, dims: ["x"] }, /dimensions x, shape 3 x 5/],
  ])("%s is refused", async (_, array, message) => {
    await expect(writeZarr(join(folder, "f.zarr"), { format, arrays: [array] })).rejects.toMatchObject({
      tag: "InvalidValue",
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(folder, "f.zarr"))).toBe(false);
  });
});

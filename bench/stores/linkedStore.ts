/**
 * A Zarr v2 store whose chunks are links to given files: a store of many GB takes the space of the files it links
 * to. Every chunk is a key of its own, fetched and decoded for itself; only the disk (and the page cache) knows.
 */
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeZarr } from "../../src/sinks/zarr/writeZarr.ts";
import { wholeArray, type ZarrArray } from "../../src/sinks/zarr/zarrArray.ts";
import { compressors, type Packing } from "./packed.ts";

export interface LinkedStore {
  readonly degrees: number;
  /** Dimensions before latitude and longitude; those named in `whole` are one chunk long, the others a chunk an item. */
  readonly axes: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly units: string;
  }[];
  readonly whole: readonly string[];
  readonly name: string;
  readonly units: string;
  /** What the linked files hold. */
  readonly packed: Packing;
  /** Coordinates of all chunks along the cut axes, and the file each links to; outside these a chunk is absent. */
  readonly chunks: Iterable<{ readonly at: readonly number[]; readonly file: string }>;
}

export const writeLinkedStore = async (folder: string, store: LinkedStore): Promise<void> => {
  const { degrees, axes, name, units } = store;
  const grid = [Math.round(180 / degrees) + 1, Math.round(360 / degrees)] as const;
  const sizes = axes.map(({ values }) => values.length);
  const big: ZarrArray = {
    name,
    dims: [...axes.map((axis) => axis.name), "latitude", "longitude"],
    shape: [...sizes, ...grid],
    chunks: [...axes.map((axis, i) => (store.whole.includes(axis.name) ? sizes[i]! : 1)), ...grid],
    dtype: "float32",
    attributes: { units },
    fill: Number.NaN,
    chunk: () => undefined,
  };
  const coordinate = (name: string, values: Int32Array | Float64Array, units: string): ZarrArray =>
    wholeArray({
      name,
      dims: [name],
      shape: [values.length],
      dtype: values instanceof Int32Array ? "int32" : "float64",
      attributes: { units },
      values,
    });
  const along = (count: number, at: (i: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => at(i));
  await writeZarr(folder, {
    arrays: [
      ...axes.map((axis) => coordinate(axis.name, Int32Array.from(axis.values), axis.units)),
      coordinate(
        "latitude",
        along(grid[0], (i) => 90 - i * degrees),
        "degrees_north",
      ),
      coordinate(
        "longitude",
        along(grid[1], (i) => i * degrees),
        "degrees_east",
      ),
      big,
    ],
  });
  const compressor = compressors[store.packed];
  if (compressor !== null) sayCompressor(folder, name, compressor);
  mkdirSync(join(folder, name), { recursive: true });
  for (const { at, file } of store.chunks) {
    const rest = big.dims.slice(at.length).map(() => 0);
    link(file, join(folder, name, [...at, ...rest].join(".")));
  }
};

const link = (file: string, to: string): void => {
  rmSync(to, { force: true });
  try {
    linkSync(file, to);
  } catch {
    symlinkSync(file, to); // Another file system.
  }
};

/** The writer compresses nothing: what the metadata say of the array is put right afterwards. */
const sayCompressor = (folder: string, name: string, compressor: object): void => {
  const change = (file: string, of: (document: any) => any) => {
    const document = JSON.parse(readFileSync(join(folder, file), "utf8"));
    of(document).compressor = compressor;
    writeFileSync(join(folder, file), JSON.stringify(document));
  };
  change(`${name}/.zarray`, (document) => document);
  change(".zmetadata", ({ metadata }) => metadata[`${name}/.zarray`]);
};

/** Stores of one array `u` (y, x) in a folder, in many forms: both versions, codecs, filters, byte orders, shards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import Blosc from "numcodecs/blosc";
import Zstd from "numcodecs/zstd";
import { seeded } from "../../sources/codecs/mutation.ts";

export interface Blosc1 {
  readonly cname: "lz4" | "zstd" | "blosclz";
  readonly shuffle: 0 | 1 | 2;
  readonly blocksize: number;
}

export interface Form {
  readonly format: 2 | 3;
  readonly type: "f2" | "f4" | "f8" | "i2";
  readonly big?: boolean;
  readonly codec?: Blosc1 | "zstd" | "gzip";
  /** Version 2 only. */
  readonly filter?: "fixedscaleoffset" | "delta" | "astype";
  /** Version 3 only: chunks of a shard along y. */
  readonly inShard?: number;
  readonly shape?: readonly [number, number];
  readonly chunk: readonly [number, number];
  /** Zstd only: what is packed is as long as what is not, by a frame that is skipped. */
  readonly isPadded?: boolean;
  /** Share of the bytes that are noise; 1: nothing can be packed. */
  readonly noise?: number;
  readonly seed?: number;
  /** Number of a chunk (C order) that is not there. */
  readonly absent?: number;
}

const kinds = { f2: "float16", f4: "float32", f8: "float64", i2: "int16" } as const;
const json = (document: object) => new TextEncoder().encode(JSON.stringify(document));

export const temporaryFolder = (): { readonly path: string } & Disposable => {
  const path = mkdtempSync(join(tmpdir(), "reader-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

/** Elements as they are before any codec: numbers of the type that alter slowly, and noise. */
const elementsOf = ({ type, big = false, filter, noise = 0.05 }: Form, count: number, seed: number) => {
  const random = seeded(seed);
  // What a filter is given.
  const stored = filter === undefined || filter === "delta" ? type : "i2";
  const width = Number(stored[1]);
  const bytes = new Uint8Array(count * width);
  const view = new DataView(bytes.buffer);
  const little = !big;
  for (let i = 0; i < count; i++) {
    const at = i * width;
    const value = 200 + 60 * Math.sin((i + 7 * seed) / 211) + (random() < noise ? 9 * random() : 0);
    if (stored === "f4") view.setFloat32(at, value, little);
    else if (stored === "f8") view.setFloat64(at, value, little);
    else if (stored === "i2") view.setInt16(at, filter === "delta" ? value % 7 : value * 100, little);
    else view.setUint16(at, 0x5a00 | (Math.floor(value * 2) & 0x1ff), little);
    if (noise === 1) view.setUint16(at, random() * 0x7000, little);
  }
  return bytes;
};

const packed = async (bytes: Uint8Array, { codec, isPadded }: Form): Promise<Uint8Array> => {
  if (codec === undefined) return bytes;
  if (codec === "gzip") return gzipSync(bytes, { level: 1 });
  if (codec === "zstd") {
    const frame = await new Zstd(1).encode(bytes);
    if (!isPadded) return frame;
    const out = new Uint8Array(bytes.length);
    const view = new DataView(out.buffer, frame.length);
    out.set(frame);
    view.setUint32(0, 0x184d2a50, true);
    view.setUint32(4, bytes.length - frame.length - 8, true);
    return out;
  }
  return Blosc.fromConfig({ ...codec, clevel: 5 }).encode(bytes);
};

const documentOf = (form: Form, shape: readonly number[], stored: readonly number[]) => {
  const { format, type, big, codec, filter, inShard, chunk } = form;
  const dtype = `${big ? ">" : "<"}${type}`;
  const packedType = `${big ? ">" : "<"}i2`;
  const filters = {
    fixedscaleoffset: { id: "fixedscaleoffset", scale: 100, offset: 10, dtype, astype: packedType },
    delta: { id: "delta", dtype, astype: dtype },
    astype: { id: "astype", encode_dtype: packedType, decode_dtype: dtype },
  };
  const named = typeof codec === "string" ? codec : "blosc";
  if (format === 2) {
    const compressor =
      codec === undefined
        ? null
        : { id: named, level: 1, ...(typeof codec === "object" && { ...codec, clevel: 5 }) };
    const filtered = filter === undefined ? null : [filters[filter]];
    return {
      ...{ zarr_format: 2, shape, chunks: chunk, dtype, fill_value: null, order: "C" },
      ...{ filters: filtered, compressor },
    };
  }
  const shuffle = ["noshuffle", "shuffle", "bitshuffle"];
  const configuration = {
    zstd: { level: 1, checksum: false },
    gzip: { level: 1 },
    blosc: typeof codec === "object" && {
      ...{ ...codec, clevel: 5, typesize: Number(type[1]), shuffle: shuffle[codec.shuffle] },
    },
  };
  const codecs = [
    { name: "bytes", configuration: { endian: big ? "big" : "little" } },
    ...(codec === undefined
      ? []
      : [{ name: named, configuration: configuration[named as keyof typeof configuration] }]),
  ];
  const index = [{ name: "bytes", configuration: { endian: "little" } }];
  const sharded = {
    name: "sharding_indexed",
    configuration: { chunk_shape: chunk, codecs, index_codecs: index, index_location: "end" },
  };
  return {
    ...{ zarr_format: 3, node_type: "array", shape, data_type: kinds[type], fill_value: 0 },
    chunk_grid: { name: "regular", configuration: { chunk_shape: stored } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    ...{ codecs: inShard === undefined ? codecs : [sharded], dimension_names: ["y", "x"] },
  };
};

/** A shard of these chunks (undefined: left out), its index at the end. */
const shardOf = (parts: readonly (Uint8Array | undefined)[]): Uint8Array => {
  const index = new BigUint64Array(2 * parts.length).fill(2n ** 64n - 1n);
  let offset = 0;
  for (const [i, part] of parts.entries()) {
    if (part === undefined) continue;
    index.set([BigInt(offset), BigInt(part.length)], 2 * i);
    offset += part.length;
  }
  const all = parts.filter((part) => part !== undefined);
  return Uint8Array.from(Buffer.concat([...all, Buffer.from(index.buffer)]));
};

export interface Formed {
  /** Path of the file that holds a chunk. */
  readonly fileOf: (coords: readonly number[]) => string;
  /** Places of all chunks. */
  readonly places: readonly (readonly [number, number])[];
}

/** Writes a store of the form to `folder`. */
export const writeFormed = async (folder: string, form: Form): Promise<Formed> => {
  const { format, chunk, inShard, seed = 1, absent } = form;
  const shape = form.shape ?? [2 * chunk[0], chunk[1] + 1];
  const stored = [chunk[0] * (inShard ?? 1), chunk[1]];
  const put = (key: string, bytes: Uint8Array) => {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), bytes);
  };
  const document = documentOf(form, shape, stored);
  if (format === 2) {
    put(".zgroup", json({ zarr_format: 2 }));
    put("u/.zarray", json(document));
    put("u/.zattrs", json({ _ARRAY_DIMENSIONS: ["y", "x"] }));
  } else {
    put("zarr.json", json({ zarr_format: 3, node_type: "group" }));
    put("u/zarr.json", json(document));
  }
  const keyOf = (place: readonly number[]) => (format === 2 ? place.join(".") : `c/${place.join("/")}`);
  const grid = shape.map((length, i) => Math.ceil(length / chunk[i]!)) as [number, number];
  const places = Array.from(
    { length: grid[0] * grid[1] },
    (_, i) => [Math.floor(i / grid[1]), i % grid[1]] as const,
  );
  const objects = new Map<string, (Uint8Array | undefined)[]>();
  for (const [i, [y, x]] of places.entries()) {
    if (i === absent) continue;
    const bytes = await packed(elementsOf(form, chunk[0] * chunk[1], seed + i), form);
    const key = keyOf([Math.floor(y / (inShard ?? 1)), x]);
    const parts = objects.get(key) ?? new Array<undefined>(inShard ?? 1).fill(undefined);
    parts[y % (inShard ?? 1)] = bytes;
    objects.set(key, parts);
  }
  for (const [key, parts] of objects) put(`u/${key}`, inShard === undefined ? parts[0]! : shardOf(parts));
  const fileOf = ([y, x]: readonly number[]) =>
    join(folder, "u", keyOf([Math.floor(y! / (inShard ?? 1)), x!]));
  return { fileOf, places };
};

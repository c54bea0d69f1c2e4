/**
 * A small Zarr writer: format v2 or v3, uncompressed, gzip or zlib, consolidated metadata. It holds one chunk at a
 * time. The store is written in a temporary folder beside its place and renamed when whole.
 */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { EwbError, isEwbError } from "../../model/errors.ts";
import { notWritten } from "../atomicFile.ts";
import { chunkBytes, product } from "./chunkBytes.ts";
import type { ZarrArray } from "./zarrArray.ts";
import { chunkKey, zarrMetadata } from "./zarrMetadata.ts";

export interface ZarrStore {
  /** Default 2. */
  readonly format?: 2 | 3;
  /** Default `none`. zlib's bytes differ between versions of Node; uncompressed stores are the same anywhere. */
  readonly compression?: "none" | "gzip" | "zlib";
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly arrays: readonly ZarrArray[];
}

/**
 * Writes a store to `folder`, which takes the place of one that is there.
 *
 * @throws `InvalidValue` where an array's description or a chunk does not fit, `Write` where the disk refuses
 * @example await writeZarr("a.zarr", { arrays: [wholeArray({ name: "x", dims: ["x"], shape: [2], dtype: "float64",
 *   values: Float64Array.of(1, 2) })] });
 */
export const writeZarr = async (
  folder: string,
  { format = 2, compression = "none", attributes = {}, arrays }: ZarrStore,
): Promise<void> => {
  arrays.forEach(check);
  const id = randomUUID();
  const beside = (end: string) => join(dirname(folder), `.${basename(folder)}.${id}.${end}`);
  const part = beside("part");
  try {
    for (const [key, text] of zarrMetadata({ format, compression, attributes, arrays })) {
      await mkdir(dirname(join(part, key)), { recursive: true });
      await writeFile(join(part, key), text);
    }
    for (const array of arrays) {
      const made = new Set<string>();
      for (const coords of chunkCoords(array)) {
        const values = await array.chunk(coords);
        if (values === undefined) continue;
        const bytes = packed(chunkBytes(array, coords, values), compression);
        const file = join(part, chunkKey(format, array, coords));
        if (!made.has(dirname(file))) {
          made.add(dirname(file));
          await mkdir(dirname(file), { recursive: true });
        }
        await writeFile(file, bytes);
      }
    }
    const old = beside("old");
    const had = await rename(folder, old).then(
      () => true,
      () => false,
    );
    await rename(part, folder).catch(async (cause: unknown) => {
      if (had) await rename(old, folder);
      throw cause;
    });
    if (had) await rm(old, { recursive: true, force: true });
  } catch (cause) {
    await rm(part, { recursive: true, force: true }).catch(() => {});
    throw isEwbError(cause) ? cause : notWritten(folder, cause);
  }
};

const packed = (bytes: Uint8Array, compression: "none" | "gzip" | "zlib"): Uint8Array =>
  compression === "none"
    ? bytes
    : compression === "gzip"
      ? gzipSync(bytes, { level: 5 })
      : deflateSync(bytes, { level: 5 });

/** Coordinates of all chunks, the last dimension fastest. */
function* chunkCoords({ shape, chunks }: ZarrArray): Generator<number[]> {
  const counts = shape.map((size, d) => Math.ceil(size / chunks[d]!));
  const total = product(counts);
  for (let i = 0; i < total; i++) {
    let rest = i;
    const coords = counts.map(() => 0);
    for (let d = counts.length - 1; d >= 0; d--) {
      coords[d] = rest % counts[d]!;
      rest = Math.floor(rest / counts[d]!);
    }
    yield coords;
  }
}

const check = ({ name, dims, shape, chunks }: ZarrArray): void => {
  const sizes = (list: readonly number[], least: number) =>
    list.length === dims.length && list.every((size) => Number.isSafeInteger(size) && size >= least);
  if (sizes(shape, 0) && sizes(chunks, 1)) return;
  throw new EwbError(
    "InvalidValue",
    `array "${name}" has dimensions ${dims.join(", ")}, shape ${shape.join(" x ")} and chunks ${chunks.join(" x ")}; ` +
      "expected one size and one chunk length of at least 1 for every dimension",
    { variable: name },
  );
};

/** Whatever stands in a document: an array opens, or it is refused by an `EwbError` that names store and variable. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { testContext } from "./context.ts";
import { memoryStore } from "./memoryStore.ts";

const v2 = {
  zarr_format: 2,
  shape: [4, 4],
  chunks: [2, 2],
  dtype: "<f4",
  fill_value: "NaN",
  order: "C",
  filters: [{ id: "shuffle", elementsize: 4 }],
  compressor: { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
  dimension_separator: ".",
};
const bytes = { name: "bytes", configuration: { endian: "little" } };
const v3 = {
  zarr_format: 3,
  node_type: "array",
  shape: [4, 4],
  data_type: "float32",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [4, 4] } },
  chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
  fill_value: "0x7fc00000",
  codecs: [
    {
      name: "sharding_indexed",
      configuration: {
        chunk_shape: [2, 2],
        codecs: [bytes, { name: "zstd", configuration: { level: 1, checksum: false } }],
        index_codecs: [bytes, { name: "crc32c" }],
        index_location: "end",
      },
    },
  ],
  attributes: { units: "K" },
  dimension_names: ["y", "x"],
};

/** Places of all values in a document. */
const paths = (value: unknown, at: string[] = []): string[][] =>
  typeof value !== "object" || value === null
    ? [at]
    : [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))];

function changed(document: object, path: string[], value: unknown): object {
  const [key, ...rest] = path;
  if (key === undefined) return value as object;
  const copy: any = Array.isArray(document) ? [...document] : { ...document };
  copy[key] = rest.length === 0 ? value : changed(copy[key], rest, value);
  return copy;
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    undefined,
    null,
    -1,
    0,
    1e300,
    2 ** 31,
    2 ** 53,
    "",
    "..",
    "__proto__",
    "constructor",
    {},
    [],
    [[]],
  ),
);

it.each([
  ["2", v2, ".zarray"],
  ["3", v3, "zarr.json"],
] as const)("documents of version %s, one value replaced", async (version, document, file) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths(document)), odd, async (path, value) => {
      const root =
        version === "2"
          ? { ".zgroup": { zarr_format: 2 }, "a/.zattrs": { _ARRAY_DIMENSIONS: ["y", "x"] } }
          : { "zarr.json": { zarr_format: 3, node_type: "group" } };
      const text = JSON.stringify(changed(document, path, value)) ?? "";
      const store = memoryStore({ ...root, [`a/${file}`]: text, "a/0.0": bytesOf(), "a/c/0/0": bytesOf() });
      const group = await openZarr(store, testContext());
      try {
        const array = await group.array("a");
        expect(array.dims.length).toBe(array.shape.length);
        await array.chunk(
          array.shape.map(() => 0),
          {},
        );
      } catch (error) {
        if (!(error instanceof EwbError)) throw error;
        expect(error.place).toMatchObject({ source: "memory", variable: "a" });
      }
    }),
    { numRuns: 1500 },
  );
});

const bytesOf = () => Uint8Array.from({ length: 200 }, (_, i) => (i * 37) % 256);

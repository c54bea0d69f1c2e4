/**
 * The metadata documents of a store, by their keys: Zarr v2 with `.zmetadata`, and v3 with the consolidated
 * metadata that zarr-python and zarrita read inside the group's `zarr.json`.
 * Sources: zarr-specs v2 and v3; NetCDF's `_ARRAY_DIMENSIONS` (xarray) for the names of dimensions in v2.
 */
import { dtypes, type ZarrArray } from "./zarrArray.ts";

export interface ZarrLayout {
  readonly format: 2 | 3;
  readonly compression: "none" | "gzip" | "zlib";
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly arrays: readonly ZarrArray[];
}

export const zarrMetadata = (layout: ZarrLayout): ReadonlyMap<string, string> =>
  new Map(
    [...(layout.format === 2 ? documents2(layout) : documents3(layout))].map(([key, document]) => [
      key,
      jsonText(document),
    ]),
  );

/** Key of a chunk in the store. */
export const chunkKey = (format: 2 | 3, array: ZarrArray, coords: readonly number[]): string =>
  format === 2
    ? `${array.name}/${coords.length === 0 ? "0" : coords.join(".")}`
    : [array.name, "c", ...coords].join("/");

const documents2 = ({ attributes, arrays, compression }: ZarrLayout): Map<string, unknown> => {
  const documents = new Map<string, unknown>([
    [".zattrs", attributes],
    [".zgroup", { zarr_format: 2 }],
  ]);
  for (const array of arrays) {
    documents.set(`${array.name}/.zarray`, {
      chunks: array.chunks,
      compressor: compression === "none" ? null : { id: compression, level },
      dtype: dtypes[array.dtype].v2,
      fill_value: fillValue(array.fill),
      filters: null,
      order: "C",
      shape: array.shape,
      zarr_format: 2,
    });
    documents.set(`${array.name}/.zattrs`, { ...array.attributes, _ARRAY_DIMENSIONS: array.dims });
  }
  const metadata = Object.fromEntries(documents);
  return documents.set(".zmetadata", { metadata, zarr_consolidated_format: 1 });
};

const documents3 = ({ attributes, arrays, compression }: ZarrLayout): Map<string, unknown> => {
  const little = { name: "bytes", configuration: { endian: "little" } };
  const packed =
    compression === "none"
      ? []
      : compression === "gzip"
        ? [{ name: "gzip", configuration: { level } }]
        : [{ name: "numcodecs.zlib", configuration: { level } }];
  const members = arrays.map((array): [string, unknown] => [
    array.name,
    {
      zarr_format: 3,
      node_type: "array",
      shape: array.shape,
      data_type: array.dtype,
      chunk_grid: { name: "regular", configuration: { chunk_shape: array.chunks } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: fillValue(array.fill ?? (array.dtype.startsWith("float") ? Number.NaN : 0)),
      codecs: [dtypes[array.dtype].bytes === 1 ? { name: "bytes" } : little, ...packed],
      attributes: array.attributes ?? {},
      dimension_names: array.dims,
    },
  ]);
  const consolidated_metadata = {
    kind: "inline",
    must_understand: false,
    metadata: Object.fromEntries(members),
  };
  return new Map([
    ["zarr.json", { zarr_format: 3, node_type: "group", attributes, consolidated_metadata }],
    ...members.map(([name, document]): [string, unknown] => [`${name}/zarr.json`, document]),
  ]);
};

const level = 5;

const fillValue = (fill: number | bigint | null): unknown => {
  if (typeof fill !== "number" || Number.isFinite(fill)) return fill;
  return Number.isNaN(fill) ? "NaN" : fill > 0 ? "Infinity" : "-Infinity";
};

/** JSON with 64-bit integers as numbers; a private-use character marks them on the way. */
const jsonText = (document: unknown): string =>
  JSON.stringify(
    document,
    (_, value: unknown) => (typeof value === "bigint" ? `\ue000${value}` : value),
    2,
  ).replace(/"\ue000(-?\d+)"/g, "$1");

import { type ArrayV3, decoderV3 } from "../codecs/chain.ts";
import { elementTypeV3 } from "../codecs/elementType.ts";
import { type ArrayDocument, type ArrayMetadata, MetadataFault } from "./arrayMetadata.ts";
import { typeText } from "./dataTypeName.ts";
import { encodedBound } from "./encodedBound.ts";
import { parseFill } from "./fillValue.ts";
import { isObject, type JsonObject } from "./parseJson.ts";
import { checkChunkShape, checkDims, checkShape } from "./shape.ts";
import { checkCodecs, codecName, type ShardLevel, shardLevel } from "./shardLevel.ts";

const known = new Set([
  "zarr_format",
  "node_type",
  "shape",
  "data_type",
  "chunk_grid",
  "chunk_key_encoding",
  "fill_value",
  "codecs",
  "attributes",
  "storage_transformers",
  "dimension_names",
  "consolidated_metadata",
]);

/** Keys nobody here knows are ignored only where they say `must_understand: false`. */
export function checkUnderstood(meta: JsonObject): void {
  for (const [key, value] of Object.entries(meta)) {
    if (known.has(key) || (isObject(value) && value.must_understand === false)) continue;
    throw new MetadataFault("key", key, "known keys, or must_understand false,", "Unsupported");
  }
}

/**
 * Checks a Zarr 3 array (zarr-specs, version 3.1; sharding by ZEP 2): regular grid, `default` and `v2` chunk keys,
 * sharding at any depth. Throws `MetadataFault` or `CodecError` for anything that is absent, malformed or not known
 * here: nothing is skipped.
 */
export function metadataV3(document: ArrayDocument): ArrayMetadata {
  const { meta, attributes } = document;
  if (meta.zarr_format !== 3) throw new MetadataFault("zarr_format", meta.zarr_format, "3", "Unsupported");
  if (meta.node_type !== "array") throw new MetadataFault("node_type", meta.node_type, "array");
  checkUnderstood(meta);
  const shape = checkShape(meta.shape);
  const elementType = elementTypeV3(meta.data_type);
  const { storage_transformers: transformers = [] } = meta;
  if (!Array.isArray(transformers) || transformers.length > 0) {
    throw new MetadataFault("storage_transformers", transformers, "none", "Unsupported");
  }
  const codecs = checkCodecs("codecs", meta.codecs);
  const grid = named("chunk_grid", meta.chunk_grid, ["regular"]);
  const stored = checkChunkShape("chunk_grid: chunk_shape", grid.configuration.chunk_shape, shape.length);
  const { shards, chunkShape, inner } = unfold(codecs, stored);
  const decoder = decoderV3({ dataType: meta.data_type, codecs: inner, chunkShape });
  const count = chunkShape.reduce((product, length) => product * length, 1);
  const dims = meta.dimension_names ?? attributes._ARRAY_DIMENSIONS;
  return {
    shape,
    chunkShape,
    dims: checkDims("dimension_names", dims, shape.length),
    attributes,
    document,
    elementType,
    fill: parseFill(meta.fill_value, elementType),
    fillIsMissing: false,
    decoder,
    encodedBytes: encodedBound(
      count,
      elementType,
      inner.map((codec) => String(codecName(codec))),
    ),
    shards,
    ...keys(meta.chunk_key_encoding),
    essence: {
      shape,
      chunk_grid: stored,
      data_type: typeText(elementType),
      chunk_key_encoding: meta.chunk_key_encoding,
      codecs,
    },
  };
}

/** A `{ name, configuration }` (or the bare name) that must be one of `names`. */
function named(key: string, value: unknown, names: readonly string[]) {
  const name = codecName(value);
  if (typeof name !== "string" || !names.includes(name)) {
    throw new MetadataFault(key, name ?? value, names.join(" or "), "Unsupported");
  }
  const configuration = isObject(value) && isObject(value.configuration) ? value.configuration : {};
  return { name, configuration };
}

/** Shards inside shards: the levels, outermost first, and the codecs of the innermost chunks. */
function unfold(codecs: readonly (string | JsonObject)[], stored: readonly number[]) {
  const shards: ShardLevel[] = [];
  let chunkShape = stored;
  let inner = codecs;
  while (inner.some((codec) => codecName(codec) === "sharding_indexed")) {
    if (inner.length > 1) {
      const expected = "sharding_indexed alone (what is beside it hides the parts)";
      throw new MetadataFault("codecs", inner.map(codecName), expected, "Unsupported");
    }
    const codec = inner[0];
    const sharded = shardLevel(isObject(codec) ? codec.configuration : undefined, chunkShape);
    shards.push(sharded.level);
    chunkShape = sharded.innerShape;
    inner = sharded.innerCodecs;
  }
  return { shards, chunkShape, inner: inner as ArrayV3["codecs"] };
}

function keys(encoding: unknown): Pick<ArrayMetadata, "key" | "shownKey"> {
  const { name, configuration } = named("chunk_key_encoding", encoding, ["default", "v2"]);
  const separator = configuration.separator ?? (name === "v2" ? "." : "/");
  if (separator !== "/" && separator !== ".") {
    throw new MetadataFault("chunk_key_encoding: separator", separator, "a dot or a slash");
  }
  const shownKey = (place: readonly number[]) => place.join(separator) || "0";
  const key = (place: readonly number[]) =>
    name === "v2" ? shownKey(place) : ["c", ...place].join(separator);
  return { key, shownKey };
}

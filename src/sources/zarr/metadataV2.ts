import { decoderV2 } from "../codecs/chain.ts";
import { type ArrayDocument, type ArrayMetadata, MetadataFault } from "./arrayMetadata.ts";
import { typeText } from "./dataTypeName.ts";
import { encodedBound } from "./encodedBound.ts";
import { parseFill } from "./fillValue.ts";
import { isObject } from "./parseJson.ts";
import { checkChunkShape, checkDims, checkShape } from "./shape.ts";

/**
 * Checks a Zarr 2 array (zarr-specs, version 2) and its `_ARRAY_DIMENSIONS`. Throws `MetadataFault` or `CodecError`
 * for anything that is absent, malformed or not known here: nothing is skipped.
 */
export function metadataV2(document: ArrayDocument): ArrayMetadata {
  const { meta, attributes } = document;
  if (meta.zarr_format !== 2) throw new MetadataFault("zarr_format", meta.zarr_format, "2", "Unsupported");
  const shape = checkShape(meta.shape);
  const chunks = checkChunkShape("chunks", meta.chunks, shape.length);
  const { dtype, compressor, filters = null, order, dimension_separator: separator = "." } = meta;
  if (compressor !== null && !isObject(compressor)) {
    throw new MetadataFault("compressor", compressor, "a codec or null");
  }
  if (filters !== null && !(Array.isArray(filters) && filters.every(isObject))) {
    throw new MetadataFault("filters", filters, "a list of codecs or null");
  }
  if (order !== "C" && order !== "F") throw new MetadataFault("order", order, "C or F");
  if (separator !== "." && separator !== "/") {
    throw new MetadataFault("dimension_separator", separator, "a dot or a slash");
  }
  if (!Object.hasOwn(meta, "fill_value")) throw new MetadataFault("fill_value", undefined, "a value or null");
  const decoder = decoderV2({ dtype, compressor, filters, order, chunks });
  const codecs = [...(filters ?? []), ...(compressor === null ? [] : [compressor])];
  const count = chunks.reduce((product, length) => product * length, 1);
  const key = (place: readonly number[]) => place.join(separator) || "0";
  const { elementType } = decoder;
  return {
    shape,
    chunkShape: chunks,
    dims: checkDims("_ARRAY_DIMENSIONS", attributes._ARRAY_DIMENSIONS, shape.length),
    attributes,
    document,
    elementType,
    fill: parseFill(meta.fill_value, elementType),
    fillIsMissing: true,
    decoder,
    encodedBytes: encodedBound(
      count,
      elementType,
      codecs.map((codec) => String(codec.id)),
    ),
    shards: [],
    key,
    shownKey: key,
    essence: {
      shape,
      chunks,
      dtype: typeText(elementType),
      order,
      dimension_separator: separator,
      filters: filters?.length === 0 ? null : filters,
      compressor,
    },
  };
}

import { EwbError } from "../../model/errors.ts";
import type { Stages } from "../../model/stages.ts";
import { CodecError } from "../codecs/codecError.ts";
import type { TypedArray } from "../codecs/elements.ts";
import { fresh, liesIn } from "../codecs/step.ts";
import type { StoredArray } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";
import { chunkPlace, readChunk } from "./chunkReader.ts";
import { dataTypeName } from "./dataTypeName.ts";
import type { ShardIndexes } from "./shardIndexes.ts";

type Count = (bytes: number, requests: number) => void;

/**
 * One array of a group. A chunk is whole and checked or an error that names store, variable and chunk; an absent one
 * is undefined, an object of 0 bytes is an error. Nothing is kept but the indexes of shards.
 */
export function zarrArray(
  store: Store,
  name: string,
  metadata: ArrayMetadata,
  indexes: ShardIndexes,
  count: Count,
  stages: Stages,
): StoredArray {
  const { shape, chunkShape, decoder, encodedBytes } = metadata;
  const grid = shape.map((length, i) => Math.ceil(length / chunkShape[i]!));
  const isSharded = metadata.shards.length > 0;

  const named = (coords: readonly number[]) => {
    if (
      coords.length === grid.length &&
      coords.every((c, i) => Number.isInteger(c) && c >= 0 && c < grid[i]!)
    ) {
      const place = chunkPlace(coords, metadata);
      const shown = metadata.shownKey(place.stored);
      return {
        place,
        key: isSharded ? coords.join(".") || "0" : shown,
        shard: isSharded ? shown : undefined,
      };
    }
    const message = `${store.address}: ${name}: chunk ${coords.join(".")} found, one of a grid of ${grid.join(" x ")} expected`;
    throw new EwbError("InvalidValue", message, { source: store.address, variable: name });
  };

  return {
    name,
    shape,
    chunkShape,
    dims: metadata.dims,
    attributes: metadata.attributes,
    dataType: dataTypeName(metadata.elementType),
    fill: metadata.fill,
    fillIsMissing: metadata.fillIsMissing,
    chunkBytes: decoder.bytes,
    encodedBytes,
    chunkId(coords) {
      const { key, shard } = named(coords);
      return `${store.id}/${name}/${shard === undefined ? key : `${shard}#${key}`}`;
    },
    async chunk(coords, { signal, buffers = fresh, arrived }) {
      const { place, key, shard } = named(coords);
      const options = { count, stages, buffers, ...(signal === undefined ? {} : { signal }) };
      try {
        const object = await readChunk(store, indexes, `${name}/`, metadata, place, options);
        if (object === undefined) return undefined;
        const { bytes, version } = object;
        arrived?.(bytes.length);
        let values: TypedArray | undefined;
        try {
          values = stages.during("decode", () => decoder.decode(bytes, buffers));
        } finally {
          if (!liesIn(values, bytes)) buffers.give(bytes);
        }
        return {
          values,
          version,
          buffer: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        };
      } catch (error) {
        if (signal?.aborted) throw error;
        const where = `${store.address}: ${name}, chunk ${key}${shard === undefined ? "" : ` in shard ${shard}`}`;
        const at = { source: store.address, variable: name, chunk: key };
        if (error instanceof EwbError) {
          const message = error.message.replace(`${store.address}: `, "");
          throw new EwbError(error.tag, `${where}: ${message}`, at, { cause: error.cause ?? error });
        }
        const fault = error instanceof CodecError ? error.message : `${error} found, a chunk expected`;
        const message = `${where}: ${fault}; the object is damaged, fetch or write it again`;
        throw new EwbError("Codec", message, at, { cause: error });
      }
    },
  };
}

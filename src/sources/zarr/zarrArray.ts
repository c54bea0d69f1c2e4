import { EwbError } from "../../model/errors.ts";
import type { Span } from "../../model/grid.ts";
import type { Stages } from "../../model/stages.ts";
import type { PartDecoder } from "../codecs/chain.ts";
import { CodecError } from "../codecs/codecError.ts";
import { decodedWidth } from "../codecs/elements.ts";
import { fresh, type Seen } from "../codecs/step.ts";
import type { ChunkPart, ChunkReader, StoredArray } from "../storedArray.ts";
import type { Store } from "../stores/store.ts";
import { Versions } from "../stores/versions.ts";
import type { ArrayMetadata } from "./arrayMetadata.ts";
import { wantedPart } from "./chunkPart.ts";
import { chunkPlace, readChunk } from "./chunkReader.ts";
import { dataTypeName } from "./dataTypeName.ts";
import { farDecode } from "./farDecode.ts";
import { farReading } from "./farReading.ts";
import { FrameGuess } from "./frameGuess.ts";
import { lookAtChunks } from "./lookAtChunks.ts";
import { readSome } from "./readSome.ts";
import type { ShardIndexes } from "./shardIndexes.ts";
import { storedChunk } from "./storedChunk.ts";
import { wholeFrame } from "./wholeFrame.ts";

type Count = (bytes: number, requests: number) => void;

/**
 * One array of a group. A chunk is whole and checked or an error that names store, variable and chunk; an absent one
 * is undefined, an object of 0 bytes is an error. Nothing is kept but the indexes of shards and, of what is read in parts,
 * the versions of objects and where the last frames had their blocks.
 */
export function zarrArray(
  store: Store,
  name: string,
  metadata: ArrayMetadata,
  indexes: ShardIndexes,
  count: Count,
  stages: Stages,
  reader?: ChunkReader,
): StoredArray {
  const { shape, chunkShape, decoder, encodedBytes } = metadata;
  const grid = shape.map((length, i) => Math.ceil(length / chunkShape[i]!));
  const isSharded = metadata.shards.length > 0;

  const isThere = (coords: readonly number[]): boolean => {
    for (let i = 0; i < grid.length; i++) {
      const c = coords[i]!;
      if (!(c >= 0 && c < grid[i]! && Number.isInteger(c))) return false;
    }
    return coords.length === grid.length;
  };
  const named = (coords: readonly number[]) => {
    if (isThere(coords)) {
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

  /** Of objects that were read in parts. */
  const versions = new Versions();
  const guess = new FrameGuess(Math.ceil(decoder.bytes / (decoder.parts?.block ?? decoder.bytes)));
  const folder = `${store.id}/${name}/`;
  const far = reader && farReading(store, name, metadata, reader, count, stages);
  const farDecoding = reader && farDecode(store, metadata, reader, stages);
  const idOf = (coords: readonly number[]): string => {
    if (!isSharded && isThere(coords)) return folder + metadata.shownKey(coords);
    const { key, shard } = named(coords);
    return `${folder}${shard}#${key}`;
  };
  const partOf =
    (parts: PartDecoder) =>
    (spans: readonly Span[]): ChunkPart | undefined => {
      const wanted = wantedPart(parts, spans);
      if (wanted === undefined) return undefined;
      return {
        name: wanted.spans.map(({ start, stop }) => `${start}-${stop}`).join(","),
        spans: wanted.spans,
        bytes: (wanted.bytes / parts.width) * decodedWidth(metadata.elementType),
        // Where an object is not kept open, more of it may come than is needed.
        encoded: store.opened === undefined ? encodedBytes : wanted.encoded,
      };
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
    isNear: store.opened !== undefined,
    chunkBytes: decoder.bytes,
    encodedBytes,
    chunkId: idOf,
    ...(decoder.parts === undefined || isSharded ? {} : { part: partOf(decoder.parts) }),
    ...(store.look === undefined
      ? {}
      : {
          look: (places) =>
            lookAtChunks(
              store,
              indexes,
              metadata,
              places.map((coords) => {
                const { stored, inner } = named(coords).place;
                return { id: idOf(coords), key: `${name}/${metadata.key(stored)}`, inner };
              }),
              { count },
            ),
        }),
    async chunk(coords, asked) {
      const { part, beside, signal, buffers = fresh, arrived } = asked;
      const { place, key, shard } = named(coords);
      const object = `${name}/${metadata.key(place.stored)}`;
      const reading = far?.(coords, asked, () => versions.of(object));
      const found = reading && (await reading);
      if (found !== undefined) {
        if (part !== undefined) versions.see(object, found.version);
        return found;
      }
      const options = { count, stages, buffers, ...(signal === undefined ? {} : { signal }) };
      try {
        if (part !== undefined && decoder.parts !== undefined) {
          const known = versions.of(object);
          const found = await readSome(store, object, decoder.parts, part, {
            ...options,
            ...(known === undefined ? {} : { version: known }),
            ...{ most: encodedBytes, guess, beside, arrived, far: farDecoding },
          });
          if (found !== undefined) versions.see(object, found.version);
          return found;
        }
        const whole = await readChunk(store, indexes, `${name}/`, metadata, place, options);
        if (whole === undefined) return undefined;
        const { bytes, version } = whole;
        arrived?.(bytes.length);
        const seen: Seen = {};
        const parts = decoder.parts;
        if (farDecoding !== undefined && parts !== undefined) {
          const stored = await wholeFrame(bytes, parts, farDecoding, { buffers, seen });
          if (stored !== undefined) {
            buffers.give(bytes);
            return storedChunk(stored, version, buffers, seen, () => parts.elements(stored));
          }
        }
        return storedChunk(bytes, version, buffers, seen, () =>
          stages.during("decode", () => decoder.decode(bytes, buffers, seen)),
        );
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

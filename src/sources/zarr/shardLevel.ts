import { type ArrayV3, type ChunkDecoder, decoderV3 } from "../codecs/chain.ts";
import { MetadataFault } from "./arrayMetadata.ts";
import { isObject, type JsonObject } from "./parseJson.ts";
import { checkChunkShape } from "./shape.ts";

/** One `sharding_indexed` codec: an object that holds chunks and an index of where they are. */
export interface ShardLevel {
  /** Chunks along each dimension. */
  readonly counts: readonly number[];
  readonly indexBytes: number;
  readonly indexAt: "start" | "end";
  /** Gives offset and length of each chunk, C order, and checks the checksum if there is one. */
  readonly index: ChunkDecoder;
}

export interface Sharded {
  readonly level: ShardLevel;
  readonly innerShape: readonly number[];
  readonly innerCodecs: readonly (string | JsonObject)[];
}

const largestIndex = 64 * 1024 * 1024;
const checksumBytes = 4;
const known = new Set(["chunk_shape", "codecs", "index_codecs", "index_location"]);

/** A list of codecs, each a name or an object with a name and perhaps a configuration. */
export function checkCodecs(key: string, codecs: unknown): readonly (string | JsonObject)[] {
  const isCodec = (codec: unknown): codec is string | JsonObject =>
    typeof codec === "string" ||
    (isObject(codec) &&
      typeof codec.name === "string" &&
      (codec.configuration === undefined || isObject(codec.configuration)));
  if (Array.isArray(codecs) && codecs.every(isCodec)) return codecs;
  throw new MetadataFault(key, codecs, "a list of codecs with name and configuration");
}

export const codecName = (codec: unknown): unknown => (isObject(codec) ? codec.name : codec);

/** Checks the configuration of a `sharding_indexed` codec of shards of `shape`. */
export function shardLevel(configuration: unknown, shape: readonly number[]): Sharded {
  const settings: JsonObject = isObject(configuration) ? configuration : {};
  const innerShape = checkChunkShape("sharding_indexed: chunk_shape", settings.chunk_shape, shape.length);
  if (innerShape.some((length, i) => shape[i]! % length !== 0)) {
    const expected = `lengths that divide the shard's ${JSON.stringify(shape)}`;
    throw new MetadataFault("sharding_indexed: chunk_shape", innerShape, expected);
  }
  for (const key of Object.keys(settings)) {
    if (!known.has(key)) {
      throw new MetadataFault("sharding_indexed: key", key, [...known].join(", "), "Unsupported");
    }
  }
  const { index_location: indexAt = "end" } = settings;
  const innerCodecs = checkCodecs("sharding_indexed: codecs", settings.codecs);
  const indexCodecs = checkCodecs("sharding_indexed: index_codecs", settings.index_codecs);
  if (indexAt !== "start" && indexAt !== "end") {
    throw new MetadataFault("sharding_indexed: index_location", indexAt, "start or end");
  }
  const names = indexCodecs.map(codecName);
  if (!names.every((name) => name === "bytes" || name === "crc32c")) {
    const expected = "bytes and crc32c only (an index has a fixed size)";
    throw new MetadataFault("sharding_indexed: index_codecs", indexCodecs, expected, "Unsupported");
  }
  const counts = innerShape.map((length, i) => shape[i]! / length);
  const chunks = counts.reduce((product, count) => product * count, 1);
  const indexBytes = 16 * chunks + checksumBytes * names.filter((name) => name === "crc32c").length;
  if (indexBytes > largestIndex) {
    const expected = `chunks that need an index of at most ${largestIndex} bytes (not ${indexBytes})`;
    throw new MetadataFault("sharding_indexed: chunk_shape", innerShape, expected, "Unsupported");
  }
  const index = decoderV3({
    dataType: "uint64",
    codecs: indexCodecs as ArrayV3["codecs"],
    chunkShape: [...counts, 2],
  });
  return { level: { counts, indexBytes, indexAt, index }, innerShape, innerCodecs };
}

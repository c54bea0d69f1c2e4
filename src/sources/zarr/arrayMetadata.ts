import type { ChunkDecoder } from "../codecs/chain.ts";
import type { ElementType } from "../codecs/elementType.ts";
import type { JsonObject } from "./parseJson.ts";
import type { ShardLevel } from "./shardLevel.ts";

/**
 * Metadata of one array after every check, the same for both versions of the format: nothing that follows asks
 * which one it was.
 */
export interface ArrayMetadata {
  readonly shape: readonly number[];
  /** What is decoded as a whole: the chunk, or the innermost chunk of a shard. */
  readonly chunkShape: readonly number[];
  readonly dims: readonly string[];
  readonly attributes: JsonObject;
  readonly elementType: ElementType;
  readonly fill: number | bigint | null;
  /** In version 2 the fill value marks what is missing (as xarray reads it), in version 3 it is a value. */
  readonly fillIsMissing: boolean;
  readonly decoder: ChunkDecoder;
  /** No encoded chunk has more bytes. */
  readonly encodedBytes: number;
  /** Outermost first; empty: the array is not sharded. */
  readonly shards: readonly ShardLevel[];
  /** Key of a stored object, below the array's folder, by its place in the grid of stored objects. */
  readonly key: (place: readonly number[]) => string;
  /** The same as people write it in messages: without the prefix `c/` of version 3. */
  readonly shownKey: (place: readonly number[]) => string;
  /** What all of it was made of, but for `shape` where the array has grown. */
  readonly document: ArrayDocument;
  /** What must agree wherever this array's metadata are written twice. */
  readonly essence: JsonObject;
}

/** An array's documents: `.zarray` and `.zattrs`, or `zarr.json` and what it holds as attributes. */
export interface ArrayDocument {
  readonly meta: JsonObject;
  readonly attributes: JsonObject;
}

/** Thrown by the checks; the group adds store, variable and file. */
export class MetadataFault extends Error {
  readonly tag: "MetadataInvalid" | "Unsupported";
  constructor(
    key: string,
    found: unknown,
    expected: string,
    tag: "MetadataInvalid" | "Unsupported" = "MetadataInvalid",
  ) {
    super(`${key} ${shownValue(found)} found, ${expected} expected`);
    this.name = "MetadataFault";
    this.tag = tag;
  }
}

/** A value of a document for a message: short, and bigints too. */
export function shownValue(value: unknown): string {
  if (value === undefined) return "absent";
  const text =
    typeof value === "number" || typeof value === "bigint"
      ? String(value)
      : JSON.stringify(value, (_key, part) =>
          typeof part === "bigint" || (typeof part === "number" && !Number.isFinite(part))
            ? String(part)
            : part,
        );
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

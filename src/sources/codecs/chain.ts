import type { Buffers } from "../../model/memory.ts";
import { bloscBlocksize } from "./bloscBlocksize.ts";
import { CodecError } from "./codecError.ts";
import { codecNamed } from "./codecs.ts";
import type { Configuration } from "./configuration.ts";
import { decodedWidth, elements, isForeign, type TypedArray } from "./elements.ts";
import { type ElementType, elementTypeV2, elementTypeV3 } from "./elementType.ts";
import { checkSize, exactly, type Size, sizeText } from "./size.ts";
import { fresh, liesIn, type Seen, type Stage, type Step } from "./step.ts";
import { transpose } from "./transpose.ts";

/**
 * Makes decoders of an array's metadata. All refusals happen here, before a chunk is read: unknown codecs, dtypes,
 * settings. The length of every stage is worked out from the chunk shape in the order of encoding, and each stage is
 * held to it on the way back, so no number in a chunk rules an allocation.
 */
export interface ChunkDecoder {
  readonly elementType: ElementType;
  /** Bytes of what `decode` gives. */
  readonly bytes: number;
  /**
   * C order, native byte order, all elements of the chunk. May be a view of `encoded`, or of an array taken of
   * `buffers`; whatever else was taken is given back, also when it throws.
   */
  decode(encoded: Uint8Array, buffers?: Buffers, seen?: Seen): TypedArray;
  /** Where some of the elements can be decoded without the others. */
  readonly parts?: PartDecoder;
}

/** Chunks that are raw, or one blosc frame: their elements lie in decoded bytes in their order. */
export interface PartDecoder {
  readonly frame: "raw" | "blosc";
  /** Bytes of the whole chunk, decoded, and of one element there. */
  readonly bytes: number;
  readonly width: number;
  /** Bytes that are decoded together at least, as far as can be known before a chunk is read. */
  readonly block: number;
  /** Whether decoded bytes are float32 as this machine keeps them. */
  readonly isFloat32: boolean;
  /** Decoded bytes of whole elements as numbers: a view where that can be. */
  elements(bytes: Uint8Array): TypedArray;
}

/** Below this many bytes nothing is gained by leaving some out. */
const rawBlock = 16_384;

/** @param last what the last codec was told */
function partDecoder(
  elementType: ElementType,
  steps: readonly Step[],
  bytes: number,
  last: Configuration | undefined,
): PartDecoder | undefined {
  const outer = steps.at(-1)?.name === "blosc" ? "blosc" : "raw";
  const inner = outer === "blosc" ? steps.slice(0, -1) : steps;
  if (inner.some(({ name }) => name !== "bytes")) return undefined;
  return {
    frame: outer,
    bytes,
    width: elementType.bytes,
    block: outer === "raw" ? rawBlock : bloscBlocksize(last ?? {}, bytes, elementType.bytes),
    isFloat32:
      elementType.name === "float32" &&
      !isForeign(elementType) &&
      inner.every(({ isIdentity }) => isIdentity),
    elements(decoded) {
      let stored = decoded;
      for (const step of inner) stored = step.decode(stored, exactly(decoded.length), fresh);
      return elements(stored, elementType);
    },
  };
}

export interface ArrayV2 {
  readonly dtype: unknown;
  readonly compressor: object | null;
  readonly filters: readonly object[] | null;
  readonly order: "C" | "F";
  readonly chunks: readonly number[];
}

export interface ArrayV3 {
  /** The `data_type`: a name, or an object with name and configuration. */
  readonly dataType: unknown;
  readonly codecs: readonly (string | { readonly name: string; readonly configuration?: any })[];
  readonly chunkShape: readonly number[];
}

function elementsOf(shape: readonly number[]): number {
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.every((length) => Number.isInteger(length) && length > 0) && count < 2147483648) return count;
  const expected = "whole numbers above 0, less than 2^31 elements";
  throw new CodecError({ codec: "chunk shape", found: JSON.stringify(shape), expected });
}

function decoder(
  elementType: ElementType,
  steps: readonly Step[],
  count: number,
  last: Configuration | undefined,
): ChunkDecoder {
  const parts = partDecoder(elementType, steps, count * elementType.bytes, last);
  const sizes: Size[] = [exactly(count * elementType.bytes)];
  for (const step of steps) sizes.push(step.encodedSize(sizes[sizes.length - 1]!));
  const outer = sizes[steps.length]!;
  return {
    elementType,
    bytes: count * decodedWidth(elementType),
    ...(parts === undefined ? {} : { parts }),
    decode(encoded, buffers = fresh, seen) {
      const codec = steps[steps.length - 1]?.name ?? "raw";
      if (encoded.length === 0) throw new CodecError({ codec, found: "0 bytes", expected: sizeText(outer) });
      // What a compressor may have made is only estimated: it binds between two of them, and not the stored bytes.
      checkSize(
        codec,
        encoded.length,
        outer.least === outer.most ? outer : { least: 0, most: encoded.length },
      );
      const taken: Uint8Array[] = [];
      const tracked: Buffers = {
        take(length) {
          const array = buffers.take(length);
          taken.push(array);
          return array;
        },
        give(array) {
          const at = taken.findIndex((one) => liesIn(array, one));
          if (at >= 0) taken.splice(at, 1);
          buffers.give(array);
        },
      };
      let values: TypedArray | undefined;
      try {
        let bytes = encoded;
        for (let i = steps.length - 1; i >= 0; i--) {
          bytes = steps[i]!.decode(bytes, sizes[i]!, tracked, parts?.isFloat32 ? seen : undefined);
          checkSize(steps[i]!.name, bytes.length, sizes[i]!);
        }
        values = elements(bytes, elementType);
        return values;
      } finally {
        for (const array of taken) if (!liesIn(values, array)) buffers.give(array);
      }
    },
  };
}

/** A Zarr 2 array: filters in turn, then the compressor; any codec may stand in either place. */
export function decoderV2(meta: ArrayV2): ChunkDecoder {
  const elementType = elementTypeV2(meta.dtype);
  const count = elementsOf(meta.chunks);
  let stage: Stage = { shape: meta.chunks, width: elementType.bytes };
  const steps: Step[] = [];
  if (meta.order === "F" && meta.chunks.length > 1) steps.push(transpose({ order: "F" }, stage));
  else if (meta.order !== "C" && meta.order !== "F") {
    throw new CodecError({ codec: "order", found: JSON.stringify(meta.order) ?? "none", expected: "C or F" });
  }
  let last: Configuration | undefined;
  for (const codec of [...(meta.filters ?? []), ...(meta.compressor === null ? [] : [meta.compressor])]) {
    const configuration = codec as Configuration;
    last = configuration;
    const step = codecNamed(configuration.id, 2).make(configuration, stage);
    stage = step.after ?? stage;
    steps.push(step);
  }
  return decoder(elementType, steps, count, last);
}

/** A Zarr 3 array without sharding: array codecs, `bytes`, byte codecs, in this order. */
export function decoderV3(meta: ArrayV3): ChunkDecoder {
  const stored = elementTypeV3(meta.dataType);
  const count = elementsOf(meta.chunkShape);
  let stage: Stage = { shape: meta.chunkShape, width: stored.bytes };
  const steps: Step[] = [];
  let serialized = false;
  let last: Configuration | undefined;
  for (const entry of meta.codecs) {
    const { name, configuration = {} } = typeof entry === "string" ? { name: entry } : entry;
    const { place, make } = codecNamed(name, 3);
    if ((place === "bytes") !== serialized) {
      const found = `the codec ${serialized ? "behind" : "before"} bytes`;
      throw new CodecError({
        codec: name,
        found,
        expected: "array codecs, bytes, byte codecs in this order",
      });
    }
    serialized ||= place === "serializer";
    last = configuration as Configuration;
    const step = make(last, stage);
    stage = step.after ?? stage;
    steps.push(step);
  }
  if (!serialized) {
    throw new CodecError({
      codec: "codecs",
      found: JSON.stringify(meta.codecs),
      expected: "bytes among them",
    });
  }
  return decoder(stored, steps, count, last);
}

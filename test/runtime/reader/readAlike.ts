/** One array opened twice, with a reader and without, and what both say of the same chunk. */

import { EwbError } from "../../../src/model/errors.ts";
import type { Buffers } from "../../../src/model/memory.ts";
import { type BufferPool, bufferPool } from "../../../src/runtime/bufferPool.ts";
import type {
  ChunkOptions,
  ChunkReader,
  StoredArray,
  StoredChunk,
} from "../../../src/sources/storedArray.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { openZarr } from "../../../src/sources/zarr/openZarr.ts";
import { testContext } from "../../sources/zarr/context.ts";
import type { ReaderHere } from "./readerHere.ts";

/** Buffers with an arena of 64 MB, of which the reader is told when it goes. */
export const arenaBuffers = (here?: ReaderHere): BufferPool =>
  bufferPool(
    256e6,
    () => {},
    64e6,
    (buffer) => here?.reader.forget(buffer),
  );

/** Bytes that are taken and not given back. */
export const outOf = ({ resident, free }: BufferPool): number => resident - free;

export const openArray = async (folder: string, reader?: ChunkReader): Promise<StoredArray> => {
  const context = reader === undefined ? testContext() : { ...testContext(), reader };
  return (await openZarr(await openStore(folder), context)).array("u");
};

export interface Said {
  /** Bytes of the values, and their type; undefined: there is no such chunk, or it failed. */
  readonly values: Buffer | undefined;
  readonly type: string | undefined;
  readonly version: string | undefined;
  readonly finite: boolean | undefined;
  /** Encoded bytes of which it told. */
  readonly arrived: readonly number[];
  readonly error: object | undefined;
}

/** The chunk, and what it says; it is not given back. */
export const askedFor = async (
  array: StoredArray,
  coords: readonly number[],
  options: ChunkOptions,
): Promise<readonly [Said, StoredChunk | undefined]> => {
  const arrived: number[] = [];
  const told = { ...options, arrived: (encoded: number) => void arrived.push(encoded) };
  try {
    const chunk = await array.chunk(coords, told);
    const { values, version, finite } = chunk ?? {};
    return [
      {
        values: values && bytesOf(values),
        type: values?.constructor.name,
        ...{ version, finite, arrived, error: undefined },
      },
      chunk,
    ];
  } catch (error) {
    if (!(error instanceof EwbError)) throw error;
    const { tag, message, place } = error;
    const none = { values: undefined, type: undefined, version: undefined, finite: undefined };
    return [{ ...none, arrived, error: { tag, message, place } }, undefined];
  }
};

/** What a chunk says, whose buffer is given back at once. */
export const saidOf = async (
  array: StoredArray,
  coords: readonly number[],
  options: ChunkOptions & { readonly buffers: Buffers },
): Promise<Said> => {
  const [said, chunk] = await askedFor(array, coords, options);
  if (chunk?.buffer !== undefined) options.buffers.give(chunk.buffer);
  return said;
};

/** A copy of the bytes of some values. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer);

/** Why two of them are not the same; undefined: they are. (Of large arrays vitest's own comparison takes seconds.) */
export const difference = (one: Said, other: Said): string | undefined => {
  const [a, b] = [one, other].map(({ values, ...rest }) =>
    JSON.stringify({ ...rest, bytes: values?.length }),
  );
  if (a !== b) return `${a} and ${b}`;
  if (one.values === undefined || other.values === undefined) return undefined;
  if (one.values.equals(other.values)) return undefined;
  return `values differ from byte ${one.values.findIndex((byte, i) => byte !== other.values![i])} on`;
};

import { MetadataFault } from "./arrayMetadata.ts";

const isLengths = (value: unknown, least: number): value is number[] =>
  Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= least);

/** Lengths of an array: whole numbers from 0 on, fewer than 2^53 values in all. */
export function checkShape(shape: unknown): readonly number[] {
  if (!isLengths(shape, 0)) throw new MetadataFault("shape", shape, "a list of whole numbers from 0 on");
  if (shape.length > 32) throw new MetadataFault("shape", shape, "at most 32 dimensions");
  const values = shape.reduce((product, length) => product * length, 1);
  if (values > Number.MAX_SAFE_INTEGER) {
    throw new MetadataFault("shape", shape, "fewer than 2^53 values");
  }
  return shape;
}

/** Lengths of a chunk: as many as the array has, each at least 1, fewer than 2^31 values. */
export function checkChunkShape(key: string, chunks: unknown, rank: number): readonly number[] {
  if (!isLengths(chunks, 1)) throw new MetadataFault(key, chunks, "a list of whole numbers from 1 on");
  if (chunks.length !== rank) throw new MetadataFault(key, chunks, `${rank} lengths, as in shape,`);
  return chunks;
}

/** Names of the dimensions: texts, one a length, all different. */
export function checkDims(key: string, dims: unknown, rank: number): readonly string[] {
  const expected = `${rank} different names (dimensions are never guessed)`;
  const names = rank === 0 && dims === undefined ? [] : dims;
  if (!Array.isArray(names) || names.length !== rank || new Set(names).size !== rank) {
    throw new MetadataFault(key, dims, expected);
  }
  if (!names.every((name) => typeof name === "string" && name !== "")) {
    throw new MetadataFault(key, dims, expected);
  }
  return names;
}

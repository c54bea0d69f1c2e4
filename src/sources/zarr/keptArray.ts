import type { StoredArray, StoredChunk } from "../storedArray.ts";

const [mostChunks, mostBytes] = [256, 4 * 1024 * 1024];

/**
 * Whether an array is a coordinate small enough to be kept: without dimensions, or along the one that bears its name.
 * All of it is read whenever a source is opened.
 */
export const isKept = ({ name, dims, shape, chunkShape, chunkBytes }: StoredArray): boolean => {
  const chunks = Math.ceil((shape[0] ?? 1) / (chunkShape[0] ?? 1));
  const isCoordinate = dims.length === 0 || (dims.length === 1 && dims[0] === name);
  return isCoordinate && chunks <= mostChunks && chunks * chunkBytes <= mostBytes;
};

/**
 * The same array; of one that `isKept` each chunk is read once, however many variables and sources ask for it. A
 * failed read is not kept. What is read into buffers belongs to whoever gave them, and is not kept either.
 */
export const keptArray = (array: StoredArray): StoredArray => {
  if (!isKept(array)) return array;
  const kept = new Map<string, Promise<StoredChunk | undefined>>();
  return {
    ...array,
    chunk(coords, options) {
      if (options.buffers !== undefined) return array.chunk(coords, options);
      const key = coords.join(".");
      let chunk = kept.get(key);
      if (chunk === undefined) {
        chunk = array.chunk(coords, {});
        kept.set(key, chunk);
        chunk.catch(() => kept.delete(key));
      }
      return chunk;
    },
  };
};

/**
 * The block size c-blosc 1.21 chooses (blosc.c, `compute_blocksize`), in bytes: a guess of what a writer did, known
 * before a chunk is read. Only plans rest on it; decoding goes by the header.
 */
import type { Configuration } from "./configuration.ts";

const [least, most] = [65_536, 1_048_576];
/** First-level cache, by which c-blosc measures. */
const l1 = 32_768;
const highRatio = new Set(["lz4hc", "zlib", "zstd"]);
const factors = [0.25, 0.5, 1, 2, 4, 4, 8, 8, 8];

/**
 * @param bytes of the whole chunk, decoded
 * @param width bytes of one element
 */
export const bloscBlocksize = (configuration: Configuration, bytes: number, width: number): number => {
  const { cname, clevel, blocksize, typesize } = configuration;
  const level = typeof clevel === "number" ? clevel : 5;
  const size = typeof typesize === "number" && typesize > 0 ? typesize : width;
  const isHigh = highRatio.has(String(cname));
  let block = bytes;
  if (typeof blocksize === "number" && blocksize > 0) block = Math.max(128, blocksize);
  else if (bytes >= l1) block = l1 * (isHigh ? 2 : 1) * (factors[level] ?? (isHigh ? 16 : 8));
  // What compresses fast is split by the bytes of an element: each stream has a block of its own.
  if (level > 0 && !isHigh && size <= 16 && block / size >= 128) {
    block = Math.min(most, Math.max(least, Math.min(block, 262_144) * size));
  }
  return Math.max(size, Math.min(block, bytes) - (Math.min(block, bytes) % size));
};

/** Below this many bytes a fresh array is cheaper than one that is used again. */
export const leastPooled = 32_768;

/**
 * Bytes of the buffer that `bytes` are put in: the next of eight steps a doubling, so that arrays of about the same
 * size can follow each other in one buffer. At most an eighth is lost.
 */
export const pooledSize = (bytes: number): number => {
  if (bytes < leastPooled) return bytes;
  let step = leastPooled / 8;
  while (step * 16 <= bytes) step *= 2;
  return Math.ceil(bytes / step) * step;
};

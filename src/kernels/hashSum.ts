/**
 * The sum of 64-bit hashes, modulo 2^64: one name for a set of texts, whatever the order in which they come, made of
 * parts that can be added up. As two 32-bit halves, so that no big integers are needed.
 */
export type HashSum = readonly [high: number, low: number];

export const emptySum: HashSum = [0, 0];

/** Adds a hash of 16 hexadecimal digits, as `hashText` gives, or the text of another sum. */
export const addHash = ([high, low]: HashSum, hash: string): HashSum => {
  const sum = low + Number.parseInt(hash.slice(8), 16);
  const carry = sum > 0xffffffff ? 1 : 0;
  return [(high + Number.parseInt(hash.slice(0, 8), 16) + carry) >>> 0, sum >>> 0];
};

/** 16 hexadecimal digits. */
export const sumText = ([high, low]: HashSum): string =>
  high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");

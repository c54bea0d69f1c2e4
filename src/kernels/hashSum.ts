/**
 * The sum of 64-bit hashes, modulo 2^64: one name for a set of texts, whatever the order in which they come, made of
 * parts that can be added up.
 */
import type { Hash } from "./hash.ts";

export const emptySum: Hash = [0, 0];

/** Adds a hash, or another sum. */
export const addHash = ([high, low]: Hash, [otherHigh, otherLow]: Hash): Hash => {
  const sum = low + otherLow;
  const carry = sum > 0xffffffff ? 1 : 0;
  return [(high + otherHigh + carry) >>> 0, sum >>> 0];
};

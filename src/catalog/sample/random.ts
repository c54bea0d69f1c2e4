/**
 * The sample's only source of chance: a hash of integers, the same on every machine. Mixing steps are those of
 * MurmurHash3's finaliser (Appleby, public domain).
 */

/** A number in [-1, 1) that belongs to these four integers. */
export const randomAt = (seed: number, i: number, j: number, k: number): number => {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(i, 0x85ebca6b);
  h = mix(h) ^ Math.imul(j, 0xc2b2ae35);
  h = mix(h) ^ Math.imul(k, 0x27d4eb2f);
  return mix(h) / 2147483648;
};

const mix = (value: number): number => {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
};

/**
 * The sum of hashes of units (name, versions, number), the same in whatever order they are added: names a set of units.
 * Four sums of 32 bits with hashes of different seeds (mixing as in MurmurHash3): 128 bits.
 */
import { rowWords } from "./unitRow.ts";

const seeds = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;

export const addUnit = (sum: Uint32Array, row: Uint32Array): void => {
  for (let lane = 0; lane < 4; lane++) {
    let hash: number = seeds[lane]!;
    for (let word = 0; word < rowWords; word++) {
      hash ^= Math.imul(row[word]!, 0xcc9e2d51);
      hash = Math.imul((hash << 13) | (hash >>> 19), 0x1b873593) + 0x6546b64;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    sum[lane]! += hash ^ (hash >>> 16);
  }
};

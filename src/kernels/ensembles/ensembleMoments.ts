import type { SortedMembers } from "./sortedMembers.ts";

/** Moments of the members present at each place, NaN where there are too few. */
export interface EnsembleMoments {
  readonly counts: Uint32Array;
  /** From one member on. */
  readonly mean: Float64Array;
  /** With M - 1, from two members on. */
  readonly variance: Float64Array;
}

/**
 * Mean and variance place by place, in two passes over the sorted members and around the lowest of them: the same bits
 * for any order of the members, exact where they are equal.
 */
export const ensembleMoments = (sorted: SortedMembers, borders: Uint32Array): EnsembleMoments => {
  const leaves = borders.length - 1;
  const size = leaves < 1 ? 0 : borders[leaves]!;
  const counts = new Uint32Array(size);
  const mean = new Float64Array(size).fill(Number.NaN);
  const variance = new Float64Array(size).fill(Number.NaN);
  const { stride } = sorted;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    const { values, counts: present } = sorted.leaf(leaf);
    for (let i = start; i < stop; i++) {
      const m = present[i - start]!;
      if (m === 0) continue;
      const first = (i - start) * stride;
      const lowest = values[first]!;
      let sum = 0;
      for (let k = 1; k < m; k++) sum += values[first + k]! - lowest;
      const centre = sum / m;
      counts[i] = m;
      mean[i] = lowest + centre;
      if (m === 1) continue;
      let squares = 0;
      for (let k = 0; k < m; k++) {
        const from = values[first + k]! - lowest - centre;
        squares += from * from;
      }
      variance[i] = squares / (m - 1);
    }
  }
  return { counts, mean, variance };
};

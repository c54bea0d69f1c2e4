import type { Values } from "../../model/field.ts";
import { type EnsemblesModule, ensemblesModule } from "./ensemblesModule.ts";
import { memberTiles } from "./memberTiles.ts";
import { sortedMembers } from "./sortedMembers.ts";

/** Moments of the members present at each place, NaN where there are too few. */
export interface EnsembleMoments {
  readonly counts: Float64Array;
  /** From one member on. */
  readonly mean: Float64Array;
  /** With M - 1, from two members on. */
  readonly variance: Float64Array;
}

/**
 * Mean and variance place by place, in two passes over the sorted members and around the lowest of them: the same bits
 * for any order of the members, exact where they are equal.
 */
export const ensembleMoments = (members: readonly Values[], borders: Uint32Array): EnsembleMoments =>
  ensemblesModule === undefined
    ? scalarEnsembleMoments(members, borders)
    : simdEnsembleMoments(ensemblesModule, members);

export const simdEnsembleMoments = (module: EnsemblesModule, members: readonly Values[]): EnsembleMoments => {
  const moments = blank(members);
  memberTiles(
    module,
    members,
    [],
    [moments.counts, moments.mean, moments.variance],
    (run, places, counts, mean, variance) => run.moments(...places, counts!, mean!, variance!),
  );
  return moments;
};

export const scalarEnsembleMoments = (members: readonly Values[], borders: Uint32Array): EnsembleMoments => {
  const moments = blank(members);
  const sorted = sortedMembers(members, borders);
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const { values, counts } = sorted.leaf(leaf);
    for (let i = start; i < borders[leaf + 1]!; i++) {
      const m = counts[i - start]!;
      if (m === 0) continue;
      const first = (i - start) * sorted.stride;
      const lowest = values[first]!;
      let sum = 0;
      for (let k = 1; k < m; k++) sum += values[first + k]! - lowest;
      const centre = sum / m;
      moments.counts[i] = m;
      moments.mean[i] = lowest + centre;
      if (m === 1) continue;
      let squares = 0;
      for (let k = 0; k < m; k++) {
        const from = values[first + k]! - lowest - centre;
        squares += from * from;
      }
      moments.variance[i] = squares / (m - 1);
    }
  }
  return moments;
};

const blank = (members: readonly Values[]): EnsembleMoments => {
  const size = members[0]?.length ?? 0;
  return {
    counts: new Float64Array(size),
    mean: new Float64Array(size).fill(Number.NaN),
    variance: new Float64Array(size).fill(Number.NaN),
  };
};

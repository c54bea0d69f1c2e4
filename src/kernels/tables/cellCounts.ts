import { addExact, type ExactSum, mergeExact } from "../exactSum.ts";
import type { Leaves } from "../leafTotal.ts";

/**
 * How often each cell of some tables was met: whole numbers, which add up exactly in any order. Where places do not
 * weigh alike also the sums of their weights, which are added as exact sums of a leaf's weight times its counts.
 */
export interface CellCounts {
  readonly counts: Float64Array;
  readonly sums: readonly ExactSum[] | undefined;
}

/** Counts of both; neither is changed. */
export const mergeCounts = (a: CellCounts, b: CellCounts): CellCounts => {
  const counts = a.counts.slice();
  for (let i = 0; i < counts.length; i++) counts[i]! += b.counts[i]!;
  return { counts, sums: a.sums?.map((sum, i) => mergeExact(sum, b.sums![i]!)) };
};

/**
 * Counts the cells of every leaf. `count` adds the places of [start, stop) to an array with one number a cell; `weigh`
 * adds the weights of their columns instead.
 */
export const countLeaves = (
  cells: number,
  { borders, weights, columns }: Leaves,
  weighed: boolean,
  count: (start: number, stop: number, into: Float64Array) => void,
  weigh: (start: number, stop: number, columns: Float64Array, into: Float64Array) => void,
): CellCounts => {
  const counts = new Float64Array(cells);
  const last = borders.length - 1;
  if (!weighed) {
    if (last > 0) count(borders[0]!, borders[last]!, counts);
    return { counts, sums: undefined };
  }
  const sums = Array.from({ length: cells }, (): number[] => []);
  const ofLeaf = new Float64Array(cells);
  const weightOfLeaf = columns === undefined ? ofLeaf : new Float64Array(cells);
  for (let leaf = 0; leaf < last; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    ofLeaf.fill(0);
    count(start, stop, ofLeaf);
    if (columns !== undefined) {
      weightOfLeaf.fill(0);
      weigh(start, stop, columns, weightOfLeaf);
    }
    const w = weights[leaf]!;
    for (let k = 0; k < cells; k++) {
      if (ofLeaf[k] === 0) continue;
      counts[k]! += ofLeaf[k]!;
      addExact(sums[k]!, w * weightOfLeaf[k]!);
    }
  }
  return { counts, sums };
};

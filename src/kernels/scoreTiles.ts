import type { Leaves } from "./leafTotal.ts";

/** Writes numbers of the places [start, stop) from the beginning of each array on. */
export type WriteTile = (start: number, stop: number, into: readonly Float64Array[]) => void;

/** Places of a tile, unless one leaf has more: a few arrays of it stay in the processor's cache. */
const TILE = 2048;

/**
 * Goes over all leaves, some whole ones at a time: `write` makes what is summed of their places, in arrays that are used
 * again, so that nothing as long as the field is ever made; then `add` is called for each leaf with where it lies there.
 */
export const eachTile = (
  many: number,
  { borders }: Leaves,
  write: WriteTile,
  add: (leaf: number, arrays: readonly Float64Array[], start: number, stop: number) => void,
): void => {
  const leaves = borders.length - 1;
  if (leaves < 1) return;
  let size = Math.min(TILE, borders[leaves]! - borders[0]!);
  for (let i = 0; i < leaves; i++) size = Math.max(size, borders[i + 1]! - borders[i]!);
  const arrays = Array.from({ length: many }, () => new Float64Array(size));
  for (let leaf = 0; leaf < leaves; ) {
    const first = borders[leaf]!;
    let end = leaf + 1;
    while (end < leaves && borders[end + 1]! - first <= size) end += 1;
    write(first, borders[end]!, arrays);
    for (; leaf < end; leaf++) add(leaf, arrays, borders[leaf]! - first, borders[leaf + 1]! - first);
  }
};

import type { Values } from "../model/field.ts";
import type { ValuesExports, ValuesModule } from "./valuesModule.ts";

/**
 * Totals over all leaves of some arrays by SIMD, a tile of whole leaves after another: what `errorLeaf`, `meanLeaf` and
 * `addExact` give one leaf after another, to the bit.
 */

/** Where the leaves lie: leaf i holds [borders[i], borders[i + 1]). */
export interface Leaves {
  readonly borders: Uint32Array;
  readonly weights: Float64Array;
  /** Weight of each place of a leaf, where columns do not weigh alike. */
  readonly columns: Float64Array | undefined;
}

/** A tile in the module's memory: addresses, and how many leaves from which place on. */
export interface Tile {
  readonly first: number;
  readonly borders: number;
  readonly weights: number;
  readonly columns: number;
  readonly count: number;
  readonly total: number;
}

export interface LeafTotal {
  readonly counts: readonly [number, number];
  readonly sums: readonly number[][];
}

/** Places a tile has room for, unless one leaf has more. */
const TILE = 16_384;

/** As in the module: bytes of an exact sum, and of the counts before the first. */
const SUM = 520;
const SUMS = 16;

const aligned = (bytes: number): number => (bytes + 15) & ~15;

/** Adds up `count` exact sums of `arrays` (which lie on the same places); `add` calls the function for one tile. */
export const leafTotal = (
  module: ValuesModule,
  arrays: readonly Values[],
  { borders, weights, columns }: Leaves,
  count: number,
  add: (run: ValuesExports, arrays: readonly number[], tile: Tile) => void,
): LeafTotal => {
  const leaves = Math.max(0, borders.length - 1);
  let longest = TILE;
  for (let i = 0; i < leaves; i++) longest = Math.max(longest, borders[i + 1]! - borders[i]!);
  longest = Math.min(longest, leaves === 0 ? 0 : borders[leaves]! - borders[0]!);
  // Places of the memory, from its base on.
  const bordersAt = aligned(SUMS + count * SUM);
  const weightsAt = bordersAt + aligned(borders.byteLength);
  const columnsAt = weightsAt + aligned(weights.byteLength);
  const tilesAt = columnsAt + aligned(columns?.byteLength ?? 0);
  const tileBytes = aligned(longest * 8);
  const { f32, f64, i32, base, run } = module.room(tilesAt + arrays.length * tileBytes);
  const total = base;
  f64.fill(0, total >> 3, (total + SUMS) >> 3);
  for (let k = 0; k < count; k++) i32[(total + SUMS + k * SUM) >> 2] = 0;
  i32.set(borders, (base + bordersAt) >> 2);
  f64.set(weights, (base + weightsAt) >> 3);
  if (columns !== undefined) f64.set(columns, (base + columnsAt) >> 3);
  const at = arrays.map((_, k) => base + tilesAt + k * tileBytes);
  for (let leaf = 0; leaf < leaves; ) {
    const first = borders[leaf]!;
    let stop = leaf + 1;
    while (stop < leaves && borders[stop + 1]! - first <= longest) stop += 1;
    for (let k = 0; k < arrays.length; k++) {
      const part = arrays[k]!.subarray(first, borders[stop]!);
      if (part instanceof Float32Array) f32.set(part, at[k]! >> 2);
      else f64.set(part, at[k]! >> 3);
    }
    add(run, at, {
      first,
      borders: base + bordersAt + leaf * 4,
      weights: base + weightsAt + leaf * 8,
      columns: columns === undefined ? 0 : base + columnsAt,
      count: stop - leaf,
      total,
    });
    leaf = stop;
  }
  const sums: number[][] = [];
  for (let k = 0; k < count; k++) {
    const sum = total + SUMS + k * SUM;
    const parts: number[] = [];
    for (let i = 1; i <= i32[sum >> 2]!; i++) parts.push(f64[(sum >> 3) + i]!);
    sums.push(parts);
  }
  return { counts: [f64[total >> 3]!, f64[(total >> 3) + 1]!], sums };
};

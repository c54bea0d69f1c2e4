import type { Values } from "../model/field.ts";
import { type Tiled, type ValuesExports, type ValuesModule, valuesModule } from "./valuesModule.ts";
import { placed } from "./wasm/instance.ts";

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

/** Places of the longest leaf. */
export const longest = (borders: Uint32Array): number => {
  let most = 0;
  for (let i = 0; i + 1 < borders.length; i++) most = Math.max(most, borders[i + 1]! - borders[i]!);
  return most;
};

/** A tile in the module's memory: addresses of the weights of columns, 0 for none, and of the scratch; its leaves. */
export interface Tile {
  readonly columns: number;
  readonly scratch: number;
  readonly leaves: Tiled;
}

export interface LeafTotal {
  readonly counts: readonly [number, number];
  readonly sums: readonly number[][];
  readonly scratch: Float64Array;
}

/** Places a tile has room for, unless one leaf has more. */
const TILE = 16_384;

/** As in the module: bytes of an exact sum, and of the counts before the first. */
const SUM = 520;
const SUMS = 16;

const aligned = (bytes: number): number => (bytes + 15) & ~15;

/** What is added up of arrays that lie on the same places. */
export interface LeafWork<Total> {
  readonly arrays: readonly Values[];
  readonly leaves: Leaves;
  /** How many exact sums. */
  readonly sums: number;
  /** Numbers that the function is given beside the arrays, and what it makes of them. */
  readonly scratch?: Float64Array;
  /** Calls the function for one tile; `arrays`: where they lie in the module's memory. */
  add(run: ValuesExports, arrays: readonly number[], tile: Tile): void;
  total(found: LeafTotal): Total;
  /** The same without SIMD. */
  scalar(): Total;
}

export const leafTotal = <Total>(work: LeafWork<Total>): Total => leafTotals([work])[0] as Total;

/**
 * What each work adds up, all of them of leaves with the same borders: tile after tile, so that an array that several
 * need is fetched once, and copied once if it does not lie in the module's memory.
 */
export const leafTotals = (works: readonly LeafWork<unknown>[]): unknown[] =>
  valuesModule === undefined ? works.map((work) => work.scalar()) : simdTotals(valuesModule, works);

const simdTotals = (module: ValuesModule, works: readonly LeafWork<unknown>[]): unknown[] => {
  const { borders } = works[0]!.leaves;
  const leaves = Math.max(0, borders.length - 1);
  const most = Math.min(Math.max(TILE, longest(borders)), leaves === 0 ? 0 : borders[leaves]! - borders[0]!);
  // Places of the memory, from its base on.
  let bytes = aligned(borders.byteLength);
  const place = (length: number): number => {
    bytes += aligned(length);
    return bytes - aligned(length);
  };
  const arrays: Values[] = [];
  for (const work of works) for (const one of work.arrays) if (!arrays.includes(one)) arrays.push(one);
  const arraysAt = arrays.map(() => place(most * 8));
  const places = works.map(({ sums, scratch, leaves: { weights, columns } }) => ({
    total: place(SUMS + sums * SUM),
    weights: place(weights.byteLength),
    columns: columns && place(columns.byteLength),
    scratch: place(scratch?.byteLength ?? 0),
  }));
  const room = module.room(bytes, ...arrays);
  const { f64, i32, base, run } = room;
  i32.set(borders, base >> 2);
  const jobs = works.map((work, k) => {
    const { weights, columns } = work.leaves;
    const at = places[k]!;
    const total = base + at.total;
    f64.fill(0, total >> 3, (total + SUMS) >> 3);
    for (let sum = 0; sum < work.sums; sum++) i32[(total + SUMS + sum * SUM) >> 2] = 0;
    f64.set(weights, (base + at.weights) >> 3);
    if (columns !== undefined) f64.set(columns, (base + at.columns!) >> 3);
    if (work.scratch !== undefined) f64.set(work.scratch, (base + at.scratch) >> 3);
    return {
      work,
      arrays: work.arrays.map((array) => arrays.indexOf(array)),
      weights: base + at.weights,
      columns: at.columns === undefined ? 0 : base + at.columns,
      scratch: base + at.scratch,
      total,
    };
  });
  for (let leaf = 0; leaf < leaves; ) {
    const first = borders[leaf]!;
    let stop = leaf + 1;
    while (stop < leaves && borders[stop + 1]! - first <= most) stop += 1;
    const at = arrays.map((array, k) => placed(room, array, first, borders[stop]!, base + arraysAt[k]!));
    for (const { work, arrays, weights, columns, scratch, total } of jobs) {
      const leaves: Tiled = [first, base + leaf * 4, weights + leaf * 8, stop - leaf, total];
      const own = arrays.map((k) => at[k]!);
      work.add(run, own, { columns, scratch, leaves });
    }
    leaf = stop;
  }
  return jobs.map(({ work, total, scratch }) => {
    const sums: number[][] = [];
    for (let k = 0; k < work.sums; k++) {
      const sum = total + SUMS + k * SUM;
      sums.push(numbersAt(f64, (sum >> 3) + 1, i32[sum >> 2]!));
    }
    return work.total({
      counts: [f64[total >> 3]!, f64[(total >> 3) + 1]!],
      sums,
      scratch:
        work.scratch === undefined ? none : f64.slice(scratch >> 3, (scratch >> 3) + work.scratch.length),
    });
  });
};

const none = new Float64Array();

/** One by one: a view of shared memory costs as much as a hundred numbers. */
const numbersAt = (f64: Float64Array, at: number, count: number): number[] => {
  const found: number[] = [];
  for (let i = at; i < at + count; i++) found.push(f64[i]!);
  return found;
};

/** Leaves with a weight for each place, 1 where columns weigh alike. */
export const withColumns = (leaves: Leaves): Leaves => {
  if (leaves.columns !== undefined) return leaves;
  return { ...leaves, columns: new Float64Array(longest(leaves.borders)).fill(1) };
};

import type { Values } from "../../model/field.ts";
import { addExact, type ExactSum } from "../exactSum.ts";
import { type Leaves, longest } from "../leafTotal.ts";
import { type ValuesModule, valuesModule } from "../valuesModule.ts";

/** Weighted sums over all places where every score is present. */
export interface ScoreTotal {
  readonly n: number;
  readonly weight: ExactSum;
  /** One a score, in their order. */
  readonly sums: readonly ExactSum[];
}

/**
 * Sums of scores that were computed place by place (NaN: missing) over all leaves, a place only where all of them
 * are present. A leaf is added up from its first place to its last, leaf sums exactly.
 *
 *     scoreTotal([errors], { borders, weights, columns: undefined }).sums[0]
 */
export const scoreTotal = (scores: readonly Values[], leaves: Leaves): ScoreTotal =>
  rowsTotal(scores.length, leaves, (start, stop, rows) => {
    for (let k = 0; k < rows.length; k++) rows[k]!.set(scores[k]!.subarray(start, stop));
  });

/**
 * Writes the scores of the places [start, stop) of a leaf (NaN: missing) at the beginning of rows, one a score, which are used
 * again for the next leaf. They may be memory of the module of the values: none of its functions is called meanwhile.
 */
export type WriteRows = (start: number, stop: number, rows: readonly Float64Array[]) => void;

/** Places of a leaf that are added up before the module is called. */
const FEW = 16;

/** What `scoreTotal` is of `many` scores of which never more than a leaf is kept. */
export const rowsTotal = (many: number, leaves: Leaves, write: WriteRows): ScoreTotal =>
  valuesModule === undefined || longest(leaves.borders) < FEW
    ? scalarRowsTotal(many, leaves, write)
    : simdRowsTotal(valuesModule, many, leaves, write);

export const simdRowsTotal = (
  module: ValuesModule,
  many: number,
  leaves: Leaves,
  write: WriteRows,
): ScoreTotal => {
  const most = longest(leaves.borders);
  const stride = 8 * (most + 1);
  const { f64, base, run } = module.room((many + 2) * stride + 8 * (SCORES + many));
  const row = (k: number): Float64Array =>
    f64.subarray((base + k * stride) >> 3, ((base + k * stride) >> 3) + most);
  const rows = Array.from({ length: many }, (_, k) => row(k));
  const weights = row(many + 1);
  weights.set(leaves.columns ?? []);
  const sums = weights.byteOffset + stride;
  return addedTotal(many, leaves, (start, stop, columns, out) => {
    write(start, stop, rows);
    const at = columns === undefined ? 0 : weights.byteOffset;
    run.scores(base, many, stride, at, stop - start, sums);
    for (let k = 0; k < out.length; k++) out[k] = f64[(sums >> 3) + k]!;
  });
};

export const scalarRowsTotal = (many: number, leaves: Leaves, write: WriteRows): ScoreTotal => {
  const rows = Array.from({ length: many }, () => new Float64Array(longest(leaves.borders)));
  return addedTotal(many, leaves, (start, stop, columns, out) => {
    write(start, stop, rows);
    for (let i = 0; i < stop - start; i++) {
      if (rows.some((row) => Number.isNaN(row[i]!))) continue;
      const c = columns === undefined ? 1 : columns[i]!;
      out[COUNT]! += 1;
      out[WEIGHT]! += c;
      for (let k = 0; k < many; k++) out[SCORES + k]! += c * rows[k]![i]!;
    }
  });
};

/**
 * Adds up the places [start, stop) of a leaf from the first to the last: how many are present to `out[COUNT]`, the sum of
 * their column weights (1 where columns weigh alike) to `out[WEIGHT]`, and from `out[SCORES]` on weighed sums of scores.
 * All of `out` is 0 before.
 */
export type AddLeaf = (
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  out: Float64Array,
) => void;

/** What `scoreTotal` is of `many` scores without any of them ever being kept: computed and added up in one pass. */
export const addedTotal = (many: number, { borders, weights, columns }: Leaves, add: AddLeaf): ScoreTotal => {
  const sums: number[][] = Array.from({ length: many }, () => []);
  const weight: number[] = [];
  const ofLeaf = new Float64Array(SCORES + many);
  let n = 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    ofLeaf.fill(0);
    add(borders[leaf]!, borders[leaf + 1]!, columns, ofLeaf);
    if (ofLeaf[COUNT] === 0) continue;
    const w = weights[leaf]!;
    n += ofLeaf[COUNT]!;
    addExact(weight, w * ofLeaf[WEIGHT]!);
    for (let k = 0; k < many; k++) addExact(sums[k]!, w * ofLeaf[SCORES + k]!);
  }
  return { n, weight, sums };
};

/** Sums of a leaf, by position. */
export const COUNT = 0;
export const WEIGHT = 1;
export const SCORES = 2;

import type { Values } from "../../model/field.ts";
import { addExact, type ExactSum } from "../exactSum.ts";
import type { Leaves } from "../leafTotal.ts";

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
export const scoreTotal = (scores: readonly Values[], leaves: Leaves): ScoreTotal => {
  const [first, second] = scores;
  if (first === undefined) throw new RangeError("scoreTotal needs a score");
  if (second === undefined) {
    return addedTotal(1, leaves, (start, stop, columns, out) => addOne(first, start, stop, columns, out));
  }
  const present = new Int32Array(longest(leaves.borders));
  return addedTotal(scores.length, leaves, (start, stop, columns, out) =>
    addMany(scores, start, stop, columns, present, out),
  );
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

/** What `scoreTotal` is of `many` scores, without any of them ever being kept: computed and added up in one pass. */
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

const addOne = (
  score: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const s = score[i]!;
    if (Number.isNaN(s)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    sum += c * s;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

/** Where all are present is found once, then each is added up without asking. */
const addMany = (
  scores: readonly Values[],
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  present: Int32Array,
  out: Float64Array,
): void => {
  const count = findPresent(scores, start, stop, present);
  out[COUNT] = count;
  out[WEIGHT] = count;
  if (columns !== undefined) {
    let weight = 0;
    for (let j = 0; j < count; j++) weight += columns[present[j]! - start]!;
    out[WEIGHT] = weight;
  }
  for (let k = 0; k < scores.length; k++) {
    out[SCORES + k] = sumOf(scores[k]!, present, count, columns, start, stop - start === count);
  }
};

const findPresent = (scores: readonly Values[], start: number, stop: number, present: Int32Array): number => {
  const first = scores[0]!;
  let count = 0;
  for (let i = start; i < stop; i++) if (!Number.isNaN(first[i]!)) present[count++] = i;
  for (let k = 1; k < scores.length; k++) {
    const other = scores[k]!;
    let kept = 0;
    for (let j = 0; j < count; j++) {
      const i = present[j]!;
      if (!Number.isNaN(other[i]!)) present[kept++] = i;
    }
    count = kept;
  }
  return count;
};

const sumOf = (
  score: Values,
  present: Int32Array,
  count: number,
  columns: Float64Array | undefined,
  start: number,
  complete: boolean,
): number => {
  let sum = 0;
  if (columns !== undefined) {
    for (let j = 0; j < count; j++) sum += columns[present[j]! - start]! * score[present[j]!]!;
  } else if (complete) {
    for (let i = start; i < start + count; i++) sum += score[i]!;
  } else {
    for (let j = 0; j < count; j++) sum += score[present[j]!]!;
  }
  return sum;
};

/** Places of the longest leaf. */
const longest = (borders: Uint32Array): number => {
  let most = 0;
  for (let i = 0; i + 1 < borders.length; i++) most = Math.max(most, borders[i + 1]! - borders[i]!);
  return most;
};

import type { Values } from "../model/field.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import type { Leaves } from "./leafTotal.ts";
import { eachTile, type WriteTile } from "./scoreTiles.ts";

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
  const { borders } = leaves;
  const total = totalOf(scores.length, leaves);
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    total.add(leaf, scores, borders[leaf]!, borders[leaf + 1]!);
  }
  return total.sum();
};

/** The same of `many` scores that are written a few leaves at a time, so that none is ever kept for the whole field. */
export const writtenTotal = (many: number, leaves: Leaves, write: WriteTile): ScoreTotal => {
  const total = totalOf(many, leaves);
  eachTile(many, leaves, write, total.add);
  return total.sum();
};

const totalOf = (many: number, { borders, weights, columns }: Leaves) => {
  if (many === 0) throw new RangeError("scoreTotal needs a score");
  const sums: number[][] = Array.from({ length: many }, () => []);
  const weight: number[] = [];
  const ofLeaf = new Float64Array(SCORES + many);
  let present: Int32Array | undefined;
  let n = 0;
  return {
    add: (leaf: number, scores: readonly Values[], start: number, stop: number): void => {
      if (many === 1) {
        if (columns === undefined) addAlike(scores[0]!, start, stop, ofLeaf);
        else addWeighed(scores[0]!, start, stop, columns, ofLeaf);
      } else {
        present ??= new Int32Array(longest(borders));
        addMany(scores, start, stop, columns, present, ofLeaf);
      }
      if (ofLeaf[COUNT] === 0) return;
      const w = weights[leaf]!;
      n += ofLeaf[COUNT]!;
      addExact(weight, w * ofLeaf[WEIGHT]!);
      for (let k = 0; k < many; k++) addExact(sums[k]!, w * ofLeaf[SCORES + k]!);
    },
    sum: (): ScoreTotal => ({ n, weight, sums }),
  };
};

/** Sums of a leaf, by position. */
const COUNT = 0;
const WEIGHT = 1;
const SCORES = 2;

const addAlike = (score: Values, start: number, stop: number, out: Float64Array): void => {
  let count = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const s = score[i]!;
    if (Number.isNaN(s)) continue;
    count += 1;
    sum += s;
  }
  out[COUNT] = count;
  out[WEIGHT] = count;
  out[SCORES] = sum;
};

const addWeighed = (
  score: Values,
  start: number,
  stop: number,
  columns: Float64Array,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const s = score[i]!;
    if (Number.isNaN(s)) continue;
    const c = columns[i - start]!;
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

const findPresent = (
  scores: readonly Values[],
  start: number,
  stop: number,
  present: Int32Array,
): number => {
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

import type { Values } from "../model/field.ts";
import { addExact, type ExactSum } from "./exactSum.ts";
import type { Leaves } from "./leafTotal.ts";

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
export const scoreTotal = (scores: readonly Values[], { borders, weights, columns }: Leaves): ScoreTotal => {
  const present = presence(scores);
  const sums: number[][] = scores.map(() => []);
  const weight: number[] = [];
  let n = 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const stop = borders[leaf + 1]!;
    let count = 0;
    let total = 0;
    for (let i = start; i < stop; i++) {
      if (Number.isNaN(present[i]!)) continue;
      count += 1;
      total += columns === undefined ? 1 : columns[i - start]!;
    }
    if (count === 0) continue;
    const w = weights[leaf]!;
    n += count;
    addExact(weight, w * total);
    for (let k = 0; k < scores.length; k++) {
      addExact(sums[k]!, w * leafOf(scores[k]!, present, start, stop, columns));
    }
  }
  return { n, weight, sums };
};

/** An array that is NaN where any score is: the first score where it is alone. */
const presence = (scores: readonly Values[]): Values => {
  const [first, ...others] = scores;
  if (first === undefined) throw new RangeError("scoreTotal needs a score");
  if (others.length === 0) return first;
  const all = Float64Array.from(first);
  for (const other of others) {
    for (let i = 0; i < all.length; i++) if (Number.isNaN(other[i]!)) all[i] = Number.NaN;
  }
  return all;
};

const leafOf = (
  score: Values,
  present: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
): number => {
  let sum = 0;
  if (columns === undefined) {
    for (let i = start; i < stop; i++) if (!Number.isNaN(present[i]!)) sum += score[i]!;
  } else {
    for (let i = start; i < stop; i++) if (!Number.isNaN(present[i]!)) sum += columns[i - start]! * score[i]!;
  }
  return sum;
};

import type { PartSum } from "./partSums.ts";
import { sumOfSums } from "./partSums.ts";

/** Neighbouring parts of a table that are written, kept and copied as one. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** Rows that came, and the sum of their hashes: equal ones are equal rows. */
  readonly rows: number;
  readonly sum: string;
}

/** A run of parts is no longer than this many numbers, so that a change never moves what is far from it. */
const span = 32;
/** Rows from which on a run takes no more parts. */
const enough = 8192;

/**
 * The parts of a table that is one file: small ones with their neighbours, as row groups of a few rows are slow to read.
 * Which ones are together is said by the rows of the 32 numbers around them alone.
 */
export const binned = (sums: readonly PartSum[]): readonly Part[] => {
  const bins: PartSum[][] = [];
  let held = Number.POSITIVE_INFINITY;
  for (const sum of sums) {
    const last = bins.at(-1)?.[0];
    const isNear = last !== undefined && Math.floor(last.part / span) === Math.floor(sum.part / span);
    if (isNear && held + sum.rows <= enough) bins.at(-1)!.push(sum);
    else {
      bins.push([sum]);
      held = 0;
    }
    held += sum.rows;
  }
  return bins.map(together);
};

/** Each part by itself. */
export const apart = (sums: readonly PartSum[]): readonly Part[] => sums.map((sum) => together([sum]));

const together = (sums: readonly PartSum[]): Part => ({
  from: sums[0]!.part,
  to: sums.at(-1)!.part,
  rows: sums.reduce((rows, sum) => rows + sum.rows, 0),
  sum: sumOfSums(sums.map(({ sum }) => sum)),
});

export const isSamePart = (a: Part, b: Part): boolean =>
  a.from === b.from && a.to === b.to && a.rows === b.rows && a.sum === b.sum;

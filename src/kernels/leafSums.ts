/**
 * Sums over one leaf (one row, one block of points) in one fixed lane order: place i of a leaf belongs to lane
 * i mod 4, a lane is added from left to right, and the lanes are joined as (0 + 2) + (1 + 3). Two float64x2
 * registers give the same bits.
 *
 * Missing is NaN. A leaf is first added up blindly; only where the total is NaN is it added again with missing
 * places replaced by 0, so complete data cost no test. Adding 0 changes no bits: both ways give the same number.
 */

/** What the sums over a leaf are written to, by position; reused from leaf to leaf. */
export type LeafSums = Float64Array;

export const COUNT = 0;
/** Sum of the column weights of the places counted; the count where columns weigh alike. */
export const WEIGHT = 1;
/** `errorLeaf`: sums of e = f - o, |e| and e * e. */
export const ERROR = 2;
export const ABSOLUTE = 3;
export const SQUARED = 4;
/** `meanLeaf`: sums of f, o and, where there is one, the threshold. */
export const FORECAST = 2;
export const TARGET = 3;
export const THRESHOLD = 4;

export const leafSums = (): LeafSums => new Float64Array(5);

/** The four lanes of a leaf as one number. */
export const joined = (lanes: readonly number[]): number => lanes[0]! + lanes[2]! + (lanes[1]! + lanes[3]!);

/** Some sums over the places [start, stop) of a leaf; `add` adds what one place has to those of its lane. */
export const laneSums = (
  many: number,
  start: number,
  stop: number,
  add: (place: number, out: number[]) => void,
): number[] => {
  const lanes = [0, 1, 2, 3].map((lane) => {
    const out = new Array<number>(many).fill(0);
    for (let i = start + lane; i < stop; i += 4) add(i, out);
    return out;
  });
  return Array.from({ length: many }, (_, k) => joined(lanes.map((out) => out[k]!)));
};

import type { BinCounts } from "../tables/binCounts.ts";
import { concatenated, type Sample } from "./sample.ts";

/** The numbers of a sample from the least to the largest: `at(0)` to `at(n - 1)`. */
export interface OrderStatistics {
  readonly n: number;
  at(rank: number): number;
}

/** Sorted once. */
export const orderStatistics = (sample: Sample): OrderStatistics => {
  const sorted = concatenated(sample).sort();
  return { n: sorted.length, at: (rank) => sorted[rank]! };
};

/** Those of a sketch: multiples of its width. */
export const orderOfCounts = (counts: BinCounts, width: number): OrderStatistics => {
  const bins = Float64Array.from(counts.keys()).sort();
  const upTo = new Float64Array(bins.length);
  let n = 0;
  for (let i = 0; i < bins.length; i++) {
    n += counts.get(bins[i]!)!;
    upTo[i] = n;
  }
  return {
    n,
    at: (rank) => {
      let [low, high] = [0, bins.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (upTo[middle]! > rank) high = middle;
        else low = middle + 1;
      }
      return bins[low]! * width;
    },
  };
};

/**
 * How a quantile lies between order statistics: at the place n p + a + p (1 - a - b) of a sample counted from 1, linear
 * between its neighbours, the ends held (Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566). Their types: linear
 * 7, hazen 5, weibull 6, median_unbiased 8, normal_unbiased 9, interpolated_inverted_cdf 4.
 */
export type QuantileMethod = keyof typeof METHODS;

const METHODS = {
  linear: [1, 1],
  hazen: [0.5, 0.5],
  weibull: [0, 0],
  median_unbiased: [1 / 3, 1 / 3],
  normal_unbiased: [3 / 8, 3 / 8],
  interpolated_inverted_cdf: [0, 1],
} as const satisfies Record<string, readonly [a: number, b: number]>;

export const QUANTILE_METHODS = Object.keys(METHODS) as readonly QuantileMethod[];

/** The quantile at `level` (0 to 1); NaN of an empty sample. */
export const quantileOf = (
  { n, at }: OrderStatistics,
  level: number,
  method: QuantileMethod = "linear",
): number => {
  if (n === 0) return Number.NaN;
  const [a, b] = METHODS[method];
  const place = method === "linear" ? (n - 1) * level : n * level + (a + level * (1 - a - b)) - 1;
  const held = Math.min(Math.max(place, 0), n - 1);
  const below = Math.floor(held);
  const low = at(below);
  const high = at(Math.min(below + 1, n - 1));
  return low === high ? low : low + (held - below) * (high - low);
};

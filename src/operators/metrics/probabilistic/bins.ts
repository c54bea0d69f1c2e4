import { binOf, type Closed } from "../../../kernels/tables/binOf.ts";
import { EwbError } from "../../../model/errors.ts";
import type { EventForecast } from "./event.ts";

/**
 * Bins of probabilities: so many of equal width, or their edges. Of two neighbours the upper one has the edge (`left`
 * closed, [a, b)), the last bin both of its own; `right` closed: (a, b], the first bin both.
 */
export interface BinOptions {
  readonly bins?: number | readonly number[];
  readonly closed?: Closed;
}

/** Edges of some bins, 10 unless said. Throws `Options` where they do not ascend from one edge to another. */
export const edgesOf = (metric: string, bins: number | readonly number[] = 10): readonly number[] => {
  if (typeof bins !== "number") {
    if (bins.length > 1 && bins.every((edge, k) => k === 0 || edge > bins[k - 1]!)) return bins;
    throw new EwbError(
      "Options",
      `${metric}: bins is [${bins.join(", ")}]; expected edges that ascend, like [0, 0.5, 1], or a number of bins.`,
    );
  }
  if (Number.isInteger(bins) && bins > 0) return Array.from({ length: bins + 1 }, (_, k) => k / bins);
  throw new EwbError(
    "Options",
    `${metric}: bins is ${bins}; expected a whole number of bins, or their edges.`,
  );
};

/** `bin=0.1..0.2` */
export const binName = (edges: readonly number[], bin: number): string =>
  `bin=${edges[bin]}..${edges[bin + 1]}`;

/** The bin of each place's probability, -1 where it is no pair or in none; edges in the precision of the data. */
export const binIndices = (
  { probability, isSingle }: EventForecast,
  edges: readonly number[],
  closed: Closed,
): Int32Array => {
  const borders = Float64Array.from(edges, isSingle ? Math.fround : Number);
  const indices = new Int32Array(probability.length);
  for (let i = 0; i < indices.length; i++) indices[i] = binOf(probability[i]!, borders, closed);
  return indices;
};

/** The numbers of some bins. */
export const binNumbers = (edges: readonly number[]): number[] =>
  Array.from({ length: edges.length - 1 }, (_, bin) => bin);

import { type ErrorTotal, errorWork } from "../../../kernels/errorTotal.ts";
import type { Leaves } from "../../../kernels/leafTotal.ts";
import { type MeanTotal, meanWork } from "../../../kernels/meanTotal.ts";
import { singlePoints } from "../../../kernels/places.ts";
import { type SquaredTotal, squaredWork } from "../../../kernels/squaredTotal.ts";
import type { ClimatologyField, Pair, Places, Weights } from "../../../model/pair.ts";
import { isAsked, onceOfLeaves } from "../onceOfLeaves.ts";

/** Weighted sums over the places of a pair where both sides are present. */
export type ErrorSums = ErrorTotal;

/** Sums of f - o, |f - o| and (f - o)^2 of one variable: one pass for all metrics that need any of them. */
export const errorSums = (pair: Pair, variable: string, weights: Weights): ErrorSums =>
  onceOfLeaves(errorsOf, pair, variable, weights);

/** The sum of (f - o)^2 alone, in half of the work; of all three where others need those. */
export const squaredSums = (pair: Pair, variable: string, weights: Weights): SquaredTotal =>
  isAsked(errorsOf, pair, variable, weights)
    ? errorSums(pair, variable, weights)
    : onceOfLeaves(squaresOf, pair, variable, weights);

/** Sums of f, o and, where there is one, of a climatology. */
export const meanSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  climatology?: ClimatologyField,
): MeanTotal => onceOfLeaves(meansOf, pair, variable, weights, climatology);

const meansOf = (pair: Pair, variable: string, weights: Weights, climatology: ClimatologyField | undefined) =>
  meanWork(
    pair.forecast[variable]!.values,
    pair.target[variable]!.values,
    climatology === undefined ? undefined : pair.climatology(climatology).values,
    weighedLeaves(pair.places, weights),
  );

const errorsOf = ({ forecast, target, places }: Pair, variable: string, weights: Weights) =>
  errorWork(forecast[variable]!.values, target[variable]!.values, weighedLeaves(places, weights));

const squaresOf = ({ forecast, target, places }: Pair, variable: string, weights: Weights) =>
  squaredWork(forecast[variable]!.values, target[variable]!.values, weighedLeaves(places, weights));

/** The leaves of a pair's places with the weights of a metric. */
export const weighedLeaves = (places: Places, weights: Weights): Leaves => {
  // Of points each has a weight of its own: each is a leaf.
  if (weights === "density" && places.kind === "points")
    return { borders: singlePoints(places), weights: places.weights("density"), columns: undefined };
  return {
    borders: places.leaves,
    weights: places.weights(weights),
    columns: columnsOf(places, weights),
  };
};

/** Of a grid the density is the area. */
const columnsOf = ({ columnWeights }: Places, weights: Weights): Float64Array | undefined =>
  weights === "area" || weights === "density" ? columnWeights : undefined;

/** Weight of the places of one leaf: that of the leaf, times that of each place where there is one. */
export interface LeafWeight {
  readonly weight: number;
  readonly columns: Float64Array | undefined;
}

/** The same leaf by leaf, for states that keep places. */
export const leafWeights = (places: Places, weights: Weights): ((leaf: number) => LeafWeight) => {
  const { kind, leaves } = places;
  const all = places.weights(weights);
  if (weights === "density" && kind === "points") {
    return (leaf) => ({ weight: 1, columns: all.slice(leaves[leaf]!, leaves[leaf + 1]!) });
  }
  const columns = columnsOf(places, weights);
  return (leaf) => ({ weight: all[leaf]!, columns });
};

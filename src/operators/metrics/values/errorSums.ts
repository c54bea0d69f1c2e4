import { type ErrorTotal, errorTotal } from "../../../kernels/errorTotal.ts";
import type { Leaves } from "../../../kernels/leafTotal.ts";
import { singlePoints } from "../../../kernels/places.ts";
import { type SquaredTotal, squaredTotal } from "../../../kernels/squaredTotal.ts";
import type { Pair, Places, Weights } from "../../../model/pair.ts";

/** Weighted sums over the places of a pair where both sides are present. */
export type ErrorSums = ErrorTotal;

/** Sums of f - o, |f - o| and (f - o)^2 of one variable: one pass for all metrics that need any of them. */
export const errorSums = (
  { forecast, target, places }: Pair,
  variable: string,
  weights: Weights,
): ErrorSums =>
  errorTotal(forecast[variable]!.values, target[variable]!.values, weighedLeaves(places, weights));

/** The sum of (f - o)^2 alone, in half of the work. */
export const squaredSums = (
  { forecast, target, places }: Pair,
  variable: string,
  weights: Weights,
): SquaredTotal =>
  squaredTotal(forecast[variable]!.values, target[variable]!.values, weighedLeaves(places, weights));

/** The leaves of a pair's places with the weights of a metric. */
export const weighedLeaves = (places: Places, weights: Weights): Leaves => {
  // Of points each has a weight of its own: each is a leaf.
  if (weights === "density" && places.kind === "points")
    return { borders: singlePoints(places), weights: places.weights("density"), columns: undefined };
  return {
    borders: places.leaves,
    weights: places.weights(weights),
    columns: weights === "area" ? places.columnWeights : undefined,
  };
};

import { errorLeaf } from "../../kernels/errorLeaf.ts";
import { addExact, type ExactSum } from "../../kernels/exactSum.ts";
import { ABSOLUTE, COUNT, ERROR, leafSums, SQUARED, WEIGHT } from "../../kernels/leafSums.ts";
import type { Pair, Weights } from "../../model/pair.ts";

/** Weighted sums over the places of a pair where both sides are present. */
export interface ErrorSums {
  readonly n: number;
  readonly weight: ExactSum;
  readonly error: ExactSum;
  readonly absolute: ExactSum;
  readonly squared: ExactSum;
}

/** Sums of f - o, |f - o| and (f - o)^2 of one variable: one pass for all metrics that need any of them. */
export const errorSums = (pair: Pair, variable: string, weights: Weights): ErrorSums => {
  const { places } = pair;
  const forecast = pair.forecast[variable]!.values;
  const target = pair.target[variable]!.values;
  const leafWeights = places.weights(weights);
  const columnWeights = weights === "area" ? places.columnWeights : undefined;
  const leaf = leafSums();
  let n = 0;
  const weight: number[] = [];
  const error: number[] = [];
  const absolute: number[] = [];
  const squared: number[] = [];
  for (let i = 0; i + 1 < places.leaves.length; i++) {
    errorLeaf(forecast, target, places.leaves[i]!, places.leaves[i + 1]!, columnWeights, leaf);
    if (leaf[COUNT] === 0) continue;
    const w = leafWeights[i]!;
    n += leaf[COUNT]!;
    addExact(weight, w * leaf[WEIGHT]!);
    addExact(error, w * leaf[ERROR]!);
    addExact(absolute, w * leaf[ABSOLUTE]!);
    addExact(squared, w * leaf[SQUARED]!);
  }
  return { n, weight, error, absolute, squared };
};

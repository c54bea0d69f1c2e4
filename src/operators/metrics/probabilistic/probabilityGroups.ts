import { type Groups, groupTotal } from "../../../kernels/ensembles/groupTotal.ts";
import type { Closed } from "../../../kernels/tables/binOf.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { once } from "../once.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { binIndices, binNumbers } from "./bins.ts";
import { eventForecast, type ForecastEvent } from "./event.ts";
import { indexed } from "./groupsMetric.ts";

/**
 * Sums of a probability forecast by its value: what all diagrams and areas are made of, once a pair. Of each group the
 * sum of the events; of a bin the sums of o, p, p^2 and p o.
 */

/** One group for each different probability. As many as there are: few of an ensemble, many of a continuous one. */
export const distinctGroups = (pair: Pair, event: ForecastEvent, weights: Weights): Groups =>
  once(byValue, pair, event, weights);

const byValue = (pair: Pair, event: ForecastEvent, weights: Weights): Groups => {
  const forecast = eventForecast(pair, event);
  const { indices, names } = indexed(forecast.probability);
  return groupTotal(indices, names, [forecast.event], weighedLeaves(pair.places, weights));
};

/** One group for each bin, named by its number. */
export const binGroups = (
  pair: Pair,
  event: ForecastEvent,
  edges: readonly number[],
  closed: Closed,
  weights: Weights,
): Groups => once(byBin, pair, event, edges, closed, weights);

const byBin = (
  pair: Pair,
  event: ForecastEvent,
  edges: readonly number[],
  closed: Closed,
  weights: Weights,
): Groups => {
  const forecast = eventForecast(pair, event);
  const { probability, event: observed } = forecast;
  const indices = binIndices(forecast, edges, closed);
  const squares = new Float64Array(probability.length);
  const products = new Float64Array(probability.length);
  for (let i = 0; i < squares.length; i++) {
    squares[i] = probability[i]! * probability[i]!;
    products[i] = probability[i]! * observed[i]!;
  }
  return groupTotal(
    indices,
    binNumbers(edges),
    [observed, probability, squares, products],
    weighedLeaves(pair.places, weights),
  );
};

/**
 * One group for the probabilities between two thresholds, which ascend: named by how many of them a probability reaches
 * (`strictly`: exceeds).
 */
export const thresholdGroups = (
  pair: Pair,
  event: ForecastEvent,
  thresholds: readonly number[],
  strictly: boolean,
  weights: Weights,
): Groups => once(byThreshold, pair, event, thresholds, strictly, weights);

const byThreshold = (
  pair: Pair,
  event: ForecastEvent,
  thresholds: readonly number[],
  strictly: boolean,
  weights: Weights,
): Groups => {
  const { probability, event: observed, isSingle } = eventForecast(pair, event);
  const borders = Float64Array.from(thresholds, isSingle ? Math.fround : Number);
  const indices = new Int32Array(probability.length);
  for (let i = 0; i < indices.length; i++) {
    const p = probability[i]!;
    let reached = 0;
    while (reached < borders.length && (strictly ? p > borders[reached]! : p >= borders[reached]!))
      reached += 1;
    indices[i] = Number.isNaN(p) ? -1 : reached;
  }
  const names = Array.from({ length: thresholds.length + 1 }, (_, k) => k);
  return groupTotal(indices, names, [observed], weighedLeaves(pair.places, weights));
};

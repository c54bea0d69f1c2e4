import { markEvents } from "../../../kernels/spatial/markEvents.ts";
import { FORECAST, MISSING, TARGET } from "../../../kernels/spatial/windowSums.ts";
import type { Pair } from "../../../model/pair.ts";
import { checkUnit, inPrecisionOf, type ParsedCriterion, thresholdValues } from "../threshold.ts";
import { latticeOf, onLattice } from "./lattice.ts";

/**
 * Where forecast and target meet a criterion, as bits of a cell of the lattice: FORECAST, TARGET, and MISSING where
 * one of the sides (or the climatology) is missing.
 */
export const eventCodes = (
  pair: Pair,
  metric: string,
  variable: string,
  criterion: ParsedCriterion,
): Uint8Array => {
  const lattice = latticeOf(metric, pair);
  for (const side of [pair.forecast, pair.target]) checkUnit(metric, variable, side[variable]!, criterion);
  return onLattice(eventsOfPlaces(pair, variable, criterion, criterion), lattice);
};

/** The same in the order of the places, each side by a criterion of its own. */
export const eventsOfPlaces = (
  pair: Pair,
  variable: string,
  ofForecast: ParsedCriterion,
  ofTarget: ParsedCriterion,
): Uint8Array => {
  const codes = new Uint8Array(pair.target[variable]!.values.length);
  for (const [side, criterion, bit] of [
    [pair.forecast, ofForecast, FORECAST],
    [pair.target, ofTarget, TARGET],
  ] as const) {
    const { values } = side[variable]!;
    const threshold = thresholdValues(pair, criterion) ?? inPrecisionOf(values, criterion.number!.value);
    markEvents(codes, values, criterion.comparison, threshold, bit, MISSING);
  }
  return codes;
};

/** Cells present on both sides. */
export const presentCells = (codes: Uint8Array): number => {
  let n = 0;
  for (let i = 0; i < codes.length; i++) n += (codes[i]! & MISSING) === 0 ? 1 : 0;
  return n;
};

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
  const codes = new Uint8Array(lattice.rows * lattice.columns);
  const climatology = thresholdValues(pair, criterion);
  const limits = climatology === undefined ? undefined : onLattice(climatology, lattice);
  for (const [side, bit] of [
    [pair.forecast, FORECAST],
    [pair.target, TARGET],
  ] as const) {
    const field = side[variable]!;
    checkUnit(metric, variable, field, criterion);
    const values = onLattice(field.values, lattice);
    const threshold = limits ?? inPrecisionOf(values, criterion.number!.value);
    markEvents(codes, values, criterion.comparison, threshold, bit, MISSING);
  }
  return codes;
};

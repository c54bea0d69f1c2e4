import type { Leaves } from "../leafTotal.ts";
import { FORECAST } from "../spatial/windowSums.ts";
import { type CellCounts, countLeaves } from "./cellCounts.ts";

/** Cells of the table of neighbourhoods, then of that of forecast events against observed ones nearby. */
export const CELLS = 8;

/**
 * Hits, false alarms, misses and correct negatives of neighbourhoods, then of the forecast's own events against
 * neighbourhoods of the target; `codes` has the events of a place, `nearby` those of its window, neither of which counts
 * where it is missing.
 */
export const nearbyCounts = (
  codes: Uint8Array,
  nearby: Uint8Array,
  leaves: Leaves,
  weighed: boolean,
): CellCounts => {
  // By the code of what is nearby and the own event; the upper half is what is missing.
  const found = new Float64Array(16);
  const fold = (into: Float64Array): void => {
    for (let kind = 0; kind < 8; kind++) {
      const [own, forecast, target] = [kind & 1, (kind >> 1) & 1, kind >> 2];
      into[3 - 2 * forecast - target]! += found[kind]!;
      into[7 - 2 * own - target]! += found[kind]!;
    }
    found.fill(0);
  };
  const kindOf = (i: number): number => (nearby[i]! << 1) | (codes[i]! & FORECAST);
  return countLeaves(
    CELLS,
    leaves,
    weighed,
    (start, stop, into) => {
      for (let i = start; i < stop; i++) found[kindOf(i)]! += 1;
      fold(into);
    },
    (start, stop, columns, into) => {
      for (let i = start; i < stop; i++) found[kindOf(i)]! += columns[i - start]!;
      fold(into);
    },
  );
};

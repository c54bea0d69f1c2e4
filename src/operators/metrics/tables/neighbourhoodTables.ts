import type { Border } from "../../../kernels/spatial/windows.ts";
import { anyNearby } from "../../../kernels/tables/anyNearby.ts";
import type { CellCounts } from "../../../kernels/tables/cellCounts.ts";
import { nearbyCounts } from "../../../kernels/tables/nearbyCounts.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { eventsOfPlaces } from "../fields/eventCodes.ts";
import { latticeOf } from "../fields/lattice.ts";
import type { ParsedCriterion } from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import type { ParsedEvents } from "./events.ts";

/** What of a window lies beyond the border: nothing, or the other end of each row. */
export type NeighbourhoodBorder = Extract<Border, "inside" | "wrapLongitude">;

/** Both tables of each threshold. */
export const neighbourhoodTables = (
  pair: Pair,
  variable: string,
  { forecast, target }: ParsedEvents,
  window: readonly [number, number],
  border: NeighbourhoodBorder | undefined,
  weights: Weights,
): CellCounts => {
  const { places } = pair;
  const columns = places.longitude.length;
  const rows = places.leaves.at(-1)! / columns;
  const lattice = latticeOf("neighbourhoodContingency", pair);
  // A column that a grid holds twice, at both ends, has its neighbours twice.
  const closed = lattice.closed && lattice.columns === columns;
  const wraps = border === undefined ? closed : border === "wrapLongitude";
  const around = { up: (window[0] - 1) / 2, aside: (window[1] - 1) / 2, wraps };
  const leaves = weighedLeaves(places, weights);
  const counted = forecast.map((_, k) => {
    const criteria = [forecast[k], target[k]] as readonly ParsedCriterion[];
    const codes = eventsOfPlaces(pair, variable, criteria[0]!, criteria[1]!);
    return nearbyCounts(codes, anyNearby(codes, rows, columns, around), leaves, weights !== "none");
  });
  return {
    counts: Float64Array.from(counted.flatMap(({ counts }) => [...counts])),
    sums: weights === "none" ? undefined : counted.flatMap(({ sums }) => sums!),
  };
};

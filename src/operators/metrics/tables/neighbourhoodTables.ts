import type { Border } from "../../../kernels/spatial/windows.ts";
import { anyNearby } from "../../../kernels/tables/anyNearby.ts";
import type { CellCounts } from "../../../kernels/tables/cellCounts.ts";
import { eventCounts } from "../../../kernels/tables/eventCounts.ts";
import { indicator } from "../../../kernels/tables/indicator.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { latticeOf } from "../fields/lattice.ts";
import type { ParsedCriterion } from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import type { ParsedEvents } from "./events.ts";
import { thresholdsOf } from "./eventTables.ts";

/** Cells of the table of neighbourhoods, then of that of forecast events against observed ones nearby. */
export const CELLS = 8;

/** What of a window lies beyond the border: nothing, or the other end of each row. */
export type NeighbourhoodBorder = Extract<Border, "inside" | "wrapLongitude">;

/** Both tables of each threshold. */
export const neighbourhoodTables = (
  pair: Pair,
  variable: string,
  { comparison, forecast, target }: ParsedEvents,
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
  const counted = forecast.flatMap((_, k) => {
    const met = (side: Pair["forecast"], criterion: ParsedCriterion): Float32Array => {
      const { values } = side[variable]!;
      return indicator(values, comparison, thresholdsOf(pair, values, criterion, comparison, "absent"));
    };
    const own = met(pair.forecast, forecast[k] as ParsedCriterion);
    const observed = met(pair.target, target[k] as ParsedCriterion);
    const nearby = anyNearby(observed, rows, columns, around);
    return [anyNearby(own, rows, columns, around), own].map((of) =>
      eventCounts(of, nearby, [0.5], [0.5], leaves, weights !== "none"),
    );
  });
  return {
    counts: Float64Array.from(counted.flatMap(({ counts }) => [...counts])),
    sums: weights === "none" ? undefined : counted.flatMap(({ sums }) => sums!),
  };
};

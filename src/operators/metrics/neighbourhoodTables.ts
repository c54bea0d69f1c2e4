import { anyNearby } from "../../kernels/anyNearby.ts";
import type { CellCounts } from "../../kernels/cellCounts.ts";
import { eventCounts } from "../../kernels/eventCounts.ts";
import { indicator } from "../../kernels/indicator.ts";
import type { Pair, Places, Weights } from "../../model/pair.ts";
import { weighedLeaves } from "./errorSums.ts";
import type { ParsedEvents } from "./events.ts";
import { thresholdsOf } from "./eventTables.ts";
import type { ParsedCriterion } from "./threshold.ts";

/** Cells of the table of neighbourhoods, then of that of forecast events against observed ones nearby. */
export const CELLS = 8;

/** Both tables of each threshold. */
export const neighbourhoodTables = (
  pair: Pair,
  variable: string,
  { comparison, forecast, target }: ParsedEvents,
  window: readonly [number, number],
  weights: Weights,
): CellCounts => {
  const { places } = pair;
  const columns = places.longitude.length;
  const rows = places.leaves.at(-1)! / columns;
  const around = { up: (window[0] - 1) / 2, aside: (window[1] - 1) / 2, wraps: isWholeCircle(places) };
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

/** Whether columns go evenly around the globe, so that the last has the first as its neighbour. */
const isWholeCircle = ({ longitude }: Places): boolean => {
  const many = longitude.length;
  if (many < 2) return false;
  const step = (longitude[many - 1]! - longitude[0]!) / (many - 1);
  return Math.abs(Math.abs(step) * many - 360) < Math.abs(step) * 1e-3;
};

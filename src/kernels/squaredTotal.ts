import type { Values } from "../model/field.ts";
import { type ErrorTotal, errorWork, scalarErrorTotal } from "./errorTotal.ts";
import { type LeafWork, type Leaves, leafTotal } from "./leafTotal.ts";

/** What of an `ErrorTotal` a squared error needs. */
export type SquaredTotal = Pick<ErrorTotal, "n" | "weight" | "squared">;

/** Sum of (f - o)^2 over all leaves: what `errorTotal` says, in half of the work where all columns weigh alike. */
export const squaredTotal = (forecast: Values, target: Values, leaves: Leaves): SquaredTotal =>
  leafTotal(squaredWork(forecast, target, leaves));

export const squaredWork = (forecast: Values, target: Values, leaves: Leaves): LeafWork<SquaredTotal> =>
  leaves.columns === undefined
    ? {
        arrays: [forecast, target],
        leaves,
        sums: 2,
        add: (run, [f, o], tile) =>
          run.squares(f!, o!, forecast.BYTES_PER_ELEMENT, target.BYTES_PER_ELEMENT, ...tile.leaves),
        total: ({ counts, sums }) => ({ n: counts[0], weight: sums[0]!, squared: sums[1]! }),
        scalar: () => scalarErrorTotal(forecast, target, leaves),
      }
    : errorWork(forecast, target, leaves);

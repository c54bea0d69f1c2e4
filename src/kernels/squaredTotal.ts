import type { Values } from "../model/field.ts";
import { type ErrorTotal, errorTotal, scalarErrorTotal } from "./errorTotal.ts";
import { type Leaves, leafTotal } from "./leafTotal.ts";
import { type ValuesModule, valuesModule } from "./valuesModule.ts";

/** What of an `ErrorTotal` a squared error needs. */
export type SquaredTotal = Pick<ErrorTotal, "n" | "weight" | "squared">;

/** Sum of (f - o)^2 over all leaves: what `errorTotal` says, in half of the work. */
export const squaredTotal = (forecast: Values, target: Values, leaves: Leaves): SquaredTotal =>
  valuesModule === undefined
    ? scalarErrorTotal(forecast, target, leaves)
    : leaves.columns === undefined
      ? simdSquaredTotal(valuesModule, forecast, target, leaves)
      : errorTotal(forecast, target, leaves);

/** The same where all columns weigh alike. */
export const simdSquaredTotal = (
  module: ValuesModule,
  forecast: Values,
  target: Values,
  leaves: Leaves,
): SquaredTotal => {
  const fw = forecast.BYTES_PER_ELEMENT;
  const ow = target.BYTES_PER_ELEMENT;
  const { counts, sums } = leafTotal(module, [forecast, target], leaves, 2, (run, [f, o], tile) =>
    run.squares(f!, o!, fw, ow, tile.first, tile.borders, tile.weights, tile.count, tile.total),
  );
  return { n: counts[0], weight: sums[0]!, squared: sums[1]! };
};

import { quantileOf } from "../../../kernels/scores/orderStatistics.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions } from "../options.ts";
import { sameUnit } from "../quantity.ts";
import { allErrors, checkRules, errorRules } from "./errorRules.ts";
import { sampleMetric } from "./sampleMetric.ts";
import { type SampleOptions, sampleOptions } from "./sampleOptions.ts";

export interface MedianErrorOptions<Unit extends string> extends SampleOptions<Unit> {
  /** The length of the circle, for directions: `"360 degree"`. */
  readonly circular?: Quantity<Unit>;
}

/**
 * Median absolute error: the median of |f - o| over the places and times of a key, the mean of the two in the middle of
 * an even number. In the unit of the variable; 0 is best. The errors are kept (8 bytes each), or with `sketch` counts of
 * bins: off by at most half of their width.
 *
 *     medianAbsoluteError("surface_air_temperature", { sketch: "0.01 K" })
 *
 * Throws `Options`, and `Unit` where an option is not in the unit of the data. Hyndman and Koehler 2006,
 * doi:10.1016/j.ijforecast.2006.03.001.
 */
export const medianAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: MedianErrorOptions<V[N]> & GroupOptions<V> = {},
): Metric<V> => {
  const name = "medianAbsoluteError";
  onlyOptions(name, options, ["keep", "sketch", "circular", ...GROUPS]);
  const { sketch, parameters, ...grouping } = sampleOptions(name, options);
  const rules = errorRules(name, variable, { ...(options.circular && { circular: options.circular }) });
  return sampleMetric<V>({
    name,
    term: "median absolute error",
    definition: "median of |f - o| over present pairs of a key",
    variable,
    unit: (unit) => unit,
    parameters: { ...parameters, ...rules?.parameters },
    needs: { variables: [variable] },
    ...grouping,
    width: sketch?.value,
    numbers: (pair) => {
      sameUnit(name, variable, pair.forecast[variable]!, "sketch", sketch);
      checkRules(name, pair, variable, rules);
      const errors = allErrors(pair, variable, rules);
      let n = 0;
      for (let i = 0; i < errors.length; i++) {
        if (!Number.isNaN(errors[i]!)) errors[n++] = Math.abs(errors[i]!);
      }
      return [errors.slice(0, n)];
    },
    rows: ([errors]) => [{ value: quantileOf(errors!, 0.5), n: errors!.n }],
  });
};

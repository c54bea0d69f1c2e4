import { exactValue } from "../../../kernels/exactSum.ts";
import { varianceWork } from "../../../kernels/scores/errorVariance.ts";
import { centralMoment } from "../../../kernels/scores/momentTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { onceOfLeaves } from "../onceOfLeaves.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { weighedLeaves } from "./errorSums.ts";
import { momentMetric } from "./momentMetric.ts";

/**
 * Error standard deviation (centred root mean squared error): sqrt(MSE - meanError^2), what is left of the error when
 * the bias is gone. In the unit of the variable; 0 is best, up to infinity. Moments are exact (`momentTotal`), so a
 * forecast that is off by a constant has 0 and not the root of a rounding error.
 *
 *     errorStandardDeviation("surface_air_temperature", { weights: "none" })
 *
 * Throws `Options`. Taylor 2001, doi:10.1029/2000JD900719.
 */
export const errorStandardDeviation = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ScoreOptions & GroupOptions<V> = {},
): Metric<V> =>
  momentMetric<V>(scoreOptions("errorStandardDeviation", options), {
    name: "errorStandardDeviation",
    term: "error standard deviation",
    definition: "sqrt(sum w (e - mean e)^2 / sum w), e = f - o, over present pairs of a key",
    variable,
    unit: (unit) => unit,
    parameters: {},
    sums: (pair, weights) => onceOfLeaves(varianceOf, pair, variable, weights),
    rows: ({ n, weight, sums }) => {
      const [e, ee] = [sums[0]!, sums[1]!];
      const variance = centralMoment(weight, ee, e, e);
      return [{ value: n === 0 ? Number.NaN : Math.sqrt(Math.max(0, variance)) / exactValue(weight), n }];
    },
  });

const varianceOf = ({ forecast, target, places }: Pair, variable: string, weights: Weights) =>
  varianceWork(forecast[variable]!.values, target[variable]!.values, weighedLeaves(places, weights));

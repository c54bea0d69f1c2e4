import { addExact, exactValue } from "../../../kernels/exactSum.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { fieldRows } from "../fieldRows.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions, weightsOf } from "../options.ts";
import { joinRegionalSums, meansOf, type RegionalSeries, regionalSeries } from "../runs/regionalMeans.ts";
import { mergeSeries } from "../runs/series.ts";
import { USUAL } from "../scoreOptions.ts";

export interface RelativeIntensityOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place in the means over a field: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
  /** Added to both means, in the unit of the variable, so that two empty fields have 0; 1e-6 unless said. */
  readonly epsilon?: number;
}

/**
 * Relative intensity error: the mean over fields (one of each run and lead) of |(mean f + e) / (mean o + e) - 1|, the
 * means over places where both sides are present. In unit 1; 0 is best, up to infinity. `n` = places x fields.
 *
 *     relativeIntensity("accumulated_precipitation", { weights: "none" })
 *
 * Throws `Options`. WeatherBench-X, RelativeIntensity (https://github.com/google-research/weatherbenchX).
 */
export const relativeIntensity = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RelativeIntensityOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "relativeIntensity";
  onlyOptions(name, options, ["keep", "weights", "epsilon", ...GROUPS]);
  const keep = keptTimes(name, options.keep ?? USUAL);
  const weights = weightsOf(name, options.weights ?? "area");
  const { epsilon = 1e-6 } = options;
  if (!(epsilon >= 0)) {
    throw new EwbError(
      "Options",
      `${name}: epsilon is ${epsilon}; expected a number of at least 0, like 1e-6.`,
    );
  }
  const metric: Metric<V, RegionalSeries> = {
    name,
    term: "relative intensity error",
    definition:
      "mean over fields of |(mean f + epsilon) / (mean o + epsilon) - 1|, means over places both sides have",
    variable,
    unit: () => "1",
    parameters: { weights, epsilon: `${epsilon}`, ...keepParameter(keep, USUAL) },
    needs: { variables: [variable] },
    zero: () => [],
    observe: (pair: Pair) => regionalSeries(pair, variable, weights),
    merge: (a, b) => mergeSeries(a, b, joinRegionalSums),
    ...fieldRows(keep, (fields) => {
      const sum: number[] = [];
      const means = meansOf(fields);
      for (const { forecast, target } of means) {
        addExact(sum, Math.abs((forecast + epsilon) / (target + epsilon) - 1));
      }
      const n = means.reduce((total, field) => total + field.n, 0);
      return { n, weight: means.length, sum: exactValue(sum) };
    }),
  };
  return grouped(metric, options);
};

import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { centralOf, correlationOf, fieldMoments, momentMetric } from "./momentMetric.ts";

export interface CorrelationOptions extends ScoreOptions {
  /** The square of the correlation, the share of variance that a straight line explains. */
  readonly squared?: boolean;
}

/**
 * Pearson correlation of forecast and target over the places and times of a key: weighted covariance over the weighted
 * standard deviations. In unit 1; 1 is best, down to -1; NaN where a side is constant. Moments are exact sums of
 * products (`momentTotal`): a large offset costs no digit, and a constant is never taken for a tiny variance.
 *
 *     pearsonCorrelation("geopotential", { keep: ["init_time", "lead_time"] })
 *
 * Throws `Options`. Pearson 1896, doi:10.1098/rsta.1896.0007.
 */
export const pearsonCorrelation = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: CorrelationOptions & GroupOptions<V> = {},
): Metric<V> => {
  const common = scoreOptions("pearsonCorrelation", options, ["squared"]);
  const squared = options.squared === true;
  return momentMetric<V>(common, {
    name: "pearsonCorrelation",
    term: squared ? "squared Pearson correlation" : "Pearson correlation",
    definition: `${squared ? "square of " : ""}weighted covariance / sqrt(weighted variances) of f and o over present pairs of a key`,
    variable,
    unit: () => "1",
    parameters: squared ? { squared: "true" } : {},
    sums: (pair, weights) => fieldMoments(pair, variable, weights),
    rows: (total) => {
      if (total.n === 0) return [{ value: Number.NaN, n: 0 }];
      const { covariance, varianceF, varianceO } = centralOf(total);
      const r = correlationOf(covariance, varianceF, varianceO);
      return [{ value: squared ? r * r : r, n: total.n }];
    },
  });
};

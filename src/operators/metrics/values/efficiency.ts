import { exactValue } from "../../../kernels/exactSum.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf } from "../options.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { squaredSums } from "./errorSums.ts";
import { centralOf, correlationOf, fieldMoments, momentMetric } from "./momentMetric.ts";

/**
 * Nash-Sutcliffe efficiency: 1 - sum w (f - o)^2 / sum w (o - mean o)^2, what machine learning calls the coefficient of
 * determination (not the squared correlation). In unit 1; 1 is best, 0 is as good as the mean of the target, no lower
 * bound; -infinity where the target is constant, NaN where the forecast is perfect then.
 *
 *     nashSutcliffeEfficiency("river_discharge")
 *
 * Throws `Options`. Nash and Sutcliffe 1970, doi:10.1016/0022-1694(70)90255-6.
 */
export const nashSutcliffeEfficiency = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ScoreOptions & GroupOptions<V> = {},
): Metric<V> =>
  momentMetric<V>(scoreOptions("nashSutcliffeEfficiency", options), {
    name: "nashSutcliffeEfficiency",
    term: "Nash-Sutcliffe efficiency",
    definition: "1 - sum w (f - o)^2 / sum w (o - mean o)^2 over present pairs of a key",
    variable,
    unit: () => "1",
    parameters: {},
    sums: (pair, weights) => withErrors(pair, variable, weights),
    rows: (total) => {
      if (total.n === 0) return [{ value: Number.NaN, n: 0 }];
      const squares = exactValue(total.sums[5]!) / exactValue(total.weight);
      return [{ value: 1 - squares / centralOf(total).varianceO, n: total.n }];
    },
  });

/** Moments of both sides and the sum of squared errors, over the same places. */
const withErrors = (pair: Pair, variable: string, weights: Weights): ScoreTotal => {
  const moments = fieldMoments(pair, variable, weights);
  const { squared } = squaredSums(pair, variable, weights);
  return { ...moments, sums: [...moments.sums, squared] };
};

export interface KlingGuptaOptions extends ScoreOptions {
  /** How variability is compared: 2009 (unless said) the ratio of standard deviations, 2012 that of the standard
   * deviations divided by the means, which the bias does not touch. */
  readonly version?: "2009" | "2012";
  /** Also rows of correlation, variability and bias. */
  readonly parts?: boolean;
}

/**
 * Kling-Gupta efficiency: 1 - sqrt((r - 1)^2 + (v - 1)^2 + (b - 1)^2) of correlation r, variability v and bias b = mean f
 * / mean o, of a variable on a ratio scale. In unit 1; 1 is best, no lower bound; NaN where a side is constant.
 *
 *     klingGuptaEfficiency("river_discharge", { version: "2012", parts: true })
 *
 * Throws `Options`. Gupta, Kling, Yilmaz and Martinez 2009, doi:10.1016/j.jhydrol.2009.08.003; Kling, Fuchs and Paulin
 * 2012, doi:10.1016/j.jhydrol.2012.01.011.
 */
export const klingGuptaEfficiency = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: KlingGuptaOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "klingGuptaEfficiency";
  const common = scoreOptions(name, options, ["version", "parts"]);
  const version = oneOf(name, "version", options.version ?? "2009", ["2009", "2012"]);
  const term = "Kling-Gupta efficiency";
  return momentMetric<V>(common, {
    name,
    term,
    definition: `1 - sqrt((r - 1)^2 + (v - 1)^2 + (b - 1)^2); r correlation, b = mean f / mean o, v = ${version === "2009" ? "sd f / sd o" : "(sd f / mean f) / (sd o / mean o)"}`,
    variable,
    unit: () => "1",
    parameters: { version },
    sums: (pair, weights) => fieldMoments(pair, variable, weights),
    rows: (total) => {
      const [value, r, v, b] = klingGupta(total, version);
      const row = (number: number, part?: string): MetricRow => ({
        ...(part === undefined ? {} : { term: `${term}, ${part}` }),
        value: total.n === 0 ? Number.NaN : number,
        n: total.n,
      });
      if (options.parts !== true) return [row(value)];
      return [row(value), row(r, "correlation"), row(v, "variability"), row(b, "bias")];
    },
  });
};

const klingGupta = (total: ScoreTotal, version: "2009" | "2012"): [number, number, number, number] => {
  const { meanF, meanO, varianceF, varianceO, covariance } = centralOf(total);
  const r = correlationOf(covariance, varianceF, varianceO);
  const b = meanF / meanO;
  const ratio = Math.sqrt(varianceF) / Math.sqrt(varianceO);
  const v = version === "2009" ? ratio : ratio / b;
  return [1 - Math.sqrt((r - 1) * (r - 1) + (v - 1) * (v - 1) + (b - 1) * (b - 1)), r, v, b];
};

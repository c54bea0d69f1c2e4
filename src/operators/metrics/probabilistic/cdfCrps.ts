import { cdfTotal } from "../../../kernels/ensembles/cdfTotal.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { type CdfForecast, type CdfVariables, cdfFields, parseCdf } from "./cdfForecast.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface CdfCrpsOptions<Unit extends string, Name extends string> extends PoolingOptions {
  /** The probability of at most each threshold: a forecast variable each, linear between them. */
  readonly cdf: CdfVariables<Unit, Name>;
  /** Whether the parts are rows as well: CRPS = underforecast penalty (x < o) + overforecast penalty (x > o). */
  readonly parts?: boolean;
}

const NAME = "cdfContinuousRankedProbabilityScore";

/**
 * CRPS of a distribution function: sum w integral (F(x) - 1{x >= o})^2 dx / sum w, exact for F linear between its thresholds;
 * beyond them F keeps its first and last value as far as the observation. In the unit of the variable; 0 is best. A place counts where F is present at all thresholds.
 *
 *     cdfContinuousRankedProbabilityScore("wind", { cdf: { "0 m s-1": "cdf0", "10 m s-1": "cdf10", "40 m s-1": "cdf40" } })
 *
 * Throws `Options`; `Unit` where thresholds are in another unit. Matheson and Winkler 1976, doi:10.1287/mnsc.22.10.1087.
 */
export const cdfContinuousRankedProbabilityScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: CdfCrpsOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  onlyOptions(NAME, options, ["cdf", "parts", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(NAME, options);
  const cdf = parseCdf(NAME, variable, options.cdf);
  const { parts = false } = options;
  return sumsMetric<V>({
    name: NAME,
    term: "CRPS of a distribution function",
    definition:
      "sum w integral (F(x) - 1{x >= o})^2 dx / sum w over present pairs of a key, F linear between thresholds",
    variable,
    unit: (unit) => unit,
    parameters: { cdf: cdf.text, ...parameters },
    needs: { variables: [...new Set([variable, ...cdf.names])] },
    ...grouping,
    sums: (pair) => cdfSums(pair, cdf, weights),
    rows: ({ n, weight, sums }) => {
      const [under, over] = sums.map((sum) => (n === 0 ? Number.NaN : sum / 3 / weight));
      const row = (term: string, value: number): MetricRow => ({ term, value, n });
      return [
        { value: under! + over!, n },
        ...(parts ? [row("underforecast penalty", under!), row("overforecast penalty", over!)] : []),
      ];
    },
  });
};

const cdfSums = (pair: Pair, forecast: CdfForecast, weights: Weights): ScoreTotal =>
  cdfTotal(
    forecast.thresholds,
    cdfFields(NAME, pair, forecast),
    pair.target[forecast.variable]!.values,
    weighedLeaves(pair.places, weights),
  );

export const cdfCrpsDocs: readonly MetricDoc[] = [
  {
    name: NAME,
    term: "CRPS of a distribution function",
    formula: "integral (F(x) - 1{x >= o})^2 dx, F linear between its thresholds, w-mean",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Matheson and Winkler 1976, doi:10.1287/mnsc.22.10.1087",
  },
];

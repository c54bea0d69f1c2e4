import { type CdfScore, cdfScore } from "../../../kernels/ensembles/cdfScore.ts";
import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
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
  options: CdfCrpsOptions<V[N], keyof V & string>,
): Metric<V> => {
  onlyOptions(NAME, options, ["cdf", "parts", ...POOLING]);
  const { keep, weights, parameters } = poolingOf(NAME, options);
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
    keep,
    sums: (pair) => scoreTotal(scores(pair, cdf), weighedLeaves(pair.places, weights)),
    rows: ({ n, weight, sums }) => {
      const [under, over] = sums.map((sum) => (n === 0 ? Number.NaN : sum / weight));
      const row = (term: string, value: number): MetricRow => ({ term, value, n });
      return [
        { value: under! + over!, n },
        ...(parts ? [row("underforecast penalty", under!), row("overforecast penalty", over!)] : []),
      ];
    },
  });
};

const scores = (pair: Pair, forecast: CdfForecast): readonly Float64Array[] => {
  const { values } = pair.target[forecast.variable]!;
  const fields = cdfFields(NAME, pair, forecast);
  const cdf = new Float64Array(fields.length);
  const score: CdfScore = { under: 0, over: 0 };
  const under = new Float64Array(values.length).fill(Number.NaN);
  const over = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    let sum = values[i]!;
    for (let k = 0; k < cdf.length; k++) {
      cdf[k] = fields[k]![i]!;
      sum += cdf[k]!;
    }
    if (Number.isNaN(sum)) continue;
    cdfScore(forecast.thresholds, cdf, values[i]!, score);
    under[i] = score.under;
    over[i] = score.over;
  }
  return [under, over];
};

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

import { type Clip, type CrpsScores, crpsScores } from "../../../kernels/ensembles/crpsScores.ts";
import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { type KeyTotal, sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import { checkUnit, type ParsedCriterion, parseCriterion, type Threshold } from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { membersOf } from "./ensemble.ts";
import { type Estimator, estimatorOf, POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface CrpsOptions extends PoolingOptions {
  /** `fair` (unless said) does not depend on the number of members; `ecdf` scores just these, and one member too. */
  readonly estimator?: Estimator;
  /** Whether the parts are rows as well: CRPS = underforecast penalty + overforecast penalty - spread part. */
  readonly parts?: boolean;
}

/**
 * Continuous ranked probability score of an ensemble: sum w (mean |x_i - o| - S) / sum w with
 * S = sum_ij |x_i - x_j| / (2 M (M - 1)) (fair), / (2 M^2) (ecdf). In the unit of the variable; 0 is best; the fair one
 * may be negative. Missing members are left out of M; a place needs two of them (fair) or one (ecdf).
 *
 *     continuousRankedProbabilityScore("surface_air_temperature", { estimator: "ecdf", parts: true })
 *
 * Throws `Options`. Hersbach 2000, doi:10.1175/1520-0434(2000)015<0559:DOTCRP>2.0.CO;2; Ferro 2014, doi:10.1002/qj.2270.
 */
export const continuousRankedProbabilityScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: CrpsOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "continuousRankedProbabilityScore";
  onlyOptions(name, options, ["estimator", "parts", ...POOLING]);
  return crps<V>(name, variable, options, {
    term: "continuous ranked probability score",
    definition:
      "sum w (mean |x_i - o| - sum_ij |x_i - x_j| / (2 M (M - 1))) / sum w over present pairs of a key; estimator=ecdf: " +
      "/ (2 M^2)",
  });
};

export interface ThresholdWeightedCrpsOptions<Unit extends string> extends CrpsOptions {
  /** The upper tail: of max(x, t). With `below` too, the interval between both. */
  readonly above?: Threshold<Unit>;
  /** The lower tail: of min(x, t). */
  readonly below?: Threshold<Unit>;
}

/**
 * Threshold-weighted CRPS: that of max(x, t), of min(x, t), or of both, for members and target: only differences beyond
 * a threshold (between two) count. In the unit of the variable; 0 is best. The two tails at one threshold add up to
 * the CRPS.
 *
 *     thresholdWeightedContinuousRankedProbabilityScore("surface_air_temperature", { above: "303.15 K" })
 *
 * Throws `Options`; `Unit` where a threshold has another unit. Gneiting and Ranjan 2011, doi:10.1198/jbes.2010.08110;
 * Allen, Ginsbourger and Ziegel 2023, doi:10.1137/22M1532184.
 */
export const thresholdWeightedContinuousRankedProbabilityScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ThresholdWeightedCrpsOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const name = "thresholdWeightedContinuousRankedProbabilityScore";
  onlyOptions(name, options, ["above", "below", "estimator", "parts", ...POOLING]);
  const { above, below } = options;
  const lowest = above === undefined ? undefined : parseCriterion(name, variable, { above });
  const highest =
    below === undefined && above !== undefined ? undefined : parseCriterion(name, variable, { below });
  if (
    lowest?.number !== undefined &&
    highest?.number !== undefined &&
    lowest.number.value > highest.number.value
  ) {
    throw new EwbError(
      "Options",
      `${name}: the interval goes from ${lowest.text} (above) to ${highest.text} (below); expected a lower number first.`,
    );
  }
  return crps<V>(name, variable, options, {
    term: "threshold-weighted CRPS",
    definition:
      "CRPS (fair, or estimator=ecdf) of members and target clipped from below (above) and from above (below)",
    lowest,
    highest,
  });
};

interface Kind {
  readonly term: string;
  readonly definition: string;
  readonly lowest?: ParsedCriterion | undefined;
  readonly highest?: ParsedCriterion | undefined;
}

const crps = <V extends Variables>(
  name: string,
  variable: keyof V & string,
  options: CrpsOptions,
  { term, definition, lowest, highest }: Kind,
): Metric<V> => {
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const estimator = estimatorOf(name, options.estimator);
  const { parts = false } = options;
  const limits = [lowest, highest].flatMap((limit) => limit ?? []);
  const climatologies = limits.flatMap(({ climatology }) => climatology ?? []);
  return sumsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: (unit) => unit,
    parameters: {
      ...(lowest === undefined ? {} : { above: lowest.text }),
      ...(highest === undefined ? {} : { below: highest.text }),
      estimator,
      ...parameters,
    },
    needs: {
      variables: [variable],
      members: true,
      ...(estimator === "fair" ? { leastMembers: 2 } : {}),
      ...(climatologies.length === 0 ? {} : { climatologies }),
    },
    ...grouping,
    sums: (pair) => {
      for (const limit of limits) {
        checkUnit(name, variable, pair.target[variable]!, limit);
        checkUnit(name, variable, pair.forecast[variable]!, limit);
      }
      const { under, over, spread } = once(
        scores,
        pair,
        variable,
        estimator,
        lowest ?? null,
        highest ?? null,
      );
      return scoreTotal([under, over, spread], weighedLeaves(pair.places, weights));
    },
    rows: (total) => rowsOf(total, term, parts),
  });
};

const scores = (
  pair: Pair,
  variable: string,
  estimator: Estimator,
  lowest: ParsedCriterion | null,
  highest: ParsedCriterion | null,
): CrpsScores =>
  crpsScores(
    membersOf(pair.forecast[variable]!),
    pair.target[variable]!.values,
    pair.places.leaves,
    estimator,
    { lowest: limitOf(pair, lowest), highest: limitOf(pair, highest) },
  );

const limitOf = (pair: Pair, limit: ParsedCriterion | null): Clip["lowest"] =>
  limit === null
    ? undefined
    : limit.climatology === undefined
      ? limit.number!.value
      : pair.climatology(limit.climatology).values;

const rowsOf = ({ n, weight, sums }: KeyTotal, term: string, parts: boolean): MetricRow[] => {
  const [under, over, spread] = sums.map((sum) => (n === 0 ? Number.NaN : sum / weight));
  const row = (term: string, value: number): MetricRow => ({ term, value, n });
  return [
    row(term, under! + over! - spread!),
    ...(parts
      ? [
          row("underforecast penalty", under!),
          row("overforecast penalty", over!),
          row("spread part", spread!),
        ]
      : []),
  ];
};

export const crpsDocs: readonly MetricDoc[] = [
  {
    name: "continuousRankedProbabilityScore",
    term: "continuous ranked probability score",
    short: ["crps"],
    formula: "mean|x_i - o| - sum_ij |x_i - x_j| / (2 M (M - 1)), w-mean; estimator=ecdf: / (2 M^2)",
    unit: "[x]",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference:
      "Hersbach 2000, doi:10.1175/1520-0434(2000)015<0559:DOTCRP>2.0.CO;2; Ferro 2014, doi:10.1002/qj.2270",
  },
  {
    name: "thresholdWeightedContinuousRankedProbabilityScore",
    term: "threshold-weighted CRPS",
    short: ["twcrps"],
    formula: "CRPS of max(x, t), of min(x, t), or of clip(x, a, b)",
    unit: "[x]",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Gneiting and Ranjan 2011, doi:10.1198/jbes.2010.08110",
  },
];

import { COUNT, SCORES, type ScoreTotal, WEIGHT } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import { addedScores } from "../scoreMetric.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

interface Interval<Name extends string> extends PoolingOptions {
  /** The forecast variables that are the ends of the interval. */
  readonly lower: Name;
  readonly upper: Name;
  /** Whether width, penalties and coverage are rows as well. */
  readonly parts?: boolean;
}

export interface IntervalScoreOptions<Name extends string> extends Interval<Name> {
  /** Share of the targets that ought to lie inside, e.g. 0.8 between the quantiles 0.1 and 0.9. */
  readonly coverage: number;
}

/**
 * Interval score (Winkler): sum w ((u - l) + 2 / a (l - o)+ + 2 / a (o - u)+) / sum w, a = 1 - coverage. In the unit of the
 * variable; 0 is best. Its parts: width, overprediction (o < l), underprediction (o > u), and the share of targets inside.
 *
 *     intervalScore("t", { lower: "t_q10", upper: "t_q90", coverage: 0.8, parts: true })
 *
 * Throws `Options`. Gneiting and Raftery 2007, doi:10.1198/016214506000001437.
 */
export const intervalScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: IntervalScoreOptions<keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "intervalScore";
  onlyOptions(name, options, ["lower", "upper", "coverage", "parts", ...POOLING]);
  const { coverage } = options;
  between(name, "coverage", coverage);
  return interval<V>(name, variable, options, {
    term: "interval score",
    definition:
      "sum w ((u - l) + 2 / a (l - o)+ + 2 / a (o - u)+) / sum w over present pairs of a key, a = 1 - coverage",
    below: 2 / (1 - coverage),
    above: 2 / (1 - coverage),
    parameters: { coverage: `${coverage}` },
  });
};

export interface QuantileIntervalScoreOptions<Name extends string> extends Interval<Name> {
  /** Levels of the two quantiles. */
  readonly lowerLevel: number;
  readonly upperLevel: number;
}

/**
 * Interval score of two quantiles that need not lie symmetrically: sum w ((u - l) + (l - o)+ / a_l + (o - u)+ / (1 - a_u)) /
 * sum w. In the unit of the variable; 0 is best. Parts as of `intervalScore`.
 *
 *     quantileIntervalScore("t", { lower: "t_q10", upper: "t_q75", lowerLevel: 0.1, upperLevel: 0.75 })
 *
 * Throws `Options`. Winkler 1972, doi:10.2307/2284720.
 */
export const quantileIntervalScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: QuantileIntervalScoreOptions<keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "quantileIntervalScore";
  onlyOptions(name, options, ["lower", "upper", "lowerLevel", "upperLevel", "parts", ...POOLING]);
  const { lowerLevel, upperLevel } = options;
  between(name, "lowerLevel", lowerLevel);
  between(name, "upperLevel", upperLevel);
  if (lowerLevel >= upperLevel) {
    throw new EwbError(
      "Options",
      `${name}: levels are ${lowerLevel} and ${upperLevel}; expected the lower one first.`,
    );
  }
  return interval<V>(name, variable, options, {
    term: "quantile interval score",
    definition: "sum w ((u - l) + (l - o)+ / a_l + (o - u)+ / (1 - a_u)) / sum w over present pairs of a key",
    below: 1 / lowerLevel,
    above: 1 / (1 - upperLevel),
    parameters: { levels: `${lowerLevel},${upperLevel}` },
  });
};

const between = (metric: string, option: string, value: number): void => {
  if (value > 0 && value < 1) return;
  throw new EwbError("Options", `${metric}: ${option} is ${value}; expected a number between 0 and 1.`);
};

interface IntervalKind {
  readonly term: string;
  readonly definition: string;
  /** Factors of what lies below and above the interval. */
  readonly below: number;
  readonly above: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const interval = <V extends Variables>(
  name: string,
  variable: keyof V & string,
  options: Interval<string>,
  { term, definition, below, above, parameters: own }: IntervalKind,
): Metric<V> => {
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const { lower, upper, parts = false } = options;
  return sumsMetric<V>({
    name,
    term,
    definition,
    variable,
    unit: (unit) => unit,
    parameters: { lower, upper, ...own, ...parameters },
    needs: { variables: [...new Set([variable, lower, upper])] },
    ...grouping,
    sums: (pair) => once(intervalSums, pair, variable, lower, upper, weights),
    rows: ({ n, weight, sums }) => {
      const [width, under, over, inside] = sums.map((sum) => (n === 0 ? Number.NaN : sum / weight));
      const row = (term: string, value: number): MetricRow => ({ term, value, n });
      return [
        { value: width! + below * under! + above * over!, n },
        ...(parts
          ? [
              row("interval width", width!),
              row("overprediction penalty", below * under!),
              row("underprediction penalty", above * over!),
              { ...row("interval coverage", inside!), unit: "1" },
            ]
          : []),
      ];
    },
  });
};

/** Sums of the width, of how far the target lies below and above, and of whether it lies inside. */
const intervalSums = (
  pair: Pair,
  variable: string,
  lower: string,
  upper: string,
  weights: Weights,
): ScoreTotal => {
  const { values: observed } = pair.target[variable]!;
  const { values: low } = pair.forecast[lower]!;
  const { values: high } = pair.forecast[upper]!;
  return addedScores(4, pair, weights, (start, stop, columns, out) =>
    addIntervals(observed, low, high, start, stop, columns, out),
  );
};

const addIntervals = (
  observed: Values,
  low: Values,
  high: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  out: Float64Array,
): void => {
  let count = 0;
  let weight = 0;
  let width = 0;
  let below = 0;
  let above = 0;
  let inside = 0;
  for (let i = start; i < stop; i++) {
    const o = observed[i]!;
    const l = low[i]!;
    const u = high[i]!;
    if (Number.isNaN(o) || Number.isNaN(u - l)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    width += c * (u - l);
    if (o < l) below += c * (l - o);
    if (o > u) above += c * (o - u);
    if (o >= l && o <= u) inside += c;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = width;
  out[SCORES + 1] = below;
  out[SCORES + 2] = above;
  out[SCORES + 3] = inside;
};

export const intervalDocs: readonly MetricDoc[] = [
  {
    name: "intervalScore",
    term: "interval score",
    short: ["winkler"],
    formula: "(u - l) + 2/a (l - o)+ + 2/a (o - u)+, a = 1 - coverage, w-mean",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Gneiting and Raftery 2007, doi:10.1198/016214506000001437",
  },
  {
    name: "quantileIntervalScore",
    term: "quantile interval score",
    formula: "(u - l) + (l - o)+ / a_l + (o - u)+ / (1 - a_u), w-mean",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Winkler 1972, doi:10.2307/2284720",
  },
];

import type { LeafWork } from "../../../kernels/leafTotal.ts";
import { type ScoreTotal, scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { exceedanceWork } from "../../../kernels/tables/exceedanceTotal.ts";
import { indicator } from "../../../kernels/tables/indicator.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onceOfLeaves } from "../onceOfLeaves.ts";
import { listOf } from "../quantity.ts";
import { scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import {
  type Comparison,
  checkUnit,
  inPrecisionOf,
  type ParsedCriterion,
  parseCriterion,
  type Threshold,
  thresholdValues,
} from "../threshold.ts";
import { weighedLeaves } from "./errorSums.ts";

export interface ExceedanceOptions<Unit extends string> extends ScoreOptions {
  /** Thresholds to be reached (>=), numbers or climatologies, a row each and side. */
  readonly above?: readonly Threshold<Unit>[];
  /** Thresholds not to be passed (<=), in place of `above`. */
  readonly below?: readonly Threshold<Unit>[];
  /** Leaves out the threshold itself (> and <). */
  readonly strictly?: boolean;
}

/**
 * Exceedance frequency: sum w 1{x >= threshold} / sum w of the forecast and of the target where both are present, two
 * rows a threshold, told apart by the parameter `side`. In unit 1, 0 to 1; best where the forecast's is the target's.
 *
 *     exceedanceFrequency("wind_speed", { above: ["10 m s-1", "20 m s-1"] })
 *
 * Throws `Options`, and `Unit` where a threshold is not in the unit of the data. Wilks 2019, Statistical Methods in the
 * Atmospheric Sciences, 4th ed., doi:10.1016/C2017-0-03921-6.
 */
export const exceedanceFrequency = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ExceedanceOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const name = "exceedanceFrequency";
  const common = scoreOptions(name, options, ["above", "below", "strictly"]);
  const { above, below, strictly = false } = options;
  if ((above === undefined) === (below === undefined)) {
    throw new EwbError(
      "Options",
      `${name}: give either \`above\` or \`below\`, like { above: ["288.15 K"] }.`,
    );
  }
  const criteria = above
    ? listOf(name, "above", above).map((one) => parseCriterion(name, variable, { above: one, strictly }))
    : listOf(name, "below", below!).map((one) => parseCriterion(name, variable, { below: one, strictly }));
  const { comparison } = criteria[0]!;
  const numbers = criteria.map(({ number }) => number?.value ?? Number.NaN);
  const climatologies = criteria.flatMap(({ climatology }) => climatology ?? []);
  return scoreMetric<V>(common, {
    name,
    term: "exceedance frequency",
    definition: `sum w 1{x ${comparison} threshold} / sum w of each side over present pairs of a key`,
    variable,
    climatologies: climatologies.length === 0 ? undefined : climatologies,
    unit: () => "1",
    parameters: { comparison },
    sums: (pair, weights) => {
      for (const one of criteria) checkUnit(name, variable, pair.forecast[variable]!, one);
      if (climatologies.length === 0) {
        return onceOfLeaves(numbersOf, pair, variable, weights, comparison, numbers);
      }
      return perThreshold(criteria.map((one) => once(exceedanceSums, pair, variable, weights, one)));
    },
    rows: ({ n, weight, sums }) =>
      criteria.flatMap(({ text }, k) =>
        (["forecast", "target"] as const).map((side, s) => {
          const [shares, total, count] =
            climatologies.length === 0
              ? [sums[2 * k + s]!, weight, n]
              : [sums[4 * k + s]!, sums[4 * k + 2]!, sums[4 * k + 3]!];
          return {
            parameters: { threshold: text, side },
            value: count === 0 ? Number.NaN : shares / total,
            n: count,
          };
        }),
      ),
  });
};

/** Totals whose places differ, where a climatology has gaps: each with its own weight and count as two more sums. */
const perThreshold = (totals: readonly ScoreTotal[]): ScoreTotal => ({
  ...totals[0]!,
  sums: totals.flatMap(({ n, weight, sums }) => [...sums, weight, n === 0 ? [] : [n]]),
});

/** Of thresholds that are numbers, all at once: their places are the same. */
const numbersOf = (
  pair: Pair,
  variable: string,
  weights: Weights,
  comparison: Comparison,
  numbers: readonly number[],
): LeafWork<ScoreTotal> => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const [forF, forO] = [f, o].map((values) => numbers.map((number) => inPrecisionOf(values, number)));
  return exceedanceWork(f, o, comparison, forF!, forO!, weighedLeaves(pair.places, weights));
};

/** Of one threshold, a number or a climatology. */
const exceedanceSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  criterion: ParsedCriterion,
): ScoreTotal => {
  const { comparison, number } = criterion;
  if (number !== undefined) {
    return onceOfLeaves(numbersOf, pair, variable, weights, comparison, [number.value]);
  }
  const places = thresholdValues(pair, criterion)!;
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const [ofForecast, ofTarget] = [indicator(f, comparison, places), indicator(o, comparison, places)];
  return scoreTotal([ofForecast, ofTarget], weighedLeaves(pair.places, weights));
};

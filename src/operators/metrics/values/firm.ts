import { type FirmThreshold, firmRules, firmScores } from "../../../kernels/scores/firmScores.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf } from "../options.ts";
import { partRows } from "../partRows.ts";
import { between, listOf, quantityOf, sameUnit } from "../quantity.ts";
import { addedScores, scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import {
  checkUnit,
  inPrecisionOf,
  type ParsedCriterion,
  parseCriterion,
  type Threshold,
  thresholdValues,
} from "../threshold.ts";

export interface FirmOptions<Unit extends string> extends ScoreOptions {
  /** Thresholds between the categories, numbers or climatologies. */
  readonly thresholds: readonly Threshold<Unit>[];
  /** How much each threshold matters; 1 each unless said. */
  readonly thresholdWeights?: readonly number[];
  /** Price of a miss in relation to one of a false alarm: risk / (1 - risk), above 0 and below 1. */
  readonly risk: number;
  /** Up to which distance from the threshold the penalty of the target grows; without it all penalties are alike. */
  readonly discount?: Quantity<Unit>;
  /** On which side a value lies that is just the threshold; `below` unless said. */
  readonly onThreshold?: "below" | "above";
  /** Also rows of the part where the forecast is too high, and of the part where it is too low. */
  readonly parts?: boolean;
}

/**
 * FIRM (fixed risk multicategorical) score: the mean of sum over thresholds t of weight ((1 - risk) 1{o below, f above} k
 * + risk 1{f below, o above} k), k = min(|t - o|, discount), or 1 without a discount distance. In unit 1, with a
 * discount in the variable's; 0 is best.
 *
 *     firmScore("wind_speed", { thresholds: ["17 m s-1", "24 m s-1"], risk: 0.7, thresholdWeights: [1, 3] })
 *
 * Throws `Options`, and `Unit` where a threshold is not in the unit of the data. Taggart, Loveday and Griffiths 2022,
 * doi:10.1002/qj.4266.
 */
export const firmScore = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: FirmOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const name = "firmScore";
  const common = scoreOptions(name, options, OPTIONS);
  const risk = between(name, "risk", options.risk, 0, 1);
  const thresholds = listOf(name, "thresholds", options.thresholds).map((above) =>
    parseCriterion(name, variable, { above }),
  );
  const weightsOf = options.thresholdWeights ?? thresholds.map(() => 1);
  if (weightsOf.length !== thresholds.length || weightsOf.some((weight) => !(weight > 0))) {
    throw new EwbError(
      "Options",
      `${name}: thresholdWeights is ${JSON.stringify(weightsOf)}; expected one number above 0 for each of ${thresholds.length} thresholds.`,
    );
  }
  const discount =
    options.discount === undefined ? undefined : quantityOf(name, "discount", options.discount, 0);
  const onThreshold = oneOf(name, "onThreshold", options.onThreshold ?? "below", ["below", "above"]);
  const plain = discount === undefined || discount.value === 0;
  const climatologies = thresholds.flatMap(({ climatology }) => climatology ?? []);
  return scoreMetric<V>(common, {
    name,
    term: "FIRM score",
    definition:
      "mean of sum over thresholds t of weight ((1 - risk) 1{o below, f above} + risk 1{f below, o above}), times min(|t - o|, discount) where there is one",
    variable,
    climatologies: climatologies.length === 0 ? undefined : climatologies,
    unit: (unit) => (plain ? "1" : unit),
    parameters: {
      thresholds: thresholds.map(({ text }) => text).join(", "),
      thresholdWeights: weightsOf.join(", "),
      risk: `${risk}`,
      onThreshold,
      ...(!plain && { discount: discount.text }),
    },
    sums: (pair, weights) => {
      for (const one of thresholds) checkUnit(name, variable, pair.forecast[variable]!, one);
      sameUnit(name, variable, pair.forecast[variable]!, "discount", discount);
      return once(
        firmSums,
        pair,
        variable,
        weights,
        thresholds,
        weightsOf,
        risk,
        discount?.value ?? 0,
        onThreshold,
      );
    },
    rows: ({ n, weight, sums }) =>
      partRows("FIRM score", sums[0]!, sums[1]!, weight, n, options.parts === true),
  });
};

const OPTIONS = ["thresholds", "thresholdWeights", "risk", "discount", "onThreshold", "parts"];

const firmSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  thresholds: readonly ParsedCriterion[],
  thresholdWeights: readonly number[],
  risk: number,
  discount: number,
  onThreshold: "below" | "above",
): ScoreTotal => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const each = thresholds.map((threshold, k): FirmThreshold => {
    const number = threshold.number?.value ?? 0;
    return {
      weight: thresholdWeights[k]!,
      forForecast: inPrecisionOf(f, number),
      forTarget: inPrecisionOf(o, number),
      places: thresholdValues(pair, threshold),
    };
  });
  const rules = firmRules(each, risk, discount, onThreshold === "above");
  return addedScores(2, pair, weights, (start, stop, columns, out) =>
    firmScores(f, o, start, stop, columns, rules, out),
  );
};

import type { ThresholdWeight } from "../../../kernels/scores/thresholdWeight.ts";
import {
  type WeightedScores,
  weightedAbsolute,
  weightedExpectile,
  weightedHuber,
  weightedQuantile,
  weightedSquared,
} from "../../../kernels/scores/thresholdWeightedScores.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Quantity, Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { between, quantityOf, sameUnit } from "../quantity.ts";
import { addedScores, scoreMetric } from "../scoreMetric.ts";
import { scoreOptions } from "../scoreOptions.ts";
import { squaredUnit } from "../squaredUnit.ts";
import { type IntervalOptions, intervalOf } from "./weightInterval.ts";

export interface WeightedLevelOptions<Unit extends string> extends IntervalOptions<Unit> {
  /** Which quantile or expectile the forecast claims to be, above 0 and below 1. */
  readonly level: number;
}

export interface WeightedHuberOptions<Unit extends string> extends IntervalOptions<Unit> {
  /** Error up to which the score is a square, and beyond which it grows in proportion. */
  readonly limit: Quantity<Unit>;
}

/**
 * Threshold-weighted absolute error: the mean of |G(f) - G(o)|, G the integral of the weight; on a plain interval
 * |clip(f) - clip(o)|. In the unit of the variable; 0 is best. The errors below and above a threshold add up to the
 * mean absolute error.
 *
 *     thresholdWeightedAbsoluteError("surface_air_temperature", { interval: ["303 K", null] })
 *
 * Throws `Options`, and `Unit` where a bound is not in the unit of the data. Taggart 2022, doi:10.1002/qj.4206.
 */
export const thresholdWeightedAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: IntervalOptions<V[N]> & GroupOptions<V>,
): Metric<V> => weighted<V>(KINDS.absolute, variable, options);

/**
 * Threshold-weighted squared error: the mean of twice the integral of G(t) - G(f) from f to o; the squared error where
 * the weight is 1. In the square of the variable's unit; 0 is best.
 *
 *     thresholdWeightedSquaredError("surface_air_temperature", { interval: ["303 K", "313 K"], positive: ["300 K", "318 K"] })
 *
 * Throws `Options`, and `Unit` where a bound is not in the unit of the data. Taggart 2022, doi:10.1002/qj.4206.
 */
export const thresholdWeightedSquaredError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: IntervalOptions<V[N]> & GroupOptions<V>,
): Metric<V> => weighted<V>(KINDS.squared, variable, options);

/**
 * Threshold-weighted quantile score: the mean of (1{o < f} - level)(G(f) - G(o)), on a plain interval the quantile score
 * of clipped values. In the unit of the variable; 0 is best.
 *
 *     thresholdWeightedQuantileScore("wind_speed", { level: 0.9, interval: ["15 m s-1", null] })
 *
 * Throws `Options`, and `Unit` where a bound is not in the unit of the data. Taggart 2022, doi:10.1002/qj.4206.
 */
export const thresholdWeightedQuantileScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: WeightedLevelOptions<V[N]> & GroupOptions<V>,
): Metric<V> => weighted<V>(KINDS.quantile, variable, options);

/**
 * Threshold-weighted expectile score: the mean of 2 |1{o < f} - level| times the integral of G(t) - G(f) from f to o:
 * the expectile score where the weight is 1. In the square of the variable's unit; 0 is best.
 *
 *     thresholdWeightedExpectileScore("wind_speed", { level: 0.7, interval: ["15 m s-1", null] })
 *
 * Throws `Options`, and `Unit` where a bound is not in the unit of the data. Taggart 2022, doi:10.1002/qj.4206.
 */
export const thresholdWeightedExpectileScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: WeightedLevelOptions<V[N]> & GroupOptions<V>,
): Metric<V> => weighted<V>(KINDS.expectile, variable, options);

/**
 * Threshold-weighted Huber score: the mean of the integral of G(f) - G(t) from t = o to o + min(max(f - o, -a), a),
 * a the `limit`: the Huber score where the weight is 1. In the square of the variable's unit; 0 is best.
 *
 *     thresholdWeightedHuberScore("wind_speed", { limit: "4 m s-1", interval: ["15 m s-1", null] })
 *
 * Throws `Options`, and `Unit` where a bound is not in the unit of the data. Taggart 2022, doi:10.1002/qj.4206.
 */
export const thresholdWeightedHuberScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: WeightedHuberOptions<V[N]> & GroupOptions<V>,
): Metric<V> => weighted<V>(KINDS.huber, variable, options);

interface Kind {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  readonly needs?: "level" | "limit";
  readonly squares: boolean;
  readonly scores: WeightedScores;
}

const KINDS = {
  absolute: {
    name: "thresholdWeightedAbsoluteError",
    term: "threshold-weighted absolute error",
    definition: "mean of |G(f) - G(o)|, G the integral of the weight (x clipped to the interval)",
    squares: false,
    scores: weightedAbsolute,
  },
  squared: {
    name: "thresholdWeightedSquaredError",
    term: "threshold-weighted squared error",
    definition: "mean of 2 integral of G(t) - G(f) from f to o, G the integral of the weight",
    squares: true,
    scores: weightedSquared,
  },
  quantile: {
    name: "thresholdWeightedQuantileScore",
    term: "threshold-weighted quantile score",
    definition: "mean of (1{o < f} - level)(G(f) - G(o)), G the integral of the weight",
    needs: "level",
    squares: false,
    scores: weightedQuantile,
  },
  expectile: {
    name: "thresholdWeightedExpectileScore",
    term: "threshold-weighted expectile score",
    definition:
      "mean of 2 |1{o < f} - level| integral of G(t) - G(f) from f to o, G the integral of the weight",
    needs: "level",
    squares: true,
    scores: weightedExpectile,
  },
  huber: {
    name: "thresholdWeightedHuberScore",
    term: "threshold-weighted Huber score",
    definition:
      "mean of the integral of G(f) - G(t) from o to o + (f - o within limit), G the integral of the weight",
    needs: "limit",
    squares: true,
    scores: weightedHuber,
  },
} satisfies Record<string, Kind>;

const weighted = <V extends Variables>(
  { name, term, definition, needs, squares }: Kind,
  variable: keyof V & string,
  options: IntervalOptions<any> & { readonly level?: number; readonly limit?: string },
): Metric<V> => {
  const common = scoreOptions(name, options, ["interval", "positive", ...(needs ? [needs] : [])]);
  const { weight, quantities, parameters } = intervalOf(name, options);
  const level = needs === "level" ? between(name, "level", options.level!, 0, 1) : undefined;
  const limit = needs === "limit" ? quantityOf(name, "limit", options.limit!, 0) : undefined;
  const checked = limit === undefined ? quantities : [...quantities, limit];
  return scoreMetric<V>(common, {
    name,
    term,
    definition,
    variable,
    unit: squares ? squaredUnit : (unit) => unit,
    parameters: {
      ...parameters,
      ...(level === undefined ? {} : { level: `${level}` }),
      ...(limit && { limit: limit.text }),
    },
    sums: (pair, weights) => {
      for (const one of checked) sameUnit(name, variable, pair.forecast[variable]!, "the bound", one);
      return once(weightedSums, pair, variable, weights, name, boundsOf(weight), level ?? limit?.value ?? 0);
    },
  });
};

/** Bounds as text: infinite ones have none of their own as numbers. */
const boundsOf = ({ from, full, ends, to }: ThresholdWeight): string => [from, full, ends, to].join(" ");

const weightedSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  name: string,
  bounds: string,
  number: number,
) => {
  const [from, full, ends, to] = bounds.split(" ").map(Number) as [number, number, number, number];
  const { scores } = Object.values(KINDS).find((kind) => kind.name === name)!;
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const weight = { from, full, ends, to };
  return addedScores(1, pair, weights, (start, stop, columns, out) =>
    scores(f, o, start, stop, columns, weight, number, out),
  );
};

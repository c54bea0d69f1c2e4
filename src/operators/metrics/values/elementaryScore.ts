import { elementaryScores, type Functional } from "../../../kernels/scores/elementaryScores.ts";
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
import { inPrecisionOf } from "../threshold.ts";

export interface ElementaryOptions<Unit extends string> extends ScoreOptions {
  /** What the forecast claims to be; `quantile` unless said. */
  readonly functional?: Functional;
  /** Its level, above 0 and below 1; 0.5 unless said: the median, the mean, the Huber mean. */
  readonly level?: number;
  /** Values at which the score is taken, a row each. */
  readonly thetas: readonly Quantity<Unit>[];
  /** The limit of a Huber functional. */
  readonly limit?: Quantity<Unit>;
  /** Also rows of the part where the forecast is too high, and of the part where it is too low. */
  readonly parts?: boolean;
}

/**
 * Elementary score (Murphy curve), a row each theta: the mean of over (1 - level) k 1{o <= theta < f} plus under level k
 * 1{f <= theta < o}; k = 1 for a quantile, |o - theta| for an expectile, min(|o - theta|, limit) for a Huber mean. Every
 * consistent score is a mixture of these, so a forecast that is better at all thetas is better by all of them. In unit
 * 1 (quantile) or the variable's; 0 is best.
 *
 *     elementaryScore("wind_speed", { functional: "quantile", level: 0.9, thetas: ["10 m s-1", "20 m s-1"] })
 *
 * Throws `Options`, and `Unit` where a theta is not in the unit of the data. Ehm, Gneiting, Jordan and Krueger 2016,
 * doi:10.1111/rssb.12154.
 */
export const elementaryScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ElementaryOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const name = "elementaryScore";
  const common = scoreOptions(name, options, ["functional", "level", "thetas", "limit", "parts"]);
  const functional = oneOf(name, "functional", options.functional ?? "quantile", [
    "quantile",
    "expectile",
    "huber",
  ]);
  const level = between(name, "level", options.level ?? 0.5, 0, 1);
  const thetas = listOf(name, "thetas", options.thetas).map((text) => quantityOf(name, "thetas", text));
  if ((functional === "huber") !== (options.limit !== undefined)) {
    throw new EwbError(
      "Options",
      `${name}: functional is "${functional}", limit is ${JSON.stringify(options.limit)}; a limit like "4 K" belongs to functional "huber" and to no other.`,
    );
  }
  const limit = options.limit === undefined ? undefined : quantityOf(name, "limit", options.limit, 0);
  const numbers = thetas.map(({ value }) => value);
  return scoreMetric<V>(common, {
    name,
    term: "elementary score",
    definition:
      "mean of (1 - level) k 1{o <= theta < f} + level k 1{f <= theta < o}; k = 1 (quantile), |o - theta| (expectile), at most limit (huber)",
    variable,
    unit: (unit) => (functional === "quantile" ? "1" : unit),
    parameters: { functional, level: `${level}`, ...(limit && { limit: limit.text }) },
    sums: (pair, weights) => {
      for (const one of [...thetas, ...(limit ? [limit] : [])]) {
        sameUnit(name, variable, pair.forecast[variable]!, "theta or limit", one);
      }
      return once(elementarySums, pair, variable, weights, functional, level, limit?.value ?? 0, numbers);
    },
    rows: ({ n, weight, sums }) =>
      thetas.flatMap(({ text }, k) =>
        partRows("elementary score", sums[2 * k]!, sums[2 * k + 1]!, weight, n, options.parts === true).map(
          (row) => ({ ...row, parameters: { theta: text } }),
        ),
      ),
  });
};

const elementarySums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  functional: Functional,
  level: number,
  limit: number,
  thetas: readonly number[],
): ScoreTotal => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const forForecast = Float64Array.from(thetas, (theta) => inPrecisionOf(f, theta));
  const forTarget = Float64Array.from(thetas, (theta) => inPrecisionOf(o, theta));
  return addedScores(2 * thetas.length, pair, weights, (start, stop, columns, out) =>
    elementaryScores(f, o, start, stop, columns, forForecast, forTarget, functional, level, limit, out),
  );
};

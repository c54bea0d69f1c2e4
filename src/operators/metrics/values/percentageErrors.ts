import { relativeErrors } from "../../../kernels/scores/relativeErrors.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { addedScores, scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";

/**
 * Mean absolute percentage error: sum w |f - o| / |o| / sum w. A fraction, not per cent, in unit 1; 0 is best, up to
 * infinity: where the target is 0 and the forecast is not, it is infinite. A pair of two zeros has no percentage and
 * does not count.
 *
 *     meanAbsolutePercentageError("wind_speed")
 *
 * Throws `Options`. Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001.
 */
export const meanAbsolutePercentageError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ScoreOptions & GroupOptions<V> = {},
): Metric<V> =>
  scoreMetric<V>(scoreOptions("meanAbsolutePercentageError", options), {
    name: "meanAbsolutePercentageError",
    term: "mean absolute percentage error",
    definition: "sum w |f - o| / |o| / sum w over present pairs of a key but those of two zeros; a fraction",
    variable,
    unit: () => "1",
    parameters: {},
    sums: (pair, weights) => once(relativeSums, pair, variable, weights, 0),
  });

export interface SymmetricOptions extends ScoreOptions {
  /** 1 (unless said): from 0 to 1; 2: twice that, the error over the mean of both sides, from 0 to 2. */
  readonly factor?: 1 | 2;
}

/**
 * Symmetric mean absolute percentage error: sum w |f - o| / (|f| + |o|) / sum w, times `factor`. A fraction in unit 1,
 * 0 (best) to 1. A pair of two zeros has no percentage and does not count.
 *
 *     symmetricMeanAbsolutePercentageError("wind_speed", { factor: 2 })
 *
 * Throws `Options`. Makridakis 1993, doi:10.1016/0169-2070(93)90079-3.
 */
export const symmetricMeanAbsolutePercentageError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: SymmetricOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "symmetricMeanAbsolutePercentageError";
  const common = scoreOptions(name, options, ["factor"]);
  const { factor = 1 } = options;
  if (factor !== 1 && factor !== 2) {
    throw new EwbError("Options", `${name}: factor is ${JSON.stringify(factor)}; expected 1 or 2.`);
  }
  return scoreMetric<V>(common, {
    name,
    term: "symmetric mean absolute percentage error",
    definition:
      "factor sum w |f - o| / (|f| + |o|) / sum w over present pairs of a key but those of two zeros; a fraction",
    variable,
    unit: () => "1",
    parameters: { factor: `${factor}` },
    sums: (pair, weights) => once(relativeSums, pair, variable, weights, 1),
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : (factor * sums[0]!) / weight, n }],
  });
};

/** Sum of |f - o| / (|o| + share |f|): 0 / 0 is NaN, which does not count. */
const relativeSums = (pair: Pair, variable: string, weights: Weights, share: 0 | 1): ScoreTotal => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  return addedScores(1, pair, weights, (start, stop, columns, out) =>
    relativeErrors(f, o, start, stop, columns, share, out),
  );
};

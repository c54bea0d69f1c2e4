import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf } from "../options.ts";
import { scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";
import { meanSums } from "./errorSums.ts";

export interface PercentBiasOptions extends ScoreOptions {
  /** Forecast minus target (unless said), so that too high is positive, or the reverse, as hydrologists also have it. */
  readonly difference?: "forecast - target" | "target - forecast";
}

/**
 * Percent bias: 100 sum w (f - o) / sum w o, of a variable on a ratio scale (with a true zero: rain, discharge). In
 * per cent; 0 is best, any sign. Infinite where the target is 0 throughout, NaN where the forecast is too.
 *
 *     percentBias("accumulated_precipitation")
 *
 * Throws `Options`. Gupta, Sorooshian and Yapo 1999, doi:10.1061/(ASCE)1084-0699(1999)4:2(135).
 */
export const percentBias = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: PercentBiasOptions & GroupOptions<V> = {},
): Metric<V> => {
  const common = scoreOptions("percentBias", options, ["difference"]);
  const usual = "forecast - target";
  const difference = oneOf("percentBias", "difference", options.difference ?? usual, [
    usual,
    "target - forecast",
  ]);
  const sign = difference === usual ? 100 : -100;
  return scoreMetric<V>(common, {
    name: "percentBias",
    term: "percent bias",
    definition: "100 sum w (f - o) / sum w o over present pairs of a key",
    variable,
    unit: () => "%",
    parameters: difference === usual ? {} : { difference },
    sums: (pair, weights) => bothMeans(pair, variable, weights),
    rows: ({ n, sums }) => [{ value: n === 0 ? Number.NaN : (sign * (sums[0]! - sums[1]!)) / sums[1]!, n }],
  });
};

/**
 * Multiplicative bias: sum w f / sum w o, of a variable on a ratio scale. In unit 1; 1 is best, above 1 the forecast is
 * too high. Infinite where the target is 0 throughout, NaN where the forecast is too.
 *
 *     multiplicativeBias("accumulated_precipitation")
 *
 * Throws `Options`. Wilks 2019, Statistical Methods in the Atmospheric Sciences, 4th ed.,
 * doi:10.1016/C2017-0-03921-6.
 */
export const multiplicativeBias = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ScoreOptions & GroupOptions<V> = {},
): Metric<V> =>
  scoreMetric<V>(scoreOptions("multiplicativeBias", options), {
    name: "multiplicativeBias",
    term: "multiplicative bias",
    definition: "sum w f / sum w o over present pairs of a key",
    variable,
    unit: () => "1",
    parameters: {},
    sums: (pair, weights) => bothMeans(pair, variable, weights),
    rows: ({ n, sums }) => [{ value: n === 0 ? Number.NaN : sums[0]! / sums[1]!, n }],
  });

const bothMeans = (pair: Pair, variable: string, weights: Weights): ScoreTotal => {
  const { n, weight, forecast, target } = meanSums(pair, variable, weights);
  return { n, weight, sums: [forecast, target] };
};

import {
  QUANTILE_METHODS,
  type QuantileMethod,
  quantileOf,
} from "../../../kernels/scores/orderStatistics.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { sameUnit } from "../quantity.ts";
import { presentPairs, sampleMetric } from "./sampleMetric.ts";
import { levelsOf, type SampleOptions, sampleOptions } from "./sampleOptions.ts";

export interface QuantileQuantileOptions<Unit extends string> extends SampleOptions<Unit> {
  /** Which quantiles, from 0 to 1, a row each. */
  readonly levels: readonly number[];
  /** How a quantile lies between order statistics; `linear` (type 7) unless said. */
  readonly method?: QuantileMethod;
}

export interface QuantileOptions<Unit extends string> extends QuantileQuantileOptions<Unit> {
  /** Whose values; the forecast's unless said. */
  readonly side?: "forecast" | "target";
}

/**
 * Quantiles of the forecast or of the target over the places and times of a key, where both are present, a row a level.
 * In the unit of the variable. The sample is kept (8 bytes a number), or with `sketch` counts of bins: off by at most
 * half of their width.
 *
 *     quantile("surface_air_temperature", { levels: [0.5, 0.95], side: "target", sketch: "0.01 K" })
 *
 * Throws `Options`, and `Unit` where the sketch is not in the unit of the data. Hyndman and Fan 1996,
 * doi:10.1080/00031305.1996.10473566.
 */
export const quantile = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: QuantileOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  onlyOptions("quantile", options, ["keep", "sketch", "levels", "method", "side", ...GROUPS]);
  const side = oneOf("quantile", "side", options.side ?? "forecast", ["forecast", "target"]);
  return quantiles<V>("quantile", `quantile of the ${side}`, [side], variable, options);
};

/**
 * Quantile-quantile curve: the same quantiles of forecast and target over the places and times of a key where both are
 * present, two rows a level, told apart by the parameter `side`. In the unit of the variable; alike where the forecast
 * has the climate of the target.
 *
 *     quantileQuantile("wind_speed", { levels: [0.5, 0.9, 0.99] })
 *
 * Throws `Options`, and `Unit` where the sketch is not in the unit of the data. Wilk and Gnanadesikan 1968,
 * doi:10.1093/biomet/55.1.1.
 */
export const quantileQuantile = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: QuantileQuantileOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  onlyOptions("quantileQuantile", options, ["keep", "sketch", "levels", "method", ...GROUPS]);
  return quantiles<V>("quantileQuantile", "quantile-quantile curve", SIDES, variable, options);
};

const SIDES = ["forecast", "target"] as const;

const quantiles = <V extends Variables>(
  name: string,
  term: string,
  sides: readonly ("forecast" | "target")[],
  variable: keyof V & string,
  options: QuantileQuantileOptions<any>,
): Metric<V> => {
  const { sketch, parameters, ...grouping } = sampleOptions(name, options);
  const levels = levelsOf(name, options.levels);
  const method = oneOf(name, "method", options.method ?? "linear", QUANTILE_METHODS);
  const alone = sides.length === 1 ? { side: sides[0]! } : {};
  return sampleMetric<V>({
    name,
    term,
    definition: `${method} quantiles of ${sides.join(" and ")} over present pairs of a key`,
    variable,
    unit: (unit) => unit,
    parameters: { ...parameters, method, ...alone },
    needs: { variables: [variable] },
    ...grouping,
    width: sketch?.value,
    numbers: (pair) => {
      sameUnit(name, variable, pair.forecast[variable]!, "sketch", sketch);
      const pairs = presentPairs(pair, variable);
      return sides.map((side) => pairs[side === "forecast" ? 0 : 1]);
    },
    rows: (lists) =>
      levels.flatMap((level) =>
        lists.map((list, k) => ({
          parameters: { level: `${level}`, ...(sides.length > 1 && { side: sides[k]! }) },
          value: quantileOf(list, level, method),
          n: list.n,
        })),
      ),
  });
};

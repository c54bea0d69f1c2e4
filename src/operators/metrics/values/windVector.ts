import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import { squaredLengths } from "../../../kernels/scores/squaredLengths.ts";
import type { Values } from "../../../model/field.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { addedScores, scoreMetric } from "../scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "../scoreOptions.ts";

/**
 * Root mean squared error of a vector: sqrt(sum w ((uf - uo)^2 + (vf - vo)^2) / sum w), the root last. A place counts
 * where both components are present on both sides. In the unit of the components; 0 is best, up to infinity.
 *
 *     windVectorRootMeanSquaredError("surface_eastward_wind", "surface_northward_wind")
 *
 * Throws `Options`. WeatherBench 2: Rasp and others 2024, doi:10.1029/2023MS004019.
 */
export const windVectorRootMeanSquaredError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  eastward: N,
  northward: N,
  options: ScoreOptions & GroupOptions<V> = {},
): Metric<V> =>
  scoreMetric<V>(scoreOptions("windVectorRootMeanSquaredError", options), {
    name: "windVectorRootMeanSquaredError",
    term: "vector wind root mean squared error",
    definition: "sqrt(sum w ((uf - uo)^2 + (vf - vo)^2) / sum w) over present pairs of a key, the root last",
    variable: eastward,
    variables: [eastward, northward],
    unit: (unit) => unit,
    parameters: { northward },
    sums: (pair, weights) => once(vectorSums, pair, eastward, northward, weights),
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : Math.sqrt(sums[0]! / weight), n }],
  });

const vectorSums = (pair: Pair, eastward: string, northward: string, weights: Weights): ScoreTotal => {
  const [f, o] = [pair.forecast, pair.target].map((side): [Values, Values] => [
    side[eastward]!.values,
    side[northward]!.values,
  ]) as [[Values, Values], [Values, Values]];
  return addedScores(1, pair, weights, (start, stop, columns, out) =>
    squaredLengths(f, o, start, stop, columns, out),
  );
};

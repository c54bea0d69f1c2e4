import type { ScoreTotal } from "../../kernels/scoreTotal.ts";
import type { Values } from "../../model/field.ts";
import type { Metric } from "../../model/metric.ts";
import type { Pair, Weights } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "./noVariables.ts";
import { once } from "./once.ts";
import { scoreMetric, writtenScores } from "./scoreMetric.ts";
import { type ScoreOptions, scoreOptions } from "./scoreOptions.ts";

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
  options: ScoreOptions = {},
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
  const { forecast, target } = pair;
  const [uf, uo] = [forecast[eastward]!.values, target[eastward]!.values];
  const [vf, vo] = [forecast[northward]!.values, target[northward]!.values];
  return writtenScores(1, pair, weights, (start, stop, [out]) =>
    squaredLengths(uf, uo, vf, vo, start, stop, out!),
  );
};

/** (uf - uo)^2 + (vf - vo)^2 at the places [start, stop), to the beginning of `out`. */
const squaredLengths = (
  uf: Values,
  uo: Values,
  vf: Values,
  vo: Values,
  start: number,
  stop: number,
  out: Float64Array,
): void => {
  for (let i = start; i < stop; i++) {
    const u = uf[i]! - uo[i]!;
    const v = vf[i]! - vo[i]!;
    out[i - start] = u * u + v * v;
  }
};

import { variogramOf } from "../../../kernels/ensembles/variogramOf.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, TimeKind } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import { squaredUnit } from "../squaredUnit.ts";
import { fieldTotal, sampleOf } from "./energy.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface VariogramOptions extends PoolingOptions {
  /** Order p, or several; 0.5 unless said. */
  readonly order?: number | readonly number[];
}

/**
 * Variogram score of whole fields: the mean over fields of sum_ij w_i w_j (|o_i - o_j|^p - mean |x_i - x_j|^p)^2 over ordered
 * pairs of places (each counts twice), weights of area with 1 on the mean. In the 2p-th power of the unit; 0 is best; a row an
 * order. It does not see a constant added to a whole field. Places, members and `n` as of `energyScore`; the field is
 * seen as a whole, and the cost grows with the square of its places: for regions of some thousand.
 *
 *     variogramScore("surface_air_temperature", { order: [0.5, 1], weights: "none" })
 *
 * Throws `Options`. Scheuerer and Hamill 2015, doi:10.1175/MWR-D-14-00269.1.
 */
export const variogramScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: VariogramOptions & GroupOptions<V, TimeKind> = {},
): Metric<V, any, TimeKind> => {
  const name = "variogramScore";
  onlyOptions(name, options, ["order", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const orders = [options.order ?? 0.5].flat() as readonly number[];
  if (orders.length === 0 || !orders.every((order) => order > 0 && Number.isFinite(order))) {
    throw new EwbError(
      "Options",
      `${name}: order is [${orders.join(", ")}]; expected numbers above 0, like 0.5.`,
    );
  }
  const isOne = orders.length === 1;
  return sumsMetric<V, TimeKind>({
    name,
    term: "variogram score",
    definition:
      "mean over fields of sum_ij w_i w_j (|o_i - o_j|^p - mean |x_i - x_j|^p)^2 over ordered pairs of places",
    variable,
    unit: (unit) => (isOne ? powerUnit(unit, orders[0]!) : unit),
    parameters: { order: orders.join(","), ...parameters },
    needs: { variables: [variable], members: true, leastMembers: "all", whole: true },
    ...grouping,
    sums: (pair) => {
      const sample = once(sampleOf, pair, [variable], weights);
      const scores = orders.map((order) => once(variogramOfPair, pair, variable, weights, order));
      return fieldTotal(sample, 1, scores);
    },
    rows: ({ n, weight, sums }) =>
      orders.map((order, k) => ({
        ...(isOne ? {} : { parameters: { order: `${order}` } }),
        value: n === 0 ? Number.NaN : sums[k]! / weight,
        n,
      })),
  });
};

const variogramOfPair = (pair: Pair, variable: string, weights: Weights, order: number): number =>
  variogramOf(once(sampleOf, pair, [variable], weights), order);

/** The 2p-th power of a unit. */
const powerUnit = (unit: string, order: number): string =>
  order === 0.5 || unit === "1" ? unit : order === 1 ? squaredUnit(unit) : `(${unit})${2 * order}`;

export const variogramDocs: readonly MetricDoc[] = [
  {
    name: "variogramScore",
    term: "variogram score",
    short: ["vs"],
    formula: "sum_ij (|o_i - o_j|^p - mean|x_i - x_j|^p)^2 over ordered pairs of places, mean over fields",
    unit: "[x]2p",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Scheuerer and Hamill 2015, doi:10.1175/MWR-D-14-00269.1",
  },
];

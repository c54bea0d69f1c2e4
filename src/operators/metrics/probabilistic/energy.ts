import { type Energy, energyOf } from "../../../kernels/ensembles/energyOf.ts";
import { type FieldSample, fieldSample } from "../../../kernels/ensembles/fieldSample.ts";
import { exactSum } from "../../../kernels/exactSum.ts";
import type { ScoreTotal } from "../../../kernels/scores/scoreTotal.ts";
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
import { weighedLeaves } from "../values/errorSums.ts";
import { membersOf } from "./ensemble.ts";
import { type Estimator, estimatorOf, POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface EnergyOptions<Name extends string> extends PoolingOptions {
  readonly estimator?: Estimator;
  /** Further variables of the same unit: the other components of a vector. */
  readonly components?: readonly Name[];
}

/**
 * Energy score of whole fields: the mean over fields of mean |x_i - o| - S, S = sum_ij |x_i - x_j| / (2 M (M - 1)) (fair),
 * / (2 M^2) (ecdf), in the Euclidean norm over all places (and components), squares weighted by area with 1 on the mean. In
 * the unit of the variable; 0 is best. Each field counts alike; `n` is the number of places. A member that is missing
 * altogether is left out; then a place counts where all members are present. The field is seen as a whole: a unit is never cut.
 *
 *     energyScore("surface_eastward_wind", { components: ["surface_northward_wind"], weights: "none" })
 *
 * Throws `Options`; `Unit` where components differ in unit. Gneiting and Raftery 2007, doi:10.1198/016214506000001437.
 */
export const energyScore = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: EnergyOptions<keyof V & string> & GroupOptions<V, TimeKind> = {},
): Metric<V, any, TimeKind> => {
  const name = "energyScore";
  onlyOptions(name, options, ["estimator", "components", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const estimator = estimatorOf(name, options.estimator);
  const { components = [] } = options;
  const variables = [...new Set([variable, ...components])];
  return sumsMetric<V, TimeKind>({
    name,
    term: "energy score",
    definition:
      "mean over fields of mean |x_i - o| - sum_ij |x_i - x_j| / (2 M (M - 1)), Euclidean norm; estimator=ecdf: / (2 M^2)",
    variable,
    unit: (unit) => unit,
    parameters: {
      estimator,
      ...(components.length === 0 ? {} : { components: components.join(",") }),
      ...parameters,
    },
    needs: { variables, members: true, leastMembers: "all", whole: true },
    ...grouping,
    sums: (pair) => {
      const sample = once(sampleOf, pair, variables, weights);
      const { error, among } = once(energyOfPair, pair, variables, weights);
      const m = sample.members.length;
      const spread = among / (m * (estimator === "fair" ? m - 1 : m));
      return fieldTotal(sample, estimator === "fair" ? 2 : 1, [error - spread]);
    },
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : sums[0]! / weight, n }],
  });
};

const energyOfPair = (pair: Pair, variables: readonly string[], weights: Weights): Energy =>
  energyOf(once(sampleOf, pair, variables, weights));

/** The vectors of a pair. Throws `Unit` where variables differ in unit. */
export const sampleOf = (
  { forecast, target, places }: Pair,
  variables: readonly string[],
  weights: Weights,
): FieldSample => {
  const { unit } = target[variables[0]!]!;
  for (const name of variables) {
    if (target[name]!.unit === unit) continue;
    throw new EwbError(
      "Unit",
      `a vector of ${variables[0]} in ${unit} and ${name} in ${target[name]!.unit}; expected one unit.`,
      { variable: name },
    );
  }
  return fieldSample(
    variables.map((name) => target[name]!.values),
    variables.map((name) => membersOf(forecast[name]!)),
    weighedLeaves(places, weights),
  );
};

/** Scores of one field, each field counted alike; nothing where there is no place, or fewer than `least` members. */
export const fieldTotal = (
  { places, members }: FieldSample,
  least: number,
  scores: readonly number[],
): ScoreTotal =>
  places === 0 || members.length < least
    ? { n: 0, weight: [], sums: scores.map(() => []) }
    : { n: places, weight: [1], sums: scores.map((score) => exactSum([score])) };

export const energyDocs: readonly MetricDoc[] = [
  {
    name: "energyScore",
    term: "energy score",
    short: ["es"],
    formula:
      "mean norm(x_i - o) - sum_ij norm(x_i - x_j) / (2 M (M - 1)), mean over fields; estimator=ecdf: / (2 M^2)",
    unit: "[x]",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Gneiting and Raftery 2007, doi:10.1198/016214506000001437",
  },
];

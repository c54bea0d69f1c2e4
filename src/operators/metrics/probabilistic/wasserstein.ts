import { type MemberDistance, memberDistance } from "../../../kernels/ensembles/memberDistance.ts";
import { type SortedMembers, sortedMembers } from "../../../kernels/ensembles/sortedMembers.ts";
import { scoreTotal } from "../../../kernels/scores/scoreTotal.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import { sumsMetric } from "../keyedSums.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { membersOf } from "./ensemble.ts";
import { type Estimator, estimatorOf, POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";

export interface WassersteinOptions<Name extends string> extends PoolingOptions {
  /** The target variables that are the analyses; unless said the members of the target, or the target alone. */
  readonly analyses?: readonly Name[];
  /** `wasserstein` (unless said): integral |F - G|; `crps`: integral (F - G)^2. */
  readonly distance?: "wasserstein" | "crps";
  /** Of the `crps` distance: `fair` (unless said; two members a side) or `ecdf`. */
  readonly estimator?: Estimator;
}

/**
 * Distance of a forecast ensemble from an ensemble of analyses, place by place: Wasserstein, integral |F - G|, or that of the
 * CRPS, E|X - Y| - E|X - X'| / 2 - E|Y - Y'| / 2. In the unit of the variable; 0 is best; against one analysis they are the
 * mean of |x_i - o| and the CRPS (ecdf).
 *
 *     wassersteinDistance("t", { analyses: ["t_analysis_1", "t_analysis_2"] })
 *
 * Throws `Options`. Vallender 1974, doi:10.1137/1118101; Székely and Rizzo 2013, doi:10.1016/j.jspi.2013.03.018.
 */
export const wassersteinDistance = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: WassersteinOptions<keyof V & string> & GroupOptions<V> = {},
): Metric<V> => {
  const name = "wassersteinDistance";
  onlyOptions(name, options, ["analyses", "distance", "estimator", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const distance = oneOf(name, "distance", options.distance ?? "wasserstein", ["wasserstein", "crps"]);
  const estimator = estimatorOf(name, options.estimator);
  const { analyses = [] } = options;
  const isCrps = distance === "crps";
  return sumsMetric<V>({
    name,
    term: isCrps ? "CRPS distance" : "Wasserstein distance",
    definition: isCrps
      ? "sum w (E|X - Y| - E|X - X'| / 2 - E|Y - Y'| / 2) / sum w over present pairs of a key"
      : "sum w integral |F - G| / sum w over present pairs of a key, F and G the steps of both ensembles",
    variable,
    unit: (unit) => unit,
    parameters: {
      ...(isCrps ? { distance, estimator } : {}),
      ...(analyses.length === 0 ? {} : { analyses: analyses.join(",") }),
      ...parameters,
    },
    needs: {
      variables: [...new Set([variable, ...analyses])],
      members: true,
      ...(isCrps && estimator === "fair" ? { leastMembers: 2 } : {}),
    },
    ...grouping,
    sums: (pair) => {
      const scores = distances(pair, variable, analyses, isCrps ? estimator : undefined);
      return scoreTotal([scores], weighedLeaves(pair.places, weights));
    },
    rows: ({ n, weight, sums }) => [{ value: n === 0 ? Number.NaN : sums[0]! / weight, n }],
  });
};

const sortedTarget = (
  { target, places }: Pair,
  variable: string,
  analyses: readonly string[],
): SortedMembers =>
  sortedMembers(
    analyses.length === 0 ? membersOf(target[variable]!) : analyses.map((name) => target[name]!.values),
    places.leaves,
  );

const distances = (
  pair: Pair,
  variable: string,
  analyses: readonly string[],
  estimator: Estimator | undefined,
): Float64Array => {
  const forecast = sortedMembers(membersOf(pair.forecast[variable]!), pair.places.leaves);
  const target = sortedTarget(pair, variable, analyses);
  const borders = pair.places.leaves;
  const scores = new Float64Array(pair.target[variable]!.values.length).fill(Number.NaN);
  const distance: MemberDistance = { wasserstein: 0, mutual: 0, first: 0, second: 0 };
  const less = estimator === "fair" ? 1 : 0;
  for (let leaf = 0; leaf + 1 < borders.length; leaf++) {
    const start = borders[leaf]!;
    const [x, y] = [forecast.leaf(leaf), target.leaf(leaf)];
    for (let i = start; i < borders[leaf + 1]!; i++) {
      const [p, q] = [x.counts[i - start]!, y.counts[i - start]!];
      if (p <= less || q <= less) continue;
      memberDistance(
        x.values,
        (i - start) * forecast.stride,
        p,
        y.values,
        (i - start) * target.stride,
        q,
        distance,
      );
      const { wasserstein, mutual, first, second } = distance;
      scores[i] =
        estimator === undefined ? wasserstein : mutual - first / (p * (p - less)) - second / (q * (q - less));
    }
  }
  return scores;
};

export const wassersteinDocs: readonly MetricDoc[] = [
  {
    name: "wassersteinDistance",
    term: "Wasserstein distance",
    formula:
      "integral |F - G| of forecast members and analyses, w-mean; distance=crps: integral (F - G)^2, fair or ecdf",
    unit: "[x]",
    range: [0, Number.POSITIVE_INFINITY],
    better: "low",
    perfect: 0,
    reference: "Vallender 1974, doi:10.1137/1118101",
  },
];

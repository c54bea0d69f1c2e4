import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { groupsMetric, type Table, totalOf } from "./groupsMetric.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";
import { rankGroups, rankOf } from "./rankGroups.ts";

export interface RankHistogramOptions extends PoolingOptions {
  /** A target equal to m members is shared among the m + 1 ranks it could have (unless said), or has the `lowest`. */
  readonly ties?: "shared" | "lowest";
}

/**
 * Rank histogram (Talagrand diagram): share of each rank of the target among the members, rank 1 below all of them, rank
 * M + 1 above; a row a rank, `by` `rank=1`. Unit 1; flat (1 / (M + 1)) is best. A place counts where all members are
 * present: ranks among different numbers cannot be compared; ensembles of different size have their own rows.
 *
 *     rankHistogram("surface_air_temperature")
 *
 * Throws `Options`. Hamill 2001, doi:10.1175/1520-0493(2001)129<0550:IORHFV>2.0.CO;2.
 */
export const rankHistogram = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RankHistogramOptions & GroupOptions<V> = {},
): Metric<V> => {
  const name = "rankHistogram";
  onlyOptions(name, options, ["ties", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const ties = oneOf(name, "ties", options.ties ?? "shared", ["shared", "lowest"]);
  return groupsMetric<V>({
    name,
    term: "rank histogram",
    definition: "share of the places whose target has each rank among the members, weighted",
    variable,
    unit: () => "1",
    parameters: { ties, ...parameters },
    needs: { variables: [variable], members: true },
    ...grouping,
    groups: (pair) => [rankGroups(pair, variable, true, weights)],
    rows: ([table]) => {
      const sizes = [...new Set(table!.map(({ name }) => rankOf(name).present))];
      return sizes.flatMap((members) =>
        histogram(
          table!.filter(({ name }) => rankOf(name).present === members),
          members,
          ties,
        ),
      );
    },
  });
};

const histogram = (table: Table, members: number, ties: "shared" | "lowest"): MetricRow[] => {
  const { n, weight } = totalOf(table);
  const ranks = new Float64Array(members + 1);
  for (const { name, weight: w } of table) {
    const { below, equal } = rankOf(name);
    if (ties === "lowest") ranks[below]! += w;
    else for (let k = 0; k <= equal; k++) ranks[below + k]! += w / (equal + 1);
  }
  return Array.from(ranks, (share, k) => ({
    by: `rank=${k + 1}`,
    parameters: { members: `${members}` },
    value: n === 0 ? Number.NaN : share / weight,
    n,
  }));
};

export const rankHistogramDocs: readonly MetricDoc[] = [
  {
    name: "rankHistogram",
    term: "rank histogram",
    short: ["talagrand"],
    formula: "share of each rank 1 + number of members below o, ties shared",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: "Hamill 2001, doi:10.1175/1520-0493(2001)129<0550:IORHFV>2.0.CO;2",
  },
];

import { type Groups, groupTotal } from "../../../kernels/ensembles/groupTotal.ts";
import { normalProbability } from "../../../kernels/ensembles/normal.ts";
import { binOf, type Closed } from "../../../kernels/tables/binOf.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { type BinOptions, binName, binNumbers, edgesOf } from "./bins.ts";
import { type CdfForecast, type CdfVariables, cdfFields, parseCdf } from "./cdfForecast.ts";
import { normalScores } from "./gaussian.ts";
import { groupsMetric, type Table, totalOf } from "./groupsMetric.ts";
import { NORMAL, type NormalOptions, parseNormal } from "./normalForecast.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";
import { rankGroups, rankOf } from "./rankGroups.ts";

export interface PitHistogramOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    BinOptions,
    NormalOptions<Name> {
  /** A distribution function: the probability of at most each threshold, linear between them. */
  readonly cdf?: CdfVariables<Unit, Name>;
}

const NAME = "pitHistogram";

/**
 * Histogram of the probability integral transform: the mass of F(o) in each bin; a row a bin, `by` `bin=0.2..0.4`, and the
 * mean of F(o). Of an ensemble F(o) is uniform between the shares of members below and up to the target. Unit 1; flat,
 * and mean 0.5, is best. Bins (a, b], the first one closed, unless `closed` says `left`. Of members, or of a normal
 * distribution or a distribution function given by forecast variables.
 *
 *     pitHistogram("surface_air_temperature", { bins: 5 })
 *     pitHistogram("t", { mean: "t_mean", standardDeviation: "t_deviation" })
 *
 * Throws `Options`, `Unit`, `InvalidValue`. Gneiting, Balabdaoui and Raftery 2007, doi:10.1111/j.1467-9868.2007.00587.x.
 */
export const pitHistogram = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PitHistogramOptions<V[N], keyof V & string> & GroupOptions<V> = {},
): Metric<V> => {
  onlyOptions(NAME, options, ["bins", "closed", "cdf", ...NORMAL, ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(NAME, options);
  const edges = edgesOf(NAME, options.bins);
  if (edges[0] !== 0 || edges.at(-1) !== 1) {
    throw new EwbError("Options", `${NAME}: bins go from ${edges[0]} to ${edges.at(-1)}; expected 0 to 1.`);
  }
  const closed = oneOf(NAME, "closed", options.closed ?? "right", ["left", "right"]);
  const cdf = options.cdf && parseCdf(NAME, variable, options.cdf);
  const normal = parseNormal(NAME, variable, options);
  if (cdf !== undefined && normal.of !== undefined) {
    throw new EwbError("Options", `${NAME}: give either \`cdf\` or \`mean\` and \`standardDeviation\`.`);
  }
  const isEnsemble = cdf === undefined && normal.of === undefined;
  return groupsMetric<V>({
    name: NAME,
    term: "PIT histogram",
    definition: "mass of F(o) in each bin, weighted; of an ensemble F(o) is uniform on [F(o-), F(o)]",
    variable,
    unit: () => "1",
    parameters: {
      ...(cdf === undefined ? normal.parameters : { cdf: cdf.text }),
      bins: edges.join(","),
      ...(closed === "left" ? { closed } : {}),
      ...parameters,
    },
    needs: cdf === undefined ? normal.needs : { variables: [...new Set([variable, ...cdf.names])] },
    ...grouping,
    groups: (pair) => {
      if (isEnsemble) return [rankGroups(pair, variable, false, weights)];
      const values =
        cdf === undefined ? normalScores(pair, normal, probabilityUpTo) : cdfValues(pair, variable, cdf);
      const indices = Int32Array.from(values, (value) => binOf(value, edges, closed));
      return [
        groupTotal(indices, binNumbers(edges), [values], weighedLeaves(pair.places, weights)),
      ] as Groups[];
    },
    rows: ([table]) => {
      const { n, weight } = totalOf(table!);
      const { mass, mean } = isEnsemble ? massOfRanks(table!, edges, closed) : massOfBins(table!, edges);
      const row = (value: number): MetricRow => ({ value: n === 0 ? Number.NaN : value / weight, n });
      return [
        ...Array.from(mass, (value, bin) => ({ by: binName(edges, bin), ...row(value) })),
        { term: "mean of the PIT", ...row(mean) },
      ];
    },
  });
};

interface Mass {
  readonly mass: Float64Array;
  readonly mean: number;
}

const massOfRanks = (table: Table, edges: readonly number[], closed: Closed): Mass => {
  const mass = new Float64Array(edges.length - 1);
  let mean = 0;
  for (const { name, weight, n } of table) {
    if (n === 0) continue;
    const { present, below, equal } = rankOf(name);
    const low = below / present;
    const high = (below + equal) / present;
    mean += (weight * (low + high)) / 2;
    if (equal === 0) {
      mass[binOf(low, edges, closed)]! += weight;
      continue;
    }
    for (let bin = 0; bin < mass.length; bin++) {
      const part = Math.min(high, edges[bin + 1]!) - Math.max(low, edges[bin]!);
      if (part > 0) mass[bin]! += (weight * part) / (high - low);
    }
  }
  return { mass, mean };
};

const massOfBins = (table: Table, edges: readonly number[]): Mass => {
  const mass = new Float64Array(edges.length - 1);
  let mean = 0;
  for (const { name, weight, sums } of table) {
    mass[name] = weight;
    mean += sums[0]!;
  }
  return { mass, mean };
};

const probabilityUpTo = (observed: number, mean: number, deviation: number): number =>
  deviation === 0 && observed === mean ? 0.5 : normalProbability((observed - mean) / deviation);

const cdfValues = (pair: Pair, variable: string, forecast: CdfForecast): Float64Array => {
  const fields = cdfFields(NAME, pair, forecast);
  const { thresholds } = forecast;
  const observed = Float64Array.from(pair.target[variable]!.values);
  return observed.map((value, i) => {
    let k = 0;
    while (k < thresholds.length - 2 && value > thresholds[k + 1]!) k += 1;
    const share = (value - thresholds[k]!) / (thresholds[k + 1]! - thresholds[k]!);
    const at = fields[k]![i]! + share * (fields[k + 1]![i]! - fields[k]![i]!);
    return Math.min(1, Math.max(0, at));
  });
};

export const pitHistogramDocs: readonly MetricDoc[] = [
  {
    name: NAME,
    term: "PIT histogram",
    short: ["pit"],
    formula: "mass of F(o) in each bin (a, b], first closed; of an ensemble uniform on [F(o-), F(o)]",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: "Gneiting, Balabdaoui and Raftery 2007, doi:10.1111/j.1467-9868.2007.00587.x",
  },
];

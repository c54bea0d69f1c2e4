import { isotonicFit } from "../../../kernels/ensembles/isotonicFit.ts";
import type { Closed } from "../../../kernels/tables/binOf.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { edgesOf } from "./bins.ts";
import { EVENT, type EventOptions, parseEvents } from "./event.ts";
import { groupsMetric, type Table } from "./groupsMetric.ts";
import { POOLING, type PoolingOptions, poolingOf } from "./pooling.ts";
import { binGroups, distinctGroups } from "./probabilityGroups.ts";

export interface BrierDecompositionOptions<Unit extends string, Name extends string>
  extends PoolingOptions,
    EventOptions<Unit, Name> {
  /**
   * `distinct`: a bin for each different probability (unless said, for an ensemble); `isotonic`: none, the best
   * non-decreasing recalibration instead; else a number of bins or their edges (ten, for a probability).
   */
  readonly bins?: "distinct" | "isotonic" | number | readonly number[];
  readonly closed?: Closed;
}

/**
 * Parts of the Brier score (of p = k / M as it is), one row each. With bins of mean probability p_k and event
 * frequency o_k: Brier score = reliability sum w_k (p_k - o_k)^2 - resolution sum w_k (o_k - c)^2 + uncertainty c (1 - c)
 * + within-bin variance - within-bin covariance, all over sum w; and the reliability of each probability instead of its
 * bin's mean, and the skill score 1 - Brier score / uncertainty. `isotonic`: Brier score = miscalibration -
 * discrimination + uncertainty, and the recalibrated probability of each. Unit 1; reliability, miscalibration: low is
 * best, resolution, discrimination: high.
 *
 *     brierDecomposition("surface_air_temperature", { above: "303.15 K" })
 *     brierDecomposition("storm", { probability: "storm", bins: [0, 0.2, 0.4, 0.6, 0.8, 1] })
 *
 * Throws as `brierScore`. Murphy 1973, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; within bins: Stephenson et
 * al. 2008, doi:10.1175/2007WAF2006116.1; isotonic: Dimitriadis et al. 2021, doi:10.1073/pnas.2016191118.
 */
export const brierDecomposition = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: BrierDecompositionOptions<V[N], keyof V & string> & GroupOptions<V>,
): Metric<V> => {
  const name = "brierDecomposition";
  onlyOptions(name, options, [...EVENT, "bins", "closed", ...POOLING]);
  const { weights, parameters, ...grouping } = poolingOf(name, options);
  const {
    events,
    isEnsemble,
    needs,
    parameters: ofEvents,
    rowParameters,
  } = parseEvents(name, variable, options);
  const bins = options.bins ?? (isEnsemble ? "distinct" : 10);
  if (typeof bins === "string") oneOf(name, "bins", bins, ["distinct", "isotonic"]);
  const edges = typeof bins === "string" ? undefined : edgesOf(name, bins);
  if (edges !== undefined && !(edges[0]! <= 0 && edges.at(-1)! >= 1)) {
    throw new EwbError(
      "Options",
      `${name}: bins go from ${edges[0]} to ${edges.at(-1)}; expected all from 0 to 1.`,
    );
  }
  const closed = oneOf(name, "closed", options.closed ?? "left", ["left", "right"]);
  return groupsMetric<V>({
    name,
    term: "Brier score",
    definition:
      bins === "isotonic"
        ? "miscalibration BS(p) - BS(r), discrimination BS(c) - BS(r), uncertainty BS(c); r isotonic regression on p"
        : "reliability sum w (p_k - o_k)^2, resolution sum w (o_k - c)^2, uncertainty c (1 - c), within-bin terms, / sum w",
    variable,
    unit: () => "1",
    parameters: {
      ...ofEvents,
      bins: edges === undefined ? `${bins}` : edges.join(","),
      ...(closed === "right" ? { closed } : {}),
      ...parameters,
    },
    needs,
    ...grouping,
    groups: (pair) =>
      events.map((event) =>
        edges === undefined
          ? distinctGroups(pair, event, weights)
          : binGroups(pair, event, edges, closed, weights),
      ),
    rows: (tables) =>
      tables.flatMap((table, k) => {
        const rows =
          bins === "isotonic"
            ? isotonicRows(table)
            : partRows(edges === undefined ? exactBins(table) : table);
        return rows.map((row) => ({ ...rowParameters(k), ...row }));
      }),
  });
};

/** Groups of one probability each, with the sums that those of bins have. */
const exactBins = (table: Table): Table =>
  table.map(({ name: p, n, weight, sums: [o] }) => ({
    name: p,
    n,
    weight,
    sums: [o!, p * weight, p * p * weight, p * o!],
  }));

const partRows = (table: Table): MetricRow[] => {
  let [n, weight, events] = [0, 0, 0];
  for (const group of table) {
    n += group.n;
    weight += group.weight;
    events += group.sums[0]!;
  }
  const c = events / weight;
  const uncertainty = c * (1 - c);
  let [reliability, resolution, variance, covariance, pointwise, brier] = [0, 0, 0, 0, 0, 0];
  for (const { weight: w, sums } of table) {
    const [o, p, pp, po] = sums as [number, number, number, number];
    const [meanP, meanO] = [p / w, o / w];
    reliability += w * (meanP - meanO) * (meanP - meanO);
    resolution += w * (meanO - c) * (meanO - c);
    variance += pp - p * meanP;
    covariance += 2 * (po - p * meanO);
    pointwise += pp - 2 * p * meanO + o * meanO;
    brier += pp - 2 * po + o;
  }
  return [
    row("Brier score", brier / weight, n),
    row("reliability", reliability / weight, n),
    row("resolution", resolution / weight, n),
    row("uncertainty", uncertainty, n),
    row("within-bin variance", variance / weight, n),
    row("within-bin covariance", covariance / weight, n),
    row("pointwise reliability", pointwise / weight, n),
    row("Brier skill score", 1 - brier / weight / uncertainty, n),
  ];
};

const isotonicRows = (table: Table): MetricRow[] => {
  const means = table.map(({ weight, sums }) => sums[0]! / weight);
  const fitted = isotonicFit(
    means,
    table.map(({ weight }) => weight),
  );
  let [n, weight, events, brier, recalibrated] = [0, 0, 0, 0, 0];
  table.forEach(({ name: p, n: count, weight: w, sums: [o] }, k) => {
    const r = fitted[k]!;
    n += count;
    weight += w;
    events += o!;
    brier += p * p * w - 2 * p * o! + o!;
    recalibrated += r * r * w - 2 * r * o! + o!;
  });
  const c = events / weight;
  const uncertainty = c * (1 - c);
  return [
    row("Brier score", brier / weight, n),
    row("miscalibration", (brier - recalibrated) / weight, n),
    row("discrimination", uncertainty - recalibrated / weight, n),
    row("uncertainty", uncertainty, n),
    row("Brier skill score", 1 - brier / weight / uncertainty, n),
    ...table.map(({ name, n }, k) => ({
      ...row("recalibrated probability", fitted[k]!, n),
      by: `probability=${name}`,
    })),
  ];
};

const row = (term: string, value: number, n: number): MetricRow => ({ term, value, n });

export const brierDecompositionDocs: readonly MetricDoc[] = [
  {
    name: "brierDecomposition",
    term: "Brier decomposition",
    formula:
      "Brier score = reliability - resolution + uncertainty + within-bin variance - within-bin covariance",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference:
      "Murphy 1973, doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Stephenson et al. 2008, doi:10.1175/2007WAF2006116.1",
  },
];

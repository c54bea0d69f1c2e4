import { exactValue } from "../../../kernels/exactSum.ts";
import { categoryCounts } from "../../../kernels/tables/categoryCounts.ts";
import { type CellCounts, mergeCounts } from "../../../kernels/tables/cellCounts.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { parseQuantity, type Quantity, type Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions, weightsOf } from "../options.ts";
import { inPrecisionOf } from "../threshold.ts";
import { weighedLeaves } from "../values/errorSums.ts";
import { type CategoryTable, categoryGerrity } from "./categoryTable.ts";
import { type PoolOptions, pooledMetric } from "./pooled.ts";

/**
 * Several categories: K + 1 rising edges make K categories [edge k, edge k + 1), the first and last edge included, e.g.
 * `["-Infinity mm", "0.1 mm", "2 mm", "Infinity mm"]`. A value outside of all is no sample.
 */
export interface CategoryOptions<Unit extends string> extends PoolOptions {
  readonly edges: readonly (Quantity<Unit> | `${"" | "-"}Infinity ${Unit}`)[];
  /** What is added up: 1 a place (unless said), exact cell area, cosine of latitude, or density of points. */
  readonly weights?: Weights;
}

/** A number made of a square table. */
export interface CategoryScore {
  readonly doc: MetricDoc;
  value(table: CategoryTable): number;
}

/** The K x K table of one pair; metrics of the same edges share it through `once`. */
const categoryTables = (
  { forecast, target, places }: Pair,
  variable: string,
  edges: readonly number[],
  weights: Weights,
): CellCounts => {
  const [f, o] = [forecast[variable]!.values, target[variable]!.values];
  return categoryCounts(
    f,
    o,
    edges.map((edge) => inPrecisionOf(f, edge)),
    edges.map((edge) => inPrecisionOf(o, edge)),
    weighedLeaves(places, weights),
    weights !== "none",
  );
};

/** The metric of one score of several categories. */
export const categoryScore = <V extends Variables>(
  { doc, value }: CategoryScore,
  variable: keyof V & string,
  options: CategoryOptions<string>,
): Metric<V> => {
  const { name, term, formula } = doc;
  onlyOptions(name, options, ["edges", "keep", "runs", "weights", ...GROUPS]);
  const { edges, unit } = edgesOf(name, options.edges);
  const weights = weightsOf(name, options.weights ?? "none");
  const K = edges.length - 1;
  return pooledMetric<V, CellCounts>({
    name,
    term,
    definition: formula,
    variable,
    unit: () => "1",
    options,
    parameters: { edges: edges.map((edge) => `${edge} ${unit}`).join(", "), weights },
    needs: { variables: [variable] },
    observe: (pair) => {
      const found = pair.forecast[variable]!.unit;
      if (found !== unit) {
        throw new EwbError(
          "Unit",
          `${name}: the edges are in ${unit}, ${variable} in ${found}. Give the edges in ${found}.`,
          { variable },
        );
      }
      return once(categoryTables, pair, variable, edges, weights);
    },
    join: mergeCounts,
    rows: ({ counts, sums }) => {
      const n = counts.reduce((sum, count) => sum + count, 0);
      const cells = sums === undefined ? Array.from(counts) : sums.map(exactValue);
      return [{ value: n === 0 ? Number.NaN : value({ cells, K }), n }];
    },
  });
};

const edgesOf = (metric: string, given: readonly string[]): { edges: number[]; unit: string } => {
  const parsed = (Array.isArray(given) ? given : []).map(parseQuantity);
  const edges = parsed.map(({ value }) => value);
  const unit = parsed[0]?.unit ?? "";
  const rising = edges.length > 2 && edges.every((edge, k) => k === 0 || edge > edges[k - 1]!);
  if (rising && unit !== "" && parsed.every((edge) => edge.unit === unit)) return { edges, unit };
  throw new EwbError(
    "Options",
    `${metric}: edges are ${JSON.stringify(given)}; expected three or more rising numbers of one unit, like ["-Infinity mm", "2 mm", "Infinity mm"].`,
  );
};

export const gerrityDoc: MetricDoc = {
  name: "gerritySkillScore",
  term: "Gerrity skill score",
  short: ["gss"],
  formula: "sum p_ij s_ij over K categories, s Gerrity's scoring matrix of the observed shares",
  unit: "1",
  range: [-1, 1],
  better: "high",
  perfect: 1,
  reference: "Gerrity 1992, doi:10.1175/1520-0493(1992)120<2709:ANOGMS>2.0.CO;2",
};

/**
 * Gerrity skill score of several categories: sum p_ij s_ij, where near misses cost less and rare categories count more.
 * Unit 1; -1 to 1. 1 is best. NaN where the first or last category was not observed. Throws `Options` for edges that do
 * not rise, `Unit` where they are not in the variable's unit.
 *
 *     gerritySkillScore("accumulated_precipitation", { edges: ["0 kg m-2", "0.1 kg m-2", "2 kg m-2", "10 kg m-2", "Infinity kg m-2"] })
 *
 * Gerrity 1992, doi:10.1175/1520-0493(1992)120<2709:ANOGMS>2.0.CO;2.
 */
export const gerritySkillScore = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: CategoryOptions<V[N]> & GroupOptions<V>,
): Metric<V> => categoryScore<V>({ doc: gerrityDoc, value: categoryGerrity }, variable, options);

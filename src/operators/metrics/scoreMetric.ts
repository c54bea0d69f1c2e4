import { type AddLeaf, addedTotal, type ScoreTotal } from "../../kernels/scores/scoreTotal.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { ClimatologyField, Pair, Weights } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import { type KeyTotal, sumsMetric } from "./keyedSums.ts";
import type { ParsedScoreOptions } from "./scoreOptions.ts";
import { weighedLeaves } from "./values/errorSums.ts";

/** What tells one metric of weighted sums from another, beside its common options. */
export interface Score<V extends Variables> {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  readonly variable: keyof V & string;
  /** More than `variable`, where the metric needs more. */
  readonly variables?: readonly (keyof V & string)[];
  readonly climatologies?: readonly ClimatologyField[] | undefined;
  unit(variableUnit: string): string;
  readonly parameters: Readonly<Record<string, string>>;
  sums(pair: Pair, weights: Weights): ScoreTotal;
  /** The weighted mean of the first sum unless said. */
  rows?(total: KeyTotal): readonly MetricRow[];
}

/** A metric of weighted sums with the common options. */
export const scoreMetric = <V extends Variables>(
  { keep, weights, parameters, asked }: ParsedScoreOptions,
  { variables, climatologies, sums, rows, ...score }: Score<V>,
): Metric<V> =>
  asked(
    sumsMetric<V>({
      ...score,
      parameters: { ...parameters, ...score.parameters },
      needs: {
        variables: variables ?? [score.variable],
        ...(climatologies === undefined ? {} : { climatologies }),
      },
      keep,
      sums: (pair) => sums(pair, weights),
      rows: rows ?? meanRow,
    }),
  );

/** The sums of `many` scores over the places of a pair, computed and added up leaf by leaf. */
export const addedScores = (many: number, { places }: Pair, weights: Weights, add: AddLeaf): ScoreTotal =>
  addedTotal(many, weighedLeaves(places, weights), add);

/** One row: the weighted mean of the first score. */
export const meanRow = ({ n, weight, sums }: KeyTotal): readonly MetricRow[] => [
  { value: n === 0 ? Number.NaN : sums[0]! / weight, n },
];

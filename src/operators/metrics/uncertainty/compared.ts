import type { BreakdownKind, Metric, MetricRow, MetricTotal } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { needsOfReference, type ParsedReference, referenceOf } from "./reference.ts";
import { rowKey } from "./rowKey.ts";

/** The states of a metric over the forecast and over a reference in its place. */
export interface ComparedState {
  readonly own: any;
  readonly reference: any;
}

/** What a metric that is compared with a reference does; without its names. */
export type Compared<V extends Variables, B extends BreakdownKind> = Pick<
  Metric<V, ComparedState, B>,
  "needs" | "apart" | "breakdowns" | "zero" | "observe" | "merge" | "finish" | "additive"
>;

/**
 * A metric of the forecast and of a reference, observed together; each row is made of the row of the one and the row
 * of the other with the same key.
 *
 * @param combine the row of both; the reference's is undefined where it has none
 */
export const compared = <V extends Variables, B extends BreakdownKind>(
  metric: Metric<V, any, B>,
  reference: ParsedReference,
  pairs: "same" | "own",
  combine: (own: MetricRow, reference: MetricRow | undefined) => MetricRow,
): Compared<V, B> => {
  const { apart, breakdowns, additive } = metric;
  const join = (own: readonly MetricRow[], other: readonly MetricRow[]): MetricRow[] => {
    const byKey = new Map(other.map((row) => [rowKey(row), row]));
    return own.map((row) => combine(row, byKey.get(rowKey(row))));
  };
  return {
    needs: needsOfReference(metric.needs, reference),
    ...(apart === undefined ? {} : { apart }),
    ...(breakdowns === undefined ? {} : { breakdowns }),
    ...("acrossRuns" in metric ? { acrossRuns: true } : {}),
    zero: () => ({ own: metric.zero(), reference: metric.zero() }),
    observe: (pair) => {
      if (!pair.matched) return { own: metric.observe(pair), reference: metric.observe(pair) };
      const { variables, leastMembers } = metric.needs;
      const both = referenceOf(pair, variables, reference, pairs, leastMembers);
      return {
        own: metric.observe(both.own as typeof pair),
        reference: metric.observe(both.reference as typeof pair),
      };
    },
    merge: (a, b) => ({
      own: metric.merge(a.own, b.own),
      reference: metric.merge(a.reference, b.reference),
    }),
    finish: ({ own, reference: other }) => join(metric.finish(own), metric.finish(other)),
    ...(additive === undefined
      ? {}
      : {
          additive: {
            totals: (state) => joinTotals(additive.totals(state.own), additive.totals(state.reference)),
            rows: (total) => {
              const [own, other] = splitTotal(total);
              return join(additive.rows(own), additive.rows(other));
            },
          },
        }),
  };
};

/** Totals of both as one: those of the reference follow, with their n and weight before them. */
const joinTotals = (own: readonly MetricTotal[], other: readonly MetricTotal[]): MetricTotal[] => {
  const byKey = new Map(other.map((total) => [nameOf(total), total]));
  return own.map((total) => {
    const theirs = byKey.get(nameOf(total));
    const sums = theirs === undefined ? total.sums.map(() => 0) : theirs.sums;
    return { ...total, sums: [...total.sums, theirs?.n ?? 0, theirs?.weight ?? 0, ...sums] };
  });
};

const splitTotal = (total: MetricTotal): [MetricTotal, MetricTotal] => {
  const count = (total.sums.length - 2) / 2;
  const [n, weight] = [total.sums[count]!, total.sums[count + 1]!];
  return [
    { ...total, sums: total.sums.slice(0, count) },
    { ...total, n, weight, sums: total.sums.slice(count + 2) },
  ];
};

const nameOf = (total: MetricTotal): string => rowKey({ ...total, value: 0 });

import type { BreakdownKind, Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { Keep } from "../keep.ts";
import type { Breakdown } from "./breakdown.ts";
import { by } from "./by.ts";
import { type Where, where } from "./where.ts";

/** Options of every metric. `B`: what it may be broken down by. */
export interface GroupOptions<V extends Variables = Variables, B extends BreakdownKind = BreakdownKind> {
  /** Groups of times and places that rows are made for, in the same pass (`by`). */
  readonly by?: readonly Breakdown<B>[] | undefined;
  /** Only these places count (`where`). */
  readonly where?: Where<NoInfer<V>> | readonly Where<NoInfer<V>>[] | undefined;
}

/** Their names. */
export const GROUPS: readonly string[] = ["by", "where"];

/** What a metric makes rows for: the keys it keeps, and groups. */
export interface Grouping extends GroupOptions {
  readonly keep: Keep;
}

/** A metric with its options `where` and `by`: itself where there are none. For factories, which say what `B` is. */
export const grouped = <V extends Variables, B extends BreakdownKind = BreakdownKind>(
  metric: Metric<V, any, any>,
  options: GroupOptions,
): Metric<V, any, B> => {
  const { where: conditions = [], by: breakdowns = [] } = options;
  const some: Metric<V, any, B> =
    [conditions].flat().length === 0 ? metric : where<V, B>(metric, conditions as Where<V>);
  return breakdowns.length === 0 ? some : by<V, B>(some, breakdowns as Breakdown<B>[]);
};

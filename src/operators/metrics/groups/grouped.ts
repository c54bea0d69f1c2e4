import type { BreakdownKind, Metric } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { Breakdown } from "./breakdown.ts";
import { by } from "./by.ts";
import { type Where, where } from "./where.ts";

/** Options of every metric that may be restricted to places and broken down. */
export interface GroupOptions<V extends Variables = Variables, B extends BreakdownKind = BreakdownKind> {
  /** Only these places count (`where`). */
  readonly where?: Where<V> | readonly Where<V>[];
  /** Groups of times and places that rows are made for (`by`). */
  readonly by?: readonly Breakdown<B>[];
}

/** A metric with its options `where` and `by`: itself where there are none. For factories, which say what `B` is. */
export const grouped = <V extends Variables, B extends BreakdownKind>(
  metric: Metric<V, any, any>,
  options: GroupOptions<V, B>,
): Metric<V, any, B> => {
  const some: Metric<V, any, B> = options.where === undefined ? metric : where<V, B>(metric, options.where);
  return options.by === undefined || options.by.length === 0 ? some : by<V, B>(some, options.by);
};

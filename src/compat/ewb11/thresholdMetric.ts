import { EwbError } from "../../model/errors.ts";
import type { Metric } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import type { PeerTableMetric, PeerTableOptions } from "./tables.ts";

/** A score by its factory (a class of the peer), or a factory with options (an instance). */
export type PeerTablePart = PeerTableMetric | readonly [score: PeerTableMetric, options: PeerTableOptions];

export interface PeerThresholdOptions extends PeerTableOptions {
  readonly metrics: readonly PeerTablePart[];
}

/**
 * The scores of one table, as ExtremeWeatherBench 1.1.0 makes them of its `ThresholdMetric`. Two or more share the
 * table of the composite, so that options of their own are ignored; a single one with options keeps them. Throws
 * `Options` where there is none.
 *
 *     score(run, ...thresholdMetric("cbss", { metrics: [criticalSuccessIndex, falseAlarmRatio], forecastThreshold: 15000 }))
 */
export const thresholdMetric = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  { metrics, ...shared }: PeerThresholdOptions,
): Metric<V>[] => {
  if (metrics.length === 0) {
    throw new EwbError(
      "Options",
      "thresholdMetric: there are no metrics; name some, like { metrics: [criticalSuccessIndex, falseAlarmRatio] }.",
    );
  }
  return metrics.map((part) => {
    const [score, own] = typeof part === "function" ? [part, shared] : part;
    return score<V, N>(variable, metrics.length > 1 ? shared : own);
  });
};

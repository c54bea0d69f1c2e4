import type { Metric } from "../../../model/metric.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import type { Variables } from "../../../model/units.ts";
import type { GroupOptions } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { namedTableScores, type TableScoreName } from "./allTableScores.ts";
import { type TableOptions, tableMetric } from "./tableScore.ts";

export type ThresholdMetricsOptions<Unit extends string> = TableOptions<Unit> & {
  /** Names of scores, e.g. `["hitRate", "frequencyBias"]`. */
  readonly scores: readonly TableScoreName[];
};

export const thresholdMetricsDoc: MetricDoc = {
  name: "thresholdMetrics",
  term: "threshold metrics",
  formula: "the scores asked for, of one table",
  unit: "1",
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  better: "none",
  perfect: null,
  reference:
    "ExtremeWeatherBench 1.1, ThresholdMetric, https://github.com/brightbandtech/ExtremeWeatherBench",
};

/**
 * Several scores of one table, one row each with the score's own term. Unit 1; range and direction as the score.
 * Throws `Options` for a score that there is not or events that are none, `Unit` where a threshold is not in the
 * variable's unit.
 *
 *     thresholdMetrics("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2"], scores: ["hitRate", "falseAlarmRatio"] })
 *
 * ExtremeWeatherBench 1.1, ThresholdMetric (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const thresholdMetrics = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: ThresholdMetricsOptions<V[N]> & GroupOptions<V>,
): Metric<V> => {
  const { name, term, formula: definition } = thresholdMetricsDoc;
  const scores = namedTableScores(name, options.scores);
  return tableMetric<V>({ name, term, definition, scores }, variable, options, ["scores"]);
};

import type { BreakdownKind, Metric, OfRuns } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { NoVariables } from "../noVariables.ts";
import { type IntervalOptions, parseInterval, resampled } from "./resampling.ts";
import { mergedStates, mergeRunStates, type RunStates, runsWithSamples } from "./runStates.ts";

/**
 * Any metric with an interval of confidence: its rows with `lower`, `upper` and `confidence`, by drawing whole runs
 * again (blocks of runs that follow each other) and finishing each draw as the metric does. Its states are kept by
 * init, so nothing is read twice; runs without a sample are none. A row that belongs to one run (`keep` has init_time)
 * gets no interval.
 *
 *     withInterval(rootMeanSquaredError("surface_air_temperature"), { block: "5 days", resamples: 1000, seed: 1 })
 *
 * Throws `Options`, also for a metric whose values are made of several runs together (`flipFlopIndex`). Kuensch 1989, doi:10.1214/aos/1176347265; Politis and Romano 1992; Wilks 1997,
 * doi:10.1175/1520-0442(1997)010<0065:RHTFAF>2.0.CO;2.
 */
export const withInterval = <V extends Variables = NoVariables, B extends BreakdownKind = BreakdownKind>(
  metric: OfRuns<V, B>,
  options: IntervalOptions = {},
): Metric<V, RunStates, B> => {
  const rules = parseInterval("withInterval", metric, options);
  // Which runs are drawn depends on all leads: a row is not made of the refs it names alone.
  const { additive: _, apart: _apart, ...described } = metric;
  return {
    ...described,
    unit: (unit) => metric.unit(unit),
    parameters: { ...metric.parameters, ...rules.parameters },
    zero: () => new Map(),
    observe: (pair) => new Map([[pair.initTime, metric.observe(pair)]]),
    merge: (a, b) => mergeRunStates(metric, a, b),
    finish: (states) => {
      const rows = metric.finish(mergedStates(metric, states.values()));
      const found = resampled(metric, runsWithSamples(metric, states), rows, rules);
      return rows.map((row, i) => {
        const interval = found[i];
        if (interval === undefined) return row;
        const { lower, upper } = interval;
        return { ...row, lower, upper, confidence: rules.confidence };
      });
    },
  };
};

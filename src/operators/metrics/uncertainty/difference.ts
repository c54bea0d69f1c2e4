import { dieboldMarianoTest } from "../../../kernels/statistics/dieboldMarianoTest.ts";
import { EwbError } from "../../../model/errors.ts";
import type { BreakdownKind, Metric, MetricRow, OfRuns } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf } from "../options.ts";
import { compared } from "./compared.ts";
import { parseReference, type Reference } from "./reference.ts";
import { type IntervalOptions, parseInterval, resampled, runDistance } from "./resampling.ts";
import { rowKey } from "./rowKey.ts";
import { mergedStates, mergeRunStates, type OneRun, type RunStates, runsWithSamples } from "./runStates.ts";

export interface DifferenceOptions extends IntervalOptions {
  /** `same` (unless said): both over the pairs that both have. `own`: each over the pairs it has. */
  readonly pairs?: "same" | "own";
  /** Which way the score is better; `low` unless said. */
  readonly better?: "low" | "high";
  /**
   * Steps ahead in the test of Diebold and Mariano: how many runs begin until the forecast is verified. Unless said it
   * is told from the lead and the median distance of the runs, and 1 where leads are pooled.
   */
  readonly horizon?: number;
}

/**
 * Difference of a score to that of a reference over the same pairs: score - reference score, with an interval by
 * drawing whole runs again for both alike, the share of the draws in which the forecast is better (`shareBetter`,
 * equal ones a half), and columns `diebold_mariano` and `p_value` of the test of Diebold and Mariano on the
 * differences run by run. In the unit of the score; 0 where both are as good. A row of one run has neither.
 *
 *     difference(meanAbsoluteError("surface_air_temperature"), persistence(), { block: "5 days", seed: 1 })
 *
 * Throws as `skillScore`, and as `withInterval`. Diebold and Mariano 1995, doi:10.1080/07350015.1995.10524599; Hamill 1999,
 * doi:10.1175/1520-0434(1999)014<0155:HTFENP>2.0.CO;2.
 */
export const difference = <V extends Variables = NoVariables, B extends BreakdownKind = BreakdownKind>(
  metric: OfRuns<V, B>,
  reference: Reference,
  options: DifferenceOptions = {},
): Metric<V, RunStates, B> => {
  const name = "difference";
  const rules = parseInterval(name, metric, options, ["pairs", "better", "horizon"]);
  const pairs = oneOf(name, "pairs", options.pairs ?? "same", ["same", "own"]);
  const better = oneOf(name, "better", options.better ?? "low", ["low", "high"]);
  const { horizon } = options;
  if (horizon !== undefined && !(Number.isInteger(horizon) && horizon >= 1)) {
    throw new EwbError("Options", `${name}: horizon is ${horizon}; expected a number of steps from 1 on.`);
  }
  const against = parseReference(name, metric, reference);
  const both: Metric<V, any, B> = {
    name,
    term: `${metric.term} difference`,
    definition: `score - reference score over the same pairs; score: ${metric.definition}`,
    variable: metric.variable,
    unit: (unit) => metric.unit(unit),
    parameters: {
      score: metric.name,
      ...metric.parameters,
      reference: against.text,
      ...(pairs === "own" ? { pairs } : {}),
      ...(better === "high" ? { better } : {}),
      ...(horizon === undefined ? {} : { horizon: `${horizon}` }),
      ...rules.parameters,
    },
    ...compared(metric, against, pairs, (own, other) => differenceRow(own, other, against.text)),
  };
  const { additive: _, apart: _apart, ...described } = both;
  return {
    ...described,
    zero: () => new Map(),
    observe: (pair) => new Map([[pair.initTime, both.observe(pair)]]),
    merge: (a, b) => mergeRunStates(both, a, b),
    finish: (states) => {
      const rows = both.finish(mergedStates(both, states.values()));
      const runs = runsWithSamples(both, states);
      const found = resampled(both, runs, rows, rules);
      const alone = runs.map((run) => new Map(run.rows.map((row) => [rowKey(row), row.value])));
      return rows.map((row, i) => {
        const interval = found[i];
        if (interval === undefined) return row;
        const { lower, upper, replicates } = interval;
        const runByRun = alone.map((values) => values.get(rowKey(row)) ?? Number.NaN);
        const test = dieboldMarianoTest(runByRun, { horizon: horizon ?? stepsOf(row, runs) });
        return {
          ...row,
          lower,
          upper,
          confidence: rules.confidence,
          shareBetter: shareBelow(replicates, better === "low" ? 1 : -1),
          extra: { ...row.extra, diebold_mariano: test.statistic, p_value: test.pValue },
        };
      });
    },
  };
};

const differenceRow = (own: MetricRow, other: MetricRow | undefined, reference: string): MetricRow => {
  const { lower: _l, upper: _u, confidence: _c, extra: _e, ...row } = own;
  return { ...row, value: own.value - (other?.value ?? Number.NaN), reference };
};

const stepsOf = ({ leadHours }: MetricRow, runs: readonly OneRun[]): number => {
  const distance = runDistance(runs);
  return distance > 0 ? Math.max(1, Math.ceil((leadHours ?? 0) / distance)) : 1;
};

const shareBelow = (replicates: Float64Array, sign: number): number => {
  let [count, n] = [0, 0];
  for (const value of replicates) {
    if (Number.isNaN(value)) continue;
    n += 1;
    count += value * sign < 0 ? 1 : value === 0 ? 0.5 : 0;
  }
  return count / n;
};

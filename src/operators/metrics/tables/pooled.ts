import type { BreakdownKind, Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, type Key, keepParameter, keptTimes, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";
import { oneOf } from "../options.ts";
import { meanOfRuns } from "../values/meanOfRuns.ts";

/** What is pooled, of the metrics that take it. */
export interface PoolOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Counts of all runs first, then the score (unless said), or the mean of the scores of each run. */
  readonly runs?: "pooled" | "mean";
}

/** A metric with one state a key and, at the end, the same list of rows for each. */
export interface Pooled<V extends Variables, State>
  extends Omit<Metric<V>, "zero" | "observe" | "merge" | "finish"> {
  readonly options: PoolOptions & GroupOptions;
  observe(pair: Pair): State;
  join(a: State, b: State): State;
  /** Rows without times; n 0 gives NaN. */
  rows(state: State): readonly MetricRow[];
}

const USUAL: Keep = ["lead_time"];

/** The four functions; throws `Options` for a `keep` or `runs` that there is not. */
export const pooledMetric = <
  V extends Variables,
  State extends object,
  B extends BreakdownKind = BreakdownKind,
>(
  metric: Pooled<V, State>,
): Metric<V, any, B> => {
  const { options, observe, join, rows, ...described } = metric;
  const keep = keptTimes(metric.name, options.keep ?? USUAL);
  const runs = oneOf(metric.name, "runs", options.runs ?? "pooled", ["pooled", "mean"]);
  const known = runs === "mean" ? keptTimes(metric.name, [...keep, "init_time"]) : keep;
  const ofKeys: Metric<V, Keyed<Key & { readonly state: State }>> = {
    ...described,
    parameters: {
      ...metric.parameters,
      ...keepParameter(keep, USUAL),
      ...(runs === "mean" ? { runs } : {}),
    },
    zero: () => new Map(),
    observe: (pair) => (pair.matched ? oneEntry({ ...keyOf(known, pair), state: observe(pair) }) : new Map()),
    merge: (a, b) => mergeKeyed(a, b, (x, y) => ({ ...x, state: join(x.state, y.state) })),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, state }) =>
        rows(state).map((row): MetricRow => ({ initTime, leadHours, validTime, ...row })),
      ),
  };
  return grouped(runs === "mean" ? meanOfRuns(ofKeys, keep, "all") : ofKeys, options);
};

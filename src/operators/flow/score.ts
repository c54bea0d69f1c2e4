/**
 * `score`: the only door to bytes.
 *
 * Each name asks the budget for everything its unit needs (forecast, targets, climatologies, interpolated
 * copies), is opened, derived, observed once a target, and released; what leaves is a state. States are merged as
 * they come: sums are exact, so order does not matter. At the end each metric finishes for each target.
 *
 * The unit of failure is (case, forecast, target): after the first failure (or more than `--max-missing` of its
 * refs) a target has no rows; the others go on. A set that was cut short (Ctrl-C) has no rows.
 */
import { concat, defer, EMPTY, finalize, ignoreElements, mergeMap, type OperatorFunction, tap } from "rxjs";
import type { Metric } from "../../model/metric.ts";
import type { PairRef } from "../../model/pair.ts";
import type { Row } from "../../model/row.ts";
import type { Run } from "../../model/run.ts";
import type { Variables } from "../../model/units.ts";
import { abortable } from "./abortable.ts";
import { Loads } from "./loads.ts";
import { mergeMapWithin } from "./mergeMapWithin.ts";
import { Scoring } from "./scoring.ts";

export interface ScoreOptions {
  /** Tells two equal scores of one case apart; part of the row key. */
  readonly label?: string;
}

/**
 * Opens each pair inside the budget, reduces by metric, and gives the rows of the case when all pairs are seen.
 *
 * @throws `DuplicateSite` where a case has two equal scores without different labels
 * @example score(run, rootMeanSquaredError("surface_air_temperature"))
 */
export function score<V extends Variables>(
  run: Run,
  ...metrics: Metric<NoInfer<V>>[]
): OperatorFunction<PairRef<V>, Row>;
export function score<V extends Variables>(
  run: Run,
  options: ScoreOptions,
  ...metrics: Metric<NoInfer<V>>[]
): OperatorFunction<PairRef<V>, Row>;
export function score(run: Run, ...args: (ScoreOptions | Metric)[]): OperatorFunction<PairRef<any>, Row> {
  const metrics = args.filter((arg): arg is Metric => "observe" in arg);
  const options = args.find((arg): arg is ScoreOptions => !("observe" in arg)) ?? {};
  const wanted = run.selection.metrics;
  const chosen = wanted === undefined ? metrics : metrics.filter(({ name }) => wanted.includes(name));
  if (chosen.length === 0) return () => EMPTY;
  return (refs) =>
    defer(() => {
      const scoring = new Scoring(run, chosen, options.label);
      const loads = new Loads(run.budget);
      // Names are taken from the first moment on: a group of `groupBy` gives its first one while it is subscribed.
      const asked = refs.pipe(
        tap({ next: ({ set }) => run.count(set.event, { asked: 1 }), complete: () => scoring.whole() }),
      );
      const observed = scoring.toBeDone(scoring.whenReady(asked)).pipe(
        mergeMap((arrival) => {
          const units = scoring.units(arrival);
          const { ref } = arrival;
          if (run.planning && units.length > 0) {
            const costs = units.map(({ part }) => part.cost);
            run.planned(ref.set.event, ref.set.forecast.name, costs);
          }
          return loads.of(units);
        }),
        mergeMapWithin(
          run.budget,
          ({ cost }) => cost,
          ({ units }) => {
            if (run.draining) {
              for (const { ref } of units) run.cutShort(ref.set);
              return EMPTY;
            }
            const begun = units.filter((unit) => scoring.begin(unit));
            return begun.length === 0 ? EMPTY : abortable((signal) => scoring.observe(begun, signal));
          },
          ({ asker }) => asker,
        ),
        ignoreElements(),
      );
      const rows = defer(() => scoring.finish()).pipe(mergeMap((all) => all));
      return concat(observed, rows).pipe(finalize(() => scoring.free()));
    });
}

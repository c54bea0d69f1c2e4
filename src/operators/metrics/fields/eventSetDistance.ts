import { eventDistances } from "../../../kernels/spatial/eventDistances.ts";
import { FORECAST, TARGET } from "../../../kernels/spatial/windowSums.ts";
import type { Metric, TimeKind } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type Criterion, type ParsedCriterion, parseCriterion } from "../threshold.ts";
import { eventCodes, presentCells } from "./eventCodes.ts";
import { type FieldRules, fieldMeans } from "./fieldMeans.ts";
import { latticeOf } from "./lattice.ts";

export type EventSetOptions<Unit extends string> = Criterion<Unit> & {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
};

export type HausdorffOptions<Unit extends string> = EventSetOptions<Unit> & {
  /** The largest of the fields of a key (unless said), or their mean. */
  readonly pool?: "maximum" | "mean";
};

/**
 * Hausdorff distance of the event cells of both sides: the largest distance from an event cell of one side to the
 * nearest of the other, in grid lengths (rows and columns alike), across the seam of a grid round the globe. 0 is best.
 * Fields without an event on one side have none. Of several fields the largest, or the mean by `pool`. `n` = cells
 * present on both sides; `n_times` = fields with a distance.
 *
 *     hausdorffDistance("precipitation", { above: "4 mm", keep: ["init_time", "lead_time"] })
 *
 * Throws `Options`, `Unit` where the threshold's unit is not the data's, `Unsupported` for points.
 * Gilleland 2011, doi:10.1175/WAF-D-10-05045.1.
 */
export const hausdorffDistance = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: HausdorffOptions<V[N]> & GroupOptions<V, TimeKind>,
): Metric<V, any, TimeKind> => {
  const name = "hausdorffDistance";
  onlyOptions(name, options, ["above", "below", "strictly", "pool", "keep", ...GROUPS]);
  const pool = oneOf(name, "pool", options.pool ?? "maximum", ["maximum", "mean"]);
  return eventSetMetric<V>(name, variable, options, {
    term: "Hausdorff distance",
    terms: ["Hausdorff distance"],
    definition: "largest distance from an event cell of one side to the nearest of the other",
    parameters: pool === "maximum" ? {} : { pool },
    pool,
    values: ({ forecast, target }) => ({ values: [Math.max(forecast.largest, target.largest)] }),
  });
};

/**
 * Mean error distance: the mean distance from event cells of one side to the nearest of the other, in grid lengths; a
 * row for each direction, over all event cells of all fields in which both sides have events. 0 is best: the first
 * sees false alarms, the second misses. `n` = cells present on both sides; `n_cells` = event cells in the mean.
 *
 *     meanErrorDistance("precipitation", { above: "4 mm" })
 *
 * Throws `Options`, `Unit` where the threshold's unit is not the data's, `Unsupported` for points.
 * Gilleland 2017, doi:10.1175/WAF-D-16-0134.1.
 */
export const meanErrorDistance = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: EventSetOptions<V[N]> & GroupOptions<V, TimeKind>,
): Metric<V, any, TimeKind> => {
  const name = "meanErrorDistance";
  onlyOptions(name, options, ["above", "below", "strictly", "keep", ...GROUPS]);
  return eventSetMetric<V>(name, variable, options, {
    term: "mean error distance",
    terms: ["mean error distance, forecast to observation", "mean error distance, observation to forecast"],
    definition: "mean distance from an event cell of one side to the nearest of the other",
    parameters: {},
    counted: "n_cells",
    values: ({ forecast, target }) => ({
      values: [forecast.sum, target.sum],
      counts: [forecast.count, target.count],
    }),
  });
};

const USUAL: Keep = ["lead_time"];

/** From the event cells of a side to the other's; NaN where one of the sides has none. */
interface Distances {
  readonly sum: number;
  readonly count: number;
  readonly largest: number;
}

interface EventSetDistances {
  readonly n: number;
  readonly forecast: Distances;
  readonly target: Distances;
}

interface EventSetMetric extends Pick<FieldRules, "pool" | "counted" | "terms"> {
  readonly term: string;
  readonly definition: string;
  readonly parameters: Readonly<Record<string, string>>;
  values(distances: EventSetDistances): Pick<ReturnType<FieldRules["measure"]>, "values" | "counts">;
}

const eventSetMetric = <V extends Variables>(
  name: string,
  variable: keyof V & string,
  options: EventSetOptions<string> & GroupOptions,
  { term, definition, parameters, values, ...rules }: EventSetMetric,
): Metric<V, any, TimeKind> => {
  const keep = keptTimes(name, options.keep ?? USUAL);
  const criterion = parseCriterion(name, variable, options);
  const metric: Metric<V> = {
    name,
    term,
    definition,
    variable,
    unit: () => "grid lengths",
    parameters: {
      threshold: criterion.text,
      comparison: criterion.comparison,
      ...parameters,
      ...keepParameter(keep, USUAL),
    },
    needs: {
      variables: [variable],
      whole: true,
      ...(criterion.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    ...fieldMeans({
      ...rules,
      keep,
      measure: (pair) => {
        latticeOf(name, pair);
        const distances = once(eventSetDistances, pair, variable, criterion);
        return { n: distances.n, ...values(distances) };
      },
    }),
  };
  return grouped(metric, options);
};

/** Both directions; cells that are missing on one side are no event on either. */
const eventSetDistances = (pair: Pair, variable: string, criterion: ParsedCriterion): EventSetDistances => {
  const { rows, columns, closed } = latticeOf("event sets", pair);
  const codes = eventCodes(pair, "event sets", variable, criterion);
  return {
    n: presentCells(codes),
    forecast: distancesOf(eventDistances(codes, FORECAST, TARGET, rows, columns, closed)),
    target: distancesOf(eventDistances(codes, TARGET, FORECAST, rows, columns, closed)),
  };
};

const distancesOf = (distances: Float64Array | undefined): Distances => {
  if (distances === undefined) return { sum: Number.NaN, count: 0, largest: Number.NaN };
  let [sum, largest] = [0, 0];
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i]!;
    sum += distance;
    if (distance > largest) largest = distance;
  }
  return { sum, count: distances.length, largest };
};

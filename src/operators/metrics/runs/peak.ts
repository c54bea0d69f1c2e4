import type { Metric, PlaceKind } from "../../../model/metric.ts";
import type { Weights } from "../../../model/pair.ts";
import type { Hours, Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { hoursOf, onlyOptions, weightsOf } from "../options.ts";
import { joinRegionalSums, meansOf, type RegionalSeries, regionalSeries } from "./regionalMeans.ts";
import { mergeSeries } from "./series.ts";
import {
  type Beats,
  extremeErrors,
  firstExtreme,
  halfWindow,
  higher,
  lower,
  targetSeries,
} from "./window.ts";

export interface PeakOptions {
  /** Whole width of the window around the target's extreme; `"24 h"` unless said. Half of it each side, in whole
   * hours, ends included. */
  readonly within?: Hours;
  /** Weight of a place in the regional means: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
}

/**
 * Maximum mean absolute error: how far a run's highest regional mean near the target's peak is from that peak.
 * The peak is the highest regional mean of the target over the valid times both sides have, the first of equals.
 * One row a run that did not begin after the peak, at lead = peak - init, with the peak's valid time. In the unit
 * of the variable; 0 is best.
 *
 *     maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" })
 *
 * ExtremeWeatherBench 1.1, MaximumMeanAbsoluteError (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const maximumMeanAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PeakOptions & GroupOptions<V, PlaceKind> = {},
): Metric<V, any, PlaceKind> =>
  peak<V>("maximumMeanAbsoluteError", "maximum mean absolute error", "highest", higher, variable, options);

/**
 * Minimum mean absolute error: the same for the lowest regional mean (see `maximumMeanAbsoluteError`).
 *
 *     minimumMeanAbsoluteError("surface_air_temperature", { within: "24 h" })
 *
 * ExtremeWeatherBench 1.1, MinimumMeanAbsoluteError (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const minimumMeanAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PeakOptions & GroupOptions<V, PlaceKind> = {},
): Metric<V, any, PlaceKind> =>
  peak<V>("minimumMeanAbsoluteError", "minimum mean absolute error", "lowest", lower, variable, options);

const peak = <V extends Variables>(
  name: string,
  term: string,
  word: string,
  beats: Beats,
  variable: keyof V & string,
  options: PeakOptions & GroupOptions,
): Metric<V, any, PlaceKind> => {
  const { within, half, weights } = peakOptions(name, options);
  const metric: Metric<V, RegionalSeries> = {
    name,
    term,
    definition:
      `|the run's ${word} regional mean within half of \`within\` of the target's ${word} - the target's ${word}|; ` +
      "means over the places both sides have, times both sides have, the first of equals",
    variable,
    unit: (unit) => unit,
    breakdowns: ofPlaces,
    parameters: { within, weights },
    needs: { variables: [variable] },
    zero: () => [],
    observe: (pair) => regionalSeries(pair, variable, weights),
    merge: (a, b) => mergeSeries(a, b, joinRegionalSums),
    finish: (state) => {
      if (state.length === 0) return [];
      const runs = state.map(({ initTime, samples }) => ({ initTime, samples: meansOf(samples) }));
      return extremeErrors(runs, firstExtreme(targetSeries(state), beats), half, beats, 1);
    },
  };
  return grouped(metric, options);
};

/** The options of all peak metrics, checked. Throws `Options`. */
export const peakOptions = (name: string, options: PeakOptions) => {
  onlyOptions(name, options, ["within", "weights", ...GROUPS]);
  const hours = hoursOf(name, "within", options.within ?? "24 h");
  const weights = weightsOf(name, options.weights ?? "area");
  return { within: `${hours} h`, half: halfWindow(hours), weights };
};

import { HOUR } from "../../../kernels/time.ts";
import type { Metric, MetricRow, PlaceKind } from "../../../model/metric.ts";
import type { Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions, weightsOf } from "../options.ts";
import { type Criterion, checkUnit, parseCriterion } from "../threshold.ts";
import { hits } from "./duration.ts";
import { joinRegionalSums, meansOf, type RegionalSeries, regionalSeries } from "./regionalMeans.ts";
import { mergeSeries } from "./series.ts";

export type OnsetOptions<Unit extends string> = Criterion<Unit> & {
  /** Weight of a place in the regional means: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
};

/**
 * Onset mean error: when a run first meets the criterion minus when the target first does, over the samples of
 * the run that both sides have. One row a run, by init; hours; positive where the forecast is late. NaN where one
 * side or both never meet it; `n` then tells the samples that were looked at.
 *
 *     onsetMeanError("surface_air_temperature", { above: "300 K" })
 *
 * Throws `Options` for a criterion that is none, `Unit` where the threshold's unit is not the data's.
 * The criterion is that of ExtremeWeatherBench's duration (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const onsetMeanError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: OnsetOptions<V[N]> & GroupOptions<V, PlaceKind>,
): Metric<V, any, PlaceKind> => {
  const name = "onsetMeanError";
  onlyOptions(name, options, ["above", "below", "strictly", "weights", ...GROUPS]);
  const criterion = parseCriterion(name, variable, options);
  const weights = weightsOf(name, options.weights ?? "area");
  const metric: Metric<V, RegionalSeries, PlaceKind> = {
    name,
    term: "onset mean error",
    definition:
      "first valid time of a run at which the regional mean meets the threshold, forecast - target, in hours, over the samples both sides have",
    variable,
    unit: () => "h",
    breakdowns: ofPlaces,
    parameters: { threshold: criterion.text, comparison: criterion.comparison, weights },
    needs: {
      variables: [variable],
      ...(criterion.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    zero: () => [],
    observe: (pair) => {
      checkUnit(name, variable, pair.forecast[variable]!, criterion);
      return regionalSeries(pair, variable, weights, criterion.climatology);
    },
    merge: (a, b) => mergeSeries(a, b, joinRegionalSums),
    finish: (state) =>
      state.map(({ initTime, samples }): MetricRow => {
        const means = meansOf(samples);
        const first = (side: 0 | 1): number =>
          means.find((sample) => hits(sample, side, criterion))?.validTime ?? Number.NaN;
        return {
          initTime,
          leadHours: null,
          validTime: null,
          value: (first(0) - first(1)) / HOUR,
          n: means.reduce((sum, { n }) => sum + n, 0),
          extra: { n_times: means.length },
        };
      }),
  };
  return grouped(metric, options);
};

import type { Metric, MetricRow, PlaceKind } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions, weightsOf } from "../options.ts";
import { type Criterion, checkUnit, meets, type ParsedCriterion, parseCriterion } from "../threshold.ts";
import { durationOfPlaces } from "./durationOfPlaces.ts";
import {
  joinRegionalSums,
  meansOf,
  type RegionalMeans,
  type RegionalSeries,
  regionalSeries,
} from "./regionalMeans.ts";
import { mergeSeries } from "./series.ts";
import { spellHours } from "./spell.ts";

export type DurationOptions<Unit extends string> = Criterion<Unit> & {
  /**
   * `mean` (unless said): the regional mean is compared with the threshold (with its regional mean). `each`: every
   * place is compared for itself, and the error is the weighted mean over places.
   */
  readonly space?: "mean" | "each";
  /** Weight of a place: exact cell area (unless said), cosine of latitude, density of points, or none. */
  readonly weights?: Weights;
};

/**
 * Duration mean error: hours in which a run meets the criterion minus hours in which the target does, over the
 * same samples. Hours are counted between adjacent hits of one run: an isolated hit is 0 h. A sample missing on
 * either side (or without a threshold) leaves both. One row a run, by init; hours; positive where the forecast's
 * event lasts too long.
 *
 *     durationMeanError("surface_air_temperature", { above: "300 K" })
 *     durationMeanError("surface_air_temperature", { below: climatologyQuantile(normals, 0.15), strictly: true })
 *
 * Throws `Options` for a criterion that is none, `Unit` where the threshold's unit is not the data's.
 * ExtremeWeatherBench 1.1, DurationMeanError (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const durationMeanError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: DurationOptions<V[N]> & GroupOptions<V, PlaceKind>,
): Metric<V, any, PlaceKind> => {
  const name = "durationMeanError";
  onlyOptions(name, options, ["above", "below", "strictly", "space", "weights", ...GROUPS]);
  const criterion = parseCriterion(name, variable, options);
  const space = oneOf(name, "space", options.space ?? "mean", ["mean", "each"]);
  const weights = weightsOf(name, options.weights ?? "area");
  const metric: Metric<V> = {
    name,
    term: "duration mean error",
    definition:
      "hours between adjacent hits of a run, forecast - target, over the samples both sides have; " +
      "a hit is a regional mean (space=each: a place, then the mean over places) that meets the threshold",
    variable,
    unit: () => "h",
    breakdowns: ofPlaces,
    parameters: {
      threshold: criterion.text,
      comparison: criterion.comparison,
      ...(space === "each" ? { space } : {}),
      weights,
    },
    needs: {
      variables: [variable],
      ...(criterion.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    ...(space === "each"
      ? durationOfPlaces(name, variable, criterion, weights)
      : durationOfMeans(name, variable, criterion, weights)),
  };
  return grouped(metric, options);
};

type Reducer<State> = Pick<Metric<any, State>, "zero" | "observe" | "merge" | "finish">;

const durationOfMeans = (
  name: string,
  variable: string,
  criterion: ParsedCriterion,
  weights: Weights,
): Reducer<RegionalSeries> => ({
  zero: () => [],
  observe: (pair: Pair) => {
    checkUnit(name, variable, pair.forecast[variable]!, criterion);
    return regionalSeries(pair, variable, weights, criterion.climatology);
  },
  merge: (a, b) => mergeSeries(a, b, joinRegionalSums),
  finish: (state) =>
    state.map(({ initTime, samples }): MetricRow => {
      const means = meansOf(samples);
      const times = means.map(({ validTime }) => validTime);
      const hours = (side: 0 | 1): number => spellHours(times, (i) => hits(means[i]!, side, criterion));
      return {
        initTime,
        leadHours: null,
        validTime: null,
        value: means.length === 0 ? Number.NaN : hours(0) - hours(1),
        n: means.reduce((sum, { n }) => sum + n, 0),
        extra: { n_times: means.length },
      };
    }),
});

/** Whether a regional mean (0: of the forecast, 1: of the target) meets a criterion, in the precision of the data. */
export const hits = (means: RegionalMeans, side: 0 | 1, criterion: ParsedCriterion): boolean => {
  const mean = side === 0 ? means.forecast : means.target;
  const { comparison, number } = criterion;
  if (number === undefined) return meets(mean, comparison, means.threshold);
  return means.single[side]
    ? meets(Math.fround(mean), comparison, Math.fround(number.value))
    : meets(mean, comparison, number.value);
};

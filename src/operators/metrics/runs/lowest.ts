import { DAY, HOUR, startOfDay } from "../../../kernels/time.ts";
import type { Metric, PlaceKind } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { ofPlaces } from "../groups/breakdown.ts";
import { type GroupOptions, grouped } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type PeakOptions, peakOptions } from "./peak.ts";
import { joinRegionalSums, meansOf, type RegionalSeries, regionalSeries } from "./regionalMeans.ts";
import { mergeSeries } from "./series.ts";
import {
  type Extreme,
  extremeErrors,
  firstExtreme,
  higher,
  lower,
  type MeanRun,
  targetSeries,
} from "./window.ts";

/**
 * Warmest-night error: how far a run's lowest regional mean near the warmest daily minimum is from that minimum.
 * A day (UTC) counts where the target has all its samples at the finest spacing of its times; of equally warm
 * nights the first; the centre is the first time at which that day reaches its minimum. A run counts with at
 * least a day's worth of samples in the window at the finest spacing of the leads. One row a run, by lead. In the
 * unit of the variable; 0 is best.
 *
 *     maximumLowestMeanAbsoluteError("surface_air_temperature", { within: "24 h" })
 *
 * ExtremeWeatherBench 1.1, MaximumLowestMeanAbsoluteError (https://github.com/brightbandtech/ExtremeWeatherBench).
 */
export const maximumLowestMeanAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PeakOptions & GroupOptions<V, PlaceKind> = {},
): Metric<V, any, PlaceKind> => {
  const name = "maximumLowestMeanAbsoluteError";
  const { within, half, weights } = peakOptions(name, options);
  const metric: Metric<V, RegionalSeries, PlaceKind> = {
    name,
    term: "warmest-night error",
    definition:
      "|the run's lowest regional mean within half of `within` of the target's warmest daily minimum - that minimum|; " +
      "whole days (UTC) only, the first of equals; runs with a day's worth of samples in the window",
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
      const night = firstExtreme(dailyMinima(targetSeries(state)), higher);
      return extremeErrors(runs, night, half, lower, samplesOfDay(leadsOf(runs)));
    },
  };
  return grouped(metric, options);
};

/** The first time at which each whole day (UTC) reaches its minimum. */
const dailyMinima = (series: readonly Extreme[]): Extreme[] => {
  const step = finestStep(series.map(({ validTime }) => validTime));
  if (step === undefined) return [];
  const days = new Map<number, Extreme[]>();
  for (const one of series) {
    const day = startOfDay(one.validTime);
    days.set(day, [...(days.get(day) ?? []), one]);
  }
  return Array.from(days.values())
    .filter((day) => day.length * step >= DAY)
    .map((day) => firstExtreme(day, lower)!);
};

/** The smallest distance of neighbours in an ascending list; undefined below two. */
const finestStep = (ascending: readonly number[]): number | undefined => {
  let step: number | undefined;
  for (let i = 1; i < ascending.length; i++) {
    const gap = ascending[i]! - ascending[i - 1]!;
    if (gap > 0 && (step === undefined || gap < step)) step = gap;
  }
  return step;
};

const leadsOf = (runs: readonly MeanRun[]): number[] =>
  [...new Set(runs.flatMap(({ samples }) => samples.map(({ leadHours }) => leadHours)))].sort(
    (a, b) => a - b,
  );

/** Samples a full day needs at the finest step of the leads (hours): 24 h / step, to the nearest, at least 1. */
export const samplesOfDay = (leads: readonly number[]): number => {
  const step = finestStep(leads);
  return step === undefined ? 1 : Math.max(1, halfEven(DAY / HOUR / step));
};

const halfEven = (x: number): number => {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
};

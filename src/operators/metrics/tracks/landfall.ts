import { exactSum, exactValue } from "../../../kernels/exactSum.ts";
import { coastOf } from "../../../kernels/tracks/coast.ts";
import {
  landfallDisplacement as displacement,
  landfallIntensityError as intensityError,
  type LandfallPair,
  landfallPairs,
  landfallTimeError as timeError,
} from "../../../kernels/tracks/landfallPairs.ts";
import type { Landfall } from "../../../kernels/tracks/landfalls.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { type GroupOptions, grouped } from "../groups/grouped.ts";
import type { NoVariables } from "../noVariables.ts";
import { type LandfallOptions, parseLandfallOptions } from "./landfallOptions.ts";
import { mergeTracks, observedOf, type TrackSeries, trackSeries, tracksOf } from "./trackSeries.ts";

/** What landfall scores are called and made of, in every wing. */
export interface LandfallScore {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  readonly unit: (unit: string) => string;
  value(pair: LandfallPair): number;
}

export const landfallScores = {
  displacement: {
    name: "landfallDisplacement",
    term: "landfall displacement",
    definition: "great-circle distance of the landfalls of a run and of the target",
    unit: () => "km",
    value: displacement,
  },
  time: {
    name: "landfallTimeMeanError",
    term: "landfall time error",
    definition: "time of a run's landfall - that of the target's",
    unit: () => "h",
    value: timeError,
  },
  intensity: {
    name: "landfallIntensityMeanAbsoluteError",
    term: "landfall intensity error",
    definition: "|intensity of a run at its landfall - that of the target at its own|",
    unit: (unit) => unit,
    value: intensityError,
  },
} as const satisfies Record<string, LandfallScore>;

/** A score of one landfall a run; `variable` is the intensity of the storm. */
export type LandfallMetric = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: LandfallOptions<keyof V & string> & GroupOptions<V, "init_time">,
) => Metric<V, any, "init_time">;

const landfallMetric =
  ({ name, term, definition, unit, value }: LandfallScore): LandfallMetric =>
  <V extends Variables>(variable: keyof V & string, options: LandfallOptions & GroupOptions) => {
    const latitude = options?.latitude ?? "latitude";
    const longitude = options?.longitude ?? "longitude";
    const { pairing, isMean, parameters } = parseLandfallOptions(name, `${latitude}, ${longitude}`, options);
    const coast = coastOf(options.coast.land, options.coast.ocean);
    const names = { latitude, longitude, intensity: variable };
    const metric: Metric<V, TrackSeries, "init_time"> = {
      name,
      term,
      definition: `${definition}; ${isMean ? "mean over the runs" : "a row a run"}`,
      variable,
      unit,
      parameters,
      needs: { variables: [...new Set([variable, latitude, longitude])] },
      breakdowns: ["init_time"],
      zero: () => [],
      observe: (pair) => trackSeries(name, pair, names),
      merge: mergeTracks,
      finish: (state) => {
        if (state.length === 0) return [];
        const runs = tracksOf(state);
        const pairs = new Map(
          landfallPairs(runs, observedOf(state), coast, pairing).map((pair) => [pair.initTime, pair]),
        );
        const rows = runs.map(({ initTime, count }) => {
          const pair = pairs.get(initTime);
          const number = pair === undefined ? Number.NaN : value(pair);
          return { ...REDUCED, initTime, value: number, n: Number.isNaN(number) ? 0 : count, pair };
        });
        if (isMean) return [meanOf(rows)];
        return rows.map(({ pair, ...row }) => (pair === undefined ? row : { ...row, extra: placesOf(pair) }));
      },
    };
    return grouped(metric, options);
  };

const REDUCED = { initTime: null, leadHours: null, validTime: null };

const meanOf = (rows: readonly Pick<MetricRow, "value" | "n">[]): MetricRow => {
  const used = rows.filter(({ n }) => n > 0);
  const n = used.reduce((sum, row) => sum + row.n, 0);
  const sum = exactValue(exactSum(used.map((row) => row.value * row.n)));
  return { ...REDUCED, value: n === 0 ? Number.NaN : sum / n, n };
};

/** Columns that say where and when both landfalls are; milliseconds UTC. `base`: the moment times are counted from. */
export const placesOf = ({ forecast, target }: LandfallPair, base = 0): Record<string, number> => ({
  ...placed("forecast", forecast, base),
  ...placed("target", target, base),
});

const placed = (side: string, { latitude, longitude, time }: Landfall, base: number) => ({
  [`${side}_landfall_latitude`]: latitude,
  [`${side}_landfall_longitude`]: longitude,
  [`${side}_landfall_valid_time`]: base + time,
});

/**
 * Landfall displacement: great circle between the first landfall of a run and the observed one; km, 0 to 20015, 0 is
 * best. One row a run, by init, with place and time of both; `n` 1, or value NaN and `n` 0 where a side has no landfall
 * or none within the time allowed. A track is a place that moves: its position and intensity are three variables on one
 * place. A landfall is where a segment that begins in the open sea first touches land.
 *
 *     landfallDisplacement("storm_wind", { latitude: "storm_latitude", longitude: "storm_longitude", coast: { land } })
 *
 * Tracks are seen at times that a pair has; missing points are gaps across which nothing is judged. Throws `Options`,
 * `InvalidValue` for tracks on more than one place. After ExtremeWeatherBench
 * (https://github.com/brightbandtech/ExtremeWeatherBench), duplicates looked for within one track only.
 */
export const landfallDisplacement: LandfallMetric = landfallMetric(landfallScores.displacement);

/**
 * Landfall time error: time of a run's landfall - that of the observed one; hours, any, 0 is best, positive where the
 * forecast is late. Rows, options and errors as of `landfallDisplacement`.
 *
 *     landfallTimeMeanError("storm_wind", { coast: { land }, approach: "next", within: { shareOfLead: 0.5 } })
 */
export const landfallTimeMeanError: LandfallMetric = landfallMetric(landfallScores.time);

/**
 * Landfall intensity error: |intensity of a run at its landfall - observed intensity at its own|; unit of the variable,
 * 0 or more, 0 is best. Rows, options and errors as of `landfallDisplacement`.
 *
 *     landfallIntensityMeanAbsoluteError("storm_wind", { coast: { land }, keep: [] })
 */
export const landfallIntensityMeanAbsoluteError: LandfallMetric = landfallMetric(landfallScores.intensity);

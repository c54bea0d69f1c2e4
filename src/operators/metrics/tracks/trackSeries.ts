import type { Track, TrackRun } from "../../../kernels/tracks/track.ts";
import type { Pair } from "../../../model/pair.ts";
import { mergeSeries, oneSample, runsOf, type Series } from "../runs/series.ts";
import { type Position, positionOf, type TrackVariables } from "./trackPoint.ts";

/** A point of a run and of the observed storm at one time. */
export interface TrackSample {
  readonly leadHours: number;
  readonly validTime: number;
  /** Whether the target has this time: without a position there it has a gap, else just no point. */
  readonly matched: boolean;
  readonly forecast: Position;
  readonly target: Position;
  /** How often the run was drawn: once, unless runs are drawn again. */
  readonly count: number;
}

/** The state of track metrics: every point, since a landfall or a heading takes its neighbours. */
export type TrackSeries = Series<TrackSample>;

/** The state of one pair. */
export const trackSeries = (metric: string, pair: Pair, names: TrackVariables): TrackSeries =>
  oneSample(pair.initTime, pair.leadHours, {
    leadHours: pair.leadHours,
    validTime: pair.validTime,
    matched: pair.matched,
    forecast: positionOf(metric, pair.forecast, names),
    target: positionOf(metric, pair.target, names),
    count: 1,
  });

export const mergeTracks = (a: TrackSeries, b: TrackSeries): TrackSeries =>
  mergeSeries(a, b, (one, other) => ({ ...one, count: one.count + other.count }));

/** The track of one run, also where it has no point, and what it was asked for. */
export interface SampledRun extends TrackRun {
  readonly count: number;
  /** All leads and their times, without a point also. */
  readonly leads: readonly Pick<TrackSample, "leadHours" | "validTime">[];
}

/**
 * Tracks of the runs, by init, and of the observed storm: its points of all runs. A time at which neither side
 * has anything is as if it were not there; one at which a side alone has something is a gap in the other's track, unless
 * the target lacks the time altogether.
 */
export const tracksOf = (
  series: TrackSeries,
): { readonly runs: readonly SampledRun[]; readonly observed: Track } => {
  const points = new Map<number, Position>();
  const runs = runsOf(series).map(({ initTime, samples }): SampledRun => {
    const known = samples.filter(({ forecast, target }) => isKnown(forecast) || isKnown(target));
    for (const { validTime, target, matched } of known) {
      if ((matched || isKnown(target)) && !points.has(validTime)) points.set(validTime, target);
    }
    return {
      initTime,
      count: Math.max(...samples.map(({ count }) => count)),
      leads: samples.map(({ leadHours, validTime }) => ({ leadHours, validTime })),
      ...trackOf(known.map(({ validTime, forecast }) => [validTime, forecast])),
    };
  });
  return { runs, observed: trackOf([...points].sort(([a], [b]) => a - b)) };
};

const isKnown = ({ latitude, longitude, intensity }: Position): boolean =>
  !(Number.isNaN(latitude) && Number.isNaN(longitude) && Number.isNaN(intensity));

const trackOf = (points: readonly (readonly [time: number, point: Position])[]): Track => ({
  times: points.map(([time]) => time),
  latitudes: points.map(([, { latitude }]) => latitude),
  longitudes: points.map(([, { longitude }]) => longitude),
  intensities: points.map(([, { intensity }]) => intensity),
});

import type { Track, TrackRun } from "../../../kernels/tracks/track.ts";
import type { Pair } from "../../../model/pair.ts";
import { mergeSeries, oneSample, type Series } from "../runs/series.ts";
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

/** The track of one run, also where it has no point. */
interface SampledRun extends TrackRun {
  readonly count: number;
}

/**
 * Tracks of the runs, by init: their points. A time at which neither side has anything is as if it were not there; one at
 * which the target alone has something is a gap.
 */
export const tracksOf = (series: TrackSeries): readonly SampledRun[] =>
  series.map(({ initTime, samples }) => ({
    initTime,
    count: countOf(samples),
    ...trackOf(samples.filter(hasPoint).map(({ validTime, forecast }) => [validTime, forecast])),
  }));

/** How often a run was drawn. */
export const countOf = (samples: readonly TrackSample[]): number =>
  samples.reduce((most, { count }) => Math.max(most, count), 0);

/**
 * The track of the observed storm: its points of all runs. A time at which a forecast alone has something is a gap, unless
 * the target lacks the time altogether.
 */
export const observedOf = (series: TrackSeries): Track => {
  const points = new Map<number, Position>();
  for (const { samples } of series) {
    for (const sample of samples) {
      const { validTime, target, matched } = sample;
      if (points.has(validTime) || !hasPoint(sample) || !(matched || isKnown(target))) continue;
      points.set(validTime, target);
    }
  }
  return trackOf([...points].sort(([a], [b]) => a - b));
};

const hasPoint = ({ forecast, target }: TrackSample): boolean => isKnown(forecast) || isKnown(target);

const isKnown = ({ latitude, longitude, intensity }: Position): boolean =>
  !(Number.isNaN(latitude) && Number.isNaN(longitude) && Number.isNaN(intensity));

const trackOf = (points: readonly (readonly [time: number, point: Position])[]): Track => ({
  times: points.map(([time]) => time),
  latitudes: points.map(([, { latitude }]) => latitude),
  longitudes: points.map(([, { longitude }]) => longitude),
  intensities: points.map(([, { intensity }]) => intensity),
});

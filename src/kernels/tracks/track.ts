/** Where and how strong a storm is at a time; NaN where that is missing. */
export interface TrackPoint {
  /** Milliseconds UTC. */
  readonly time: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly intensity: number;
}

/** Positions of one storm in the order of time; NaN where a position or intensity is missing. */
export interface Track {
  /** Milliseconds UTC, ascending. */
  readonly times: ArrayLike<number>;
  /** Degrees. */
  readonly latitudes: ArrayLike<number>;
  /** Degrees, in any convention. */
  readonly longitudes: ArrayLike<number>;
  /** E.g. the largest wind or the lowest pressure. */
  readonly intensities: ArrayLike<number>;
}

/** The track of one forecast run. */
export interface TrackRun extends Track {
  /** Milliseconds UTC. */
  readonly initTime: number;
}

/** Time of the first point that is there; undefined: none is. */
export const trackStart = ({ times, latitudes, longitudes, intensities }: Track): number | undefined => {
  for (let i = 0; i < times.length; i++) {
    if (![latitudes[i]!, longitudes[i]!, intensities[i]!].some(Number.isNaN)) return times[i];
  }
  return undefined;
};

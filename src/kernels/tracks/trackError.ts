import { haversine } from "../haversine.ts";
import type { Track, TrackPoint } from "./track.ts";

const RADIUS = 6371;
const RADIANS = Math.PI / 180;

/** Errors of one position; km. */
export interface TrackError {
  /** Great circle between both positions. */
  readonly total: number;
  /** In the direction in which the observed storm moves: positive where the forecast is ahead (too fast). */
  readonly along: number;
  /** Across it: positive where the forecast lies to the right. */
  readonly cross: number;
  /** Forecast - observed intensity, in its unit. */
  readonly intensity: number;
}

/**
 * Errors against one observed track of a forecast point at a time; undefined where either has none. The observed storm
 * moves from its point before to its point after (at its ends, from or to the point itself), along a great circle; where
 * it stands still, or is alone, along and cross are NaN. total^2 is along^2 + cross^2 but for the curvature of the earth.
 *
 *     trackErrors(bestTrack)(validTime, forecast)?.along
 *
 * Cangialosi 2023, National Hurricane Center Forecast Verification Report; MET, tc_pairs (doi:10.5065/D6X63JXP).
 */
export const trackErrors = (
  observed: Track,
): ((time: number, forecast: Omit<TrackPoint, "time">) => TrackError | undefined) => {
  const points: number[] = [];
  for (let i = 0; i < observed.times.length; i++) if (isPoint(observed, i)) points.push(i);
  const known = new Map(
    points.map((here, k) => {
      const heading = headingOf(observed, points[k - 1] ?? here, here, points[k + 1] ?? here);
      return [observed.times[here]!, { here, heading }];
    }),
  );
  return (time, { latitude, longitude, intensity }) => {
    const point = known.get(time);
    if (point === undefined || Number.isNaN(latitude + longitude)) return undefined;
    const { here, heading } = point;
    const [north, east] = [observed.latitudes[here]!, observed.longitudes[here]!];
    const total = haversine(north, east, latitude, longitude);
    const angle = total / RADIUS;
    const turned = (total === 0 ? heading : bearing(north, east, latitude, longitude)) - heading;
    return {
      total,
      along: RADIUS * Math.atan2(Math.cos(turned) * Math.sin(angle), Math.cos(angle)),
      cross: RADIUS * Math.asin(Math.max(-1, Math.min(1, Math.sin(angle) * Math.sin(turned)))),
      intensity: intensity - observed.intensities[here]!,
    };
  };
};

const isPoint = ({ latitudes, longitudes }: Track, i: number): boolean =>
  !Number.isNaN(latitudes[i]!) && !Number.isNaN(longitudes[i]!);

/** Where the storm moves at `here`, in radians clockwise from north. */
const headingOf = ({ latitudes, longitudes }: Track, before: number, here: number, after: number): number => {
  const between = (a: number, b: number) =>
    [latitudes[a]!, longitudes[a]!, latitudes[b]!, longitudes[b]!] as const;
  // The direction at `here` itself: away from the point before, towards the point after, by their distances.
  const come = before === here ? 0 : haversine(...between(before, here));
  const go = after === here ? 0 : haversine(...between(here, after));
  if (come + go === 0) return Number.NaN;
  const from = come === 0 ? 0 : bearing(...between(here, before)) + Math.PI;
  const to = go === 0 ? 0 : bearing(...between(here, after));
  const north = come * Math.cos(from) + go * Math.cos(to);
  const east = come * Math.sin(from) + go * Math.sin(to);
  return Math.hypot(north, east) <= 1e-9 * (come + go) ? Number.NaN : Math.atan2(east, north);
};

/** Initial bearing of the great circle between two points, radians clockwise from north. */
const bearing = (latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number): number => {
  const east = (longitudeB - longitudeA) * RADIANS;
  const [a, b] = [latitudeA * RADIANS, latitudeB * RADIANS];
  return Math.atan2(
    Math.sin(east) * Math.cos(b),
    Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(east),
  );
};

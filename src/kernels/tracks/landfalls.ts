import { haversine } from "../haversine.ts";
import { type Coast, firstTouch, sideOfArea } from "./coast.ts";
import type { Track } from "./track.ts";

/** Where and when a storm came ashore. */
export interface Landfall {
  /** Milliseconds UTC. */
  readonly time: number;
  readonly latitude: number;
  /** Degrees from -180 to below 180. */
  readonly longitude: number;
  readonly intensity: number;
  /** Number of the track's point before it. */
  readonly index: number;
}

/**
 * The landfalls of a track: segments between neighbouring points that begin in the open sea and touch land, at the
 * point where they first do, which shares the segment linearly in degrees; islands crossed between two points count.
 * From a lake, from land or from the coast there is none. Segments go the short way round the globe. One closer than
 * `apart` km to the last one that was kept is dropped. Segments that begin or end at a missing position, or begin
 * without an intensity, are not judged.
 *
 *     landfalls(track, coastOf(land, ocean))
 */
export const landfalls = (track: Track, coast: Coast, apart = 50): Landfall[] => {
  const { times, latitudes, longitudes, intensities } = track;
  const kept: Landfall[] = [];
  for (let i = 0; i + 1 < times.length; i++) {
    const [ax, ay, by] = [longitudes[i]!, latitudes[i]!, latitudes[i + 1]!];
    const step = longitudes[i + 1]! - ax;
    const bx = ax + (step - 360 * Math.round(step / 360));
    const strength = intensities[i]!;
    if ([ay, bx, by, strength].some(Number.isNaN) || (ax === bx && ay === by)) continue;
    if (!isSea(coast, ax, ay)) continue;
    const share = firstTouch(coast.land, [ax, ay], [bx, by]);
    if (share === undefined) continue;
    const landfall: Landfall = {
      time: times[i]! + share * (times[i + 1]! - times[i]!),
      latitude: ay + share * (by - ay),
      longitude: westernised(ax + share * (bx - ax)),
      intensity: strength + share * (intensities[i + 1]! - strength),
      index: i,
    };
    const last = kept.at(-1);
    const isNew =
      last === undefined ||
      haversine(last.latitude, last.longitude, landfall.latitude, landfall.longitude) >= apart;
    if (isNew) kept.push(landfall);
  }
  return kept;
};

const isSea = ({ land, ocean }: Coast, longitude: number, latitude: number): boolean =>
  ocean === undefined
    ? sideOfArea(land, longitude, latitude) === -1
    : sideOfArea(ocean, longitude, latitude) === 1;

const westernised = (longitude: number): number => longitude - 360 * Math.floor((longitude + 180) / 360);

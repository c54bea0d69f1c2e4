import { haversine } from "../haversine.ts";
import { type Coast, firstTouch, sideOfArea } from "./coast.ts";
import type { Track, TrackPoint } from "./track.ts";

/** Where, when and how strong a storm came ashore: on the line between two points of its track. */
export type Landfall = TrackPoint;

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
  const found: Landfall[] = [];
  const point = (i: number): TrackPoint => ({
    time: times[i]!,
    latitude: latitudes[i]!,
    longitude: longitudes[i]!,
    intensity: intensities[i]!,
  });
  for (let i = 0; i + 1 < times.length; i++) {
    const [from, to] = [point(i), point(i + 1)];
    const step = to.longitude - from.longitude;
    const longitude = from.longitude + (step - 360 * Math.round(step / 360));
    const landfall = landfallBetween(from, { ...to, longitude }, coast);
    if (landfall !== undefined) found.push({ ...landfall, longitude: westernised(landfall.longitude) });
  }
  return withoutDoubles(found, apart);
};

/** The landfall of one segment, along the straight line between both longitudes as they are given. */
export const landfallBetween = (from: TrackPoint, to: TrackPoint, coast: Coast): Landfall | undefined => {
  const [ax, ay, bx, by] = [from.longitude, from.latitude, to.longitude, to.latitude];
  if ([ax, ay, bx, by, from.intensity].some(Number.isNaN) || (ax === bx && ay === by)) return undefined;
  if (!isSea(coast, ax, ay)) return undefined;
  const share = firstTouch(coast.land, [ax, ay], [bx, by]);
  if (share === undefined) return undefined;
  return {
    time: from.time + share * (to.time - from.time),
    latitude: ay + share * (by - ay),
    longitude: ax + share * (bx - ax),
    intensity: from.intensity + share * (to.intensity - from.intensity),
  };
};

/** Landfalls without those closer than `apart` km to the last one kept. */
export const withoutDoubles = <One extends Landfall>(all: readonly One[], apart: number): One[] => {
  const kept: One[] = [];
  for (const one of all) {
    const last = kept.at(-1);
    const isNew =
      last === undefined || haversine(last.latitude, last.longitude, one.latitude, one.longitude) >= apart;
    if (isNew) kept.push(one);
  }
  return kept;
};

const isSea = ({ land, ocean }: Coast, longitude: number, latitude: number): boolean =>
  ocean === undefined
    ? sideOfArea(land, longitude, latitude) === -1
    : sideOfArea(ocean, longitude, latitude) === 1;

const westernised = (longitude: number): number => longitude - 360 * Math.floor((longitude + 180) / 360);

import { mod360 } from "../../kernels/circle.ts";
import { haversine } from "../../kernels/haversine.ts";
import { type Coast, firstTouch, sideOfArea } from "../../kernels/tracks/coast.ts";

/** A point of a track; NaN where it is missing. */
export interface TrackPoint {
  /** Milliseconds since a moment all tracks of a case share. */
  readonly time: number;
  readonly latitude: number;
  /** Any convention. */
  readonly longitude: number;
  readonly value: number;
}

/** Where and when a track comes ashore, and its value there. */
export interface Landfall extends TrackPoint {
  /** The run it belongs to; 0 of a target. */
  readonly initTime: number;
}

/**
 * Landfalls of one track as ExtremeWeatherBench 1.1.0 finds them: from a point inside the ocean to one on land, or across
 * land between two points; never out of a lake. Position, time and value lie at the share of the straight line in degrees
 * at which land is met; a line across 180 degrees goes the long way round.
 */
export const landfallsOf = (
  initTime: number,
  points: readonly TrackPoint[],
  { land, ocean }: Coast,
): Landfall[] =>
  points.slice(1).flatMap((next, i): Landfall[] => {
    const here = points[i]!;
    const [x1, x2] = [to180(here.longitude), to180(next.longitude)];
    const [y1, y2] = [here.latitude, next.latitude];
    if ([x1, x2, y1, y2, here.value].some(Number.isNaN) || (x1 === x2 && y1 === y2)) return [];
    if (ocean !== undefined && sideOfArea(ocean, x1, y1) !== 1) return [];
    const share = firstTouch(land, [x1, y1], [x2, y2]);
    if (share === undefined) return [];
    return [
      {
        initTime,
        time: here.time + share * (next.time - here.time),
        latitude: y1 + share * (y2 - y1),
        longitude: x1 + share * (x2 - x1),
        value: here.value + share * (next.value - here.value),
      },
    ];
  });

const to180 = (longitude: number): number => mod360(longitude + 180) - 180;

/** Landfalls nearer than this to the last one kept are the same. */
const SAME_KM = 50;

/**
 * Landfalls without those within 50 km of the last one kept. `looked`: how many the peer looks at: all of a target, and
 * of the runs, one run after the other, as many as there are runs with one, compared across runs.
 */
export const withoutDoubles = (landfalls: readonly Landfall[], looked: number): Landfall[] => {
  if (looked <= 1) return [...landfalls];
  const kept: Landfall[] = [];
  for (const one of landfalls.slice(0, looked)) {
    const last = kept.at(-1);
    const isSame =
      last !== undefined && haversine(last.latitude, last.longitude, one.latitude, one.longitude) < SAME_KM;
    if (!isSame) kept.push(one);
  }
  return kept;
};

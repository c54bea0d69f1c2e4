import { mod360 } from "../../kernels/circle.ts";
import type { Coast } from "../../kernels/tracks/coast.ts";
import { landfallBetween, withoutDoubles } from "../../kernels/tracks/landfalls.ts";
import type { TrackPoint } from "../../kernels/tracks/track.ts";

/** Where and when a track comes ashore, and how strong it is there. */
export interface Landfall extends TrackPoint {
  /** The run it belongs to; 0 of a target. */
  readonly initTime: number;
}

/**
 * Landfalls of one track as ExtremeWeatherBench 1.1.0 finds them: from a point inside the ocean to one on land, or across
 * land between two points; never out of a lake. Position, time and intensity lie at the share of the straight line in
 * degrees at which land is met; a line across 180 degrees goes the long way round.
 */
export const landfallsOf = (initTime: number, points: readonly TrackPoint[], coast: Coast): Landfall[] => {
  const western = points.map((point) => ({ ...point, longitude: mod360(point.longitude + 180) - 180 }));
  return western.slice(1).flatMap((next, i): Landfall[] => {
    const landfall = landfallBetween(western[i]!, next, coast);
    return landfall === undefined ? [] : [{ initTime, ...landfall }];
  });
};

/** Landfalls nearer than this to the last one kept are the same. */
const SAME_KM = 50;

/**
 * Landfalls without those within 50 km of the last one kept. `looked`: how many the peer looks at: all of a target, and
 * of the runs, one run after the other, as many as there are runs with one, compared across runs.
 */
export const lookedAt = (landfalls: readonly Landfall[], looked: number): Landfall[] =>
  looked <= 1 ? [...landfalls] : withoutDoubles(landfalls.slice(0, looked), SAME_KM);

import { haversine } from "../haversine.ts";
import type { FieldObject } from "./objects.ts";

/** A forecast object and the observed one it is taken for. */
export interface ObjectMatch {
  readonly forecast: FieldObject;
  readonly target: FieldObject;
  /** km between the centroids. */
  readonly distance: number;
}

const RADIUS = 6371;
const RADIANS = Math.PI / 180;

/**
 * Pairs objects one to one, the nearest centroids first, none farther apart than `within` km. Equal distances go in
 * the order of the objects.
 */
export const matchObjects = (
  forecasts: readonly FieldObject[],
  targets: readonly FieldObject[],
  within: number,
): ObjectMatch[] => {
  const candidates: { readonly f: number; readonly o: number; readonly distance: number }[] = [];
  // What may be near lies within so many degrees of latitude, and so far through the earth; both with room to spare.
  const reach = (within + 1) / RADIUS / RADIANS;
  const chord = 2 * Math.sin(Math.min(Math.PI, (within + 1) / RADIUS) / 2);
  const northwards = targets.map((_, o) => o).sort((a, b) => targets[a]!.latitude - targets[b]!.latitude);
  const points = pointsOf(northwards.map((o) => targets[o]!));
  const own = pointsOf(forecasts);
  for (const [f, forecast] of forecasts.entries()) {
    const [x, y, z] = [own[3 * f]!, own[3 * f + 1]!, own[3 * f + 2]!];
    let from = 0;
    for (let stop = northwards.length; from < stop; ) {
      const middle = (from + stop) >> 1;
      if (targets[northwards[middle]!]!.latitude < forecast.latitude - reach) from = middle + 1;
      else stop = middle;
    }
    for (let k = from; k < northwards.length; k++) {
      const o = northwards[k]!;
      const target = targets[o]!;
      if (target.latitude > forecast.latitude + reach) break;
      const [dx, dy, dz] = [points[3 * k]! - x, points[3 * k + 1]! - y, points[3 * k + 2]! - z];
      if (dx * dx + dy * dy + dz * dz > chord * chord) continue;
      const distance = haversine(forecast.latitude, forecast.east, target.latitude, target.east);
      if (distance <= within) candidates.push({ f, o, distance });
    }
  }
  candidates.sort((a, b) => a.distance - b.distance || a.o - b.o || a.f - b.f);
  const [usedForecasts, usedTargets] = [new Set<number>(), new Set<number>()];
  const matches: ObjectMatch[] = [];
  for (const { f, o, distance } of candidates) {
    if (usedForecasts.has(f) || usedTargets.has(o)) continue;
    usedForecasts.add(f);
    usedTargets.add(o);
    matches.push({ forecast: forecasts[f]!, target: targets[o]!, distance });
  }
  return matches;
};

/** Centroids on a sphere of radius 1, three coordinates each. */
const pointsOf = (objects: readonly FieldObject[]): Float64Array => {
  const points = new Float64Array(3 * objects.length);
  for (const [k, { latitude, east }] of objects.entries()) {
    const flat = Math.cos(latitude * RADIANS);
    points[3 * k] = flat * Math.cos(east * RADIANS);
    points[3 * k + 1] = flat * Math.sin(east * RADIANS);
    points[3 * k + 2] = Math.sin(latitude * RADIANS);
  }
  return points;
};

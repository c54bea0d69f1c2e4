import { haversine } from "../haversine.ts";
import type { FieldObject } from "./objects.ts";

/** A forecast object and the observed one it is taken for. */
export interface ObjectMatch {
  readonly forecast: FieldObject;
  readonly target: FieldObject;
  /** km between the centroids. */
  readonly distance: number;
}

/** Of a degree of latitude, rounded down. */
const KILOMETRES = 111;

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
  forecasts.forEach((forecast, f) => {
    targets.forEach((target, o) => {
      if (Math.abs(forecast.latitude - target.latitude) * KILOMETRES > within + 1) return;
      const distance = haversine(forecast.latitude, forecast.east, target.latitude, target.east);
      if (distance <= within) candidates.push({ f, o, distance });
    });
  });
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

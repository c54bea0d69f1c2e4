import { EwbError } from "../../../model/errors.ts";
import type { Pair } from "../../../model/pair.ts";

/** Where and how strong the storm of one side is; NaN where that is missing. */
export interface Position {
  readonly latitude: number;
  /** Any convention. */
  readonly longitude: number;
  readonly intensity: number;
}

export const NOWHERE: Position = { latitude: Number.NaN, longitude: Number.NaN, intensity: Number.NaN };

/** The names of the variables that a track is made of. */
export type TrackVariables = Readonly<Record<keyof Position, string>>;

/**
 * The point of a track on one side of a pair. A track is a place that moves: latitude, longitude and intensity are three
 * variables on one place. Throws `InvalidValue` where there are several places.
 */
export const positionOf = (metric: string, side: Pair["forecast"], names: TrackVariables): Position => ({
  latitude: only(metric, side, names.latitude),
  longitude: only(metric, side, names.longitude),
  intensity: only(metric, side, names.intensity),
});

const only = (metric: string, side: Pair["forecast"], variable: string): number => {
  const { values } = side[variable]!;
  if (values.length <= 1) return values[0] ?? Number.NaN;
  throw new EwbError(
    "InvalidValue",
    `${metric}: ${variable} has ${values.length} places; a track has one at each time. Give tracks as points that move: latitude, longitude and intensity as three variables on one place.`,
    { variable },
  );
};

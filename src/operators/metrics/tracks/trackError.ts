import { addExact, exactValue } from "../../../kernels/exactSum.ts";
import { type TrackError, trackErrors } from "../../../kernels/tracks/trackError.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { byKey, type Keep, type Key, keepParameter, keptTimes, keyId, keyOf } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions } from "../options.ts";
import { countOf, mergeTracks, observedOf, type TrackSeries, trackSeries } from "./trackSeries.ts";

export interface TrackErrorOptions<Name extends string = string> {
  /** The variables that say where the storm is; `latitude` and `longitude` unless said. */
  readonly latitude?: Name;
  readonly longitude?: Name;
  /** Means of the errors without their sign; false unless said. The total has none. */
  readonly absolute?: boolean;
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
}

const USUAL: Keep = ["lead_time"];

/** The rows: terms, and the unit where it is not the variable's. */
const PARTS: readonly { readonly term: string; readonly unit?: string }[] = [
  { term: "track error", unit: "km" },
  { term: "along-track error", unit: "km" },
  { term: "cross-track error", unit: "km" },
  { term: "track intensity error" },
];

/** The number of each. */
const partsOf = ({ total, along, cross, intensity }: TrackError) => [total, along, cross, intensity] as const;

/** Sums of what a key has of each part. */
interface Sums {
  readonly key: Key;
  readonly n: number[];
  readonly sums: number[][];
}

/**
 * Track errors: means over the points that both tracks have, four rows. `track error`: great circle between both
 * positions, km, 0 is best. `along-track error`: its part in the direction in which the observed storm moves, positive
 * where the forecast is ahead; `cross-track error`: across it, positive to the right; km, 0 is best. `track intensity
 * error`: forecast - observed, in the unit of the variable. `n` = points in the mean; along and cross have none where the
 * storm stands still or is seen at one time only. A track is a place that moves: its position and intensity are three
 * variables on one place.
 *
 *     trackError("storm_wind", { latitude: "storm_latitude", longitude: "storm_longitude" })
 *
 * Throws `Options`, `InvalidValue` for tracks on more than one place. Cangialosi 2023, National Hurricane Center
 * Forecast Verification Report (https://www.nhc.noaa.gov/verification/verify3.shtml).
 */
export const trackError = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: TrackErrorOptions<keyof V & string> & GroupOptions<V, "init_time"> = {},
): Metric<V, any, "init_time"> => {
  const name = "trackError";
  onlyOptions(name, options, ["latitude", "longitude", "absolute", "keep", ...GROUPS]);
  const { absolute = false } = options;
  if (typeof absolute !== "boolean") {
    throw new EwbError(
      "Options",
      `${name}: absolute is ${JSON.stringify(absolute)}; expected true or false.`,
    );
  }
  const keep = keptTimes(name, options.keep ?? USUAL);
  const latitude: string = options.latitude ?? "latitude";
  const longitude: string = options.longitude ?? "longitude";
  const names = { latitude, longitude, intensity: variable };
  const metric: Metric<V, TrackSeries, "init_time"> = {
    name,
    term: "track error",
    definition:
      "great-circle distance of the positions; its parts along and across the motion of the observed storm; " +
      `intensity forecast - observed; means of ${absolute ? "absolute" : "signed"} errors`,
    variable,
    unit: (unit) => unit,
    parameters: {
      track: `${latitude}, ${longitude}`,
      errors: absolute ? "absolute" : "signed",
      ...keepParameter(keep, USUAL),
    },
    needs: { variables: [...new Set([variable, latitude, longitude])] },
    breakdowns: ["init_time"],
    zero: () => [],
    observe: (pair) => trackSeries(name, pair, names),
    merge: mergeTracks,
    finish: (state) =>
      sumsByKey(state, keep, absolute)
        .flatMap(({ key: { initTime, leadHours, validTime }, n, sums }) =>
          PARTS.map(({ term, unit }, part): MetricRow => {
            const value = n[part] === 0 ? Number.NaN : exactValue(sums[part]!) / n[part]!;
            const own = { initTime, leadHours, validTime, term, value, n: n[part]! };
            return unit === undefined ? own : { unit, ...own };
          }),
        )
        .sort(byKey),
  };
  return grouped(metric, options);
};

/** The sums of all points by what is kept; keys that were asked for are there without any also. */
const sumsByKey = (state: TrackSeries, keep: Keep, absolute: boolean): Sums[] => {
  const errorAt = trackErrors(observedOf(state));
  const keys = new Map<string | number, Sums>();
  for (const { initTime, samples } of state) {
    const count = countOf(samples);
    for (const { leadHours, validTime, forecast } of samples) {
      const key = keyOf(keep, { initTime, leadHours, validTime });
      const id = keyId(key);
      let known = keys.get(id);
      if (known === undefined) {
        known = { key, n: PARTS.map(() => 0), sums: PARTS.map(() => []) };
        keys.set(id, known);
      }
      const error = errorAt(validTime, forecast);
      if (error === undefined) continue;
      const parts = partsOf(error);
      for (let part = 0; part < parts.length; part++) {
        const number = parts[part]!;
        if (Number.isNaN(number)) continue;
        known.n[part]! += count;
        addExact(known.sums[part]!, (absolute ? Math.abs(number) : number) * count);
      }
    }
  }
  return Array.from(keys.values());
};

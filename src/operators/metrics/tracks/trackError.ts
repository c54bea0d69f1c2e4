import { addExact, exactValue } from "../../../kernels/exactSum.ts";
import { type TrackError, trackErrors } from "../../../kernels/tracks/trackError.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { byKey, type Keep, type Key, keepParameter, keptTimes, keyOf, keyText } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { onlyOptions } from "../options.ts";
import { mergeTracks, type TrackSeries, trackSeries, tracksOf } from "./trackSeries.ts";

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
const PARTS: readonly {
  readonly term: string;
  readonly unit?: string;
  of(error: TrackError): number;
}[] = [
  { term: "track error", unit: "km", of: ({ total }) => total },
  { term: "along-track error", unit: "km", of: ({ along }) => along },
  { term: "cross-track error", unit: "km", of: ({ cross }) => cross },
  { term: "track intensity error", of: ({ intensity }) => intensity },
];

/** What a key is made of: each error, and how often its run was drawn. */
interface Errors {
  readonly key: Key;
  readonly errors: { readonly error: TrackError; readonly count: number }[];
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
    zero: () => new Map(),
    observe: (pair) => trackSeries(name, pair, names),
    merge: mergeTracks,
    finish: (state) =>
      errorsByKey(state, keep)
        .flatMap(({ key, errors }) =>
          PARTS.map(({ term, unit, of }): MetricRow => {
            const sum: number[] = [];
            let n = 0;
            for (const { error, count } of errors) {
              const number = of(error);
              if (Number.isNaN(number)) continue;
              n += count;
              addExact(sum, (absolute ? Math.abs(number) : number) * count);
            }
            const value = n === 0 ? Number.NaN : exactValue(sum) / n;
            const row = { ...key, term, value, n };
            return unit === undefined ? row : { ...row, unit };
          }),
        )
        .sort(byKey),
  };
  return grouped(metric, options);
};

/** The errors of all points by what is kept; keys that were asked for are there without any also. */
const errorsByKey = (state: TrackSeries, keep: Keep): Errors[] => {
  const { runs, observed } = tracksOf(state);
  const errorsOf = trackErrors(observed);
  const keys = new Map<string, Errors>();
  for (const run of runs) {
    const errors = new Map(errorsOf(run).map((error) => [error.time, error]));
    for (const { leadHours, validTime } of run.leads) {
      const key = keyOf(keep, { initTime: run.initTime, leadHours, validTime });
      const text = keyText(key);
      const known = keys.get(text) ?? { key, errors: [] };
      if (known.key === key) keys.set(text, known);
      const error = errors.get(validTime);
      if (error !== undefined) known.errors.push({ error, count: run.count });
    }
  }
  return Array.from(keys.values());
};

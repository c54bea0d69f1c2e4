import { HOUR } from "../../kernels/time.ts";
import { type AreaGeometry, type Coast, coastOf } from "../../kernels/tracks/coast.ts";
import type { LandfallPair } from "../../kernels/tracks/landfallPairs.ts";
import type { TrackPoint } from "../../kernels/tracks/track.ts";
import { EwbError } from "../../model/errors.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { oneOf, onlyOptions } from "../../operators/metrics/options.ts";
import { mergeSeries, type Series } from "../../operators/metrics/runs/series.ts";
import { type CoastAreas, checkCoast } from "../../operators/metrics/tracks/coastAreas.ts";
import { type LandfallScore, landfallScores, placesOf } from "../../operators/metrics/tracks/landfall.ts";
import { NOWHERE, type Position, positionOf } from "../../operators/metrics/tracks/trackPoint.ts";
import { type LandfallPairing, peerLandfallPairs } from "./landfallPairs.ts";
import { type Lattice, type LatticeSample, latticeOf, latticeSample } from "./lattice.ts";
import { landfallsOf, lookedAt } from "./trackLandfalls.ts";

/** A coast as GeoJSON areas; `name` is what rows say of it. */
export interface PeerCoast extends CoastAreas {
  readonly name: string;
  /** The open ocean, from which landfalls come. */
  readonly ocean: AreaGeometry;
}

export interface PeerLandfallOptions<Name extends string = string> extends LandfallPairing {
  /** The variables that say where the storm is; `latitude` and `longitude` unless said. */
  readonly latitude?: Name;
  readonly longitude?: Name;
  /** Land and ocean. The peer takes Natural Earth at 50 m. */
  readonly coast: PeerCoast;
  readonly preserveDims?: "init_time";
  /** Without effect in the peer. */
  readonly excludePostLandfall?: boolean;
  /** Leads (hours) in the order the store lists them, where that is not ascending. */
  readonly leadOrder?: readonly number[];
}

/**
 * A score of landfalls as ExtremeWeatherBench 1.1.0 computes it: a track is a point at each time (variables on one place:
 * where it is and how strong), one row a run, by init; a row of NaN where nothing is paired. Landfalls of different runs
 * within 50 km count as doubles, and only as many are looked at as there are runs with one. Throws `Options`, and
 * `InvalidValue` for tracks on more than one place.
 *
 *     landfallDisplacement("wind_speed", { latitude: "track_latitude", longitude: "track_longitude", coast })
 */
export type PeerLandfallMetric = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PeerLandfallOptions<keyof V & string>,
) => Metric<V>;

interface TrackSample extends LatticeSample {
  readonly forecast: Position;
  readonly target: Position;
}

const OPTIONS = [
  ...["latitude", "longitude", "coast", "preserveDims", "excludePostLandfall", "leadOrder"],
  ...["approach", "minTargetSeparationHours", "maxTimeMismatchHours", "landfallTimeFilter"],
];

const landfallMetric =
  ({ name, term, definition, unit, value }: LandfallScore): PeerLandfallMetric =>
  <V extends Variables>(variable: keyof V & string, options: PeerLandfallOptions) => {
    checkOptions(name, options);
    const { leadOrder } = options;
    const coast = coastOf(options.coast.land, options.coast.ocean);
    const latitude = options.latitude ?? "latitude";
    const longitude = options.longitude ?? "longitude";
    const metric: Metric<V, Series<TrackSample>> = {
      name,
      term,
      definition: `as ExtremeWeatherBench 1.1.0: ${definition}, one run after the other`,
      variable,
      unit,
      parameters: parametersOf(options, latitude, longitude),
      needs: { variables: [variable, latitude, longitude] },
      zero: () => [],
      observe: (pair) => {
        const names = { latitude, longitude, intensity: variable };
        return latticeSample<TrackSample>(pair, {
          forecast: positionOf(name, pair.forecast, names),
          target: positionOf(name, pair.target, names),
        });
      },
      merge: (a, b) => mergeSeries(a, b, (x) => x),
      finish: (state) => {
        if (state.length === 0) return [];
        const { pairs, base } = pairsOf(state, latticeOf(state, leadOrder), coast, options);
        // The peer looks whether any landfall of a side has a value.
        const known = (side: "forecast" | "target"): boolean =>
          pairs.some((pair) => !Number.isNaN(pair[side].intensity));
        if (!known("forecast") || !known("target")) return [PLACEHOLDER];
        return pairs.map((pair) => ({
          initTime: pair.initTime,
          leadHours: null,
          validTime: null,
          value: value(pair),
          n: 1,
          extra: placesOf(pair, base),
        }));
      },
    };
    return metric;
  };

const PLACEHOLDER: MetricRow = { initTime: 0, leadHours: null, validTime: null, value: Number.NaN, n: 0 };

const checkOptions = (name: string, options: PeerLandfallOptions): void => {
  onlyOptions(name, options, OPTIONS);
  oneOf(name, "approach", options.approach ?? "first", ["first", "next"]);
  oneOf(name, "preserveDims", options.preserveDims ?? "init_time", ["init_time"]);
  if (options.landfallTimeFilter) {
    oneOf(name, "landfallTimeFilter", options.landfallTimeFilter[0], ["window", "proportional"]);
  }
  checkCoast(name, options.coast);
  if (typeof options.coast.name === "string" && options.coast.ocean !== undefined) return;
  throw new EwbError(
    "Options",
    `${name}: the coast lacks its name or its ocean; give { coast: { name, land, ocean } } with GeoJSON polygons of land without lakes and of the open ocean.`,
  );
};

const parametersOf = (
  {
    coast,
    approach,
    minTargetSeparationHours,
    maxTimeMismatchHours,
    landfallTimeFilter,
  }: PeerLandfallOptions,
  latitude: string,
  longitude: string,
): Record<string, string> => ({
  compat: "ewb11",
  track: `${latitude}, ${longitude}`,
  coast: coast.name,
  approach: approach ?? "first",
  ...(minTargetSeparationHours ? { min_target_separation: `${minTargetSeparationHours} h` } : {}),
  ...(typeof maxTimeMismatchHours === "number" ? { max_time_mismatch: `${maxTimeMismatchHours} h` } : {}),
  ...(landfallTimeFilter === undefined
    ? {}
    : { landfall_time_filter: landfallTimeFilter === null ? "none" : landfallTimeFilter.join(" ") }),
});

/** All pairs of a case; times are counted from `base`, so that shares of them keep their digits. */
const pairsOf = (
  state: Series<TrackSample>,
  { leads, times, cell }: Lattice<TrackSample>,
  coast: Coast,
  pairing: LandfallPairing,
): { readonly pairs: readonly LandfallPair[]; readonly base: number } => {
  const base = times[0] ?? 0;
  const starts = new Map<number, number>();
  const forecasts = state.flatMap(({ initTime, leads: of, samples }) => {
    const points = leads.map((lead): TrackPoint => {
      const time = initTime + lead * HOUR - base;
      const point = samples[of.indexOf(lead)]?.forecast ?? NOWHERE;
      if (!Number.isNaN(point.intensity)) starts.set(initTime, Math.min(time, starts.get(initTime) ?? time));
      return { time, ...point };
    });
    return landfallsOf(initTime, points, coast);
  });
  const track = times.map((time): TrackPoint => {
    const lead = leads.find((one) => cell(one, time) !== undefined);
    return { time: time - base, ...cell(lead!, time)!.target };
  });
  const targets = landfallsOf(0, track, coast);
  const landing = new Set(forecasts.map(({ initTime }) => initTime)).size;
  const pairs = peerLandfallPairs(
    lookedAt(forecasts, landing),
    lookedAt(targets, targets.length),
    { base, starts, longestLead: Math.max(...leads) },
    pairing,
  );
  return { pairs, base };
};

/** Great-circle distance of the two landfalls, km. */
export const landfallDisplacement = landfallMetric(landfallScores.displacement);

/** Hours from the target's landfall to the run's. */
export const landfallTimeMeanError = landfallMetric(landfallScores.time);

/** Difference of the intensities at the two landfalls. */
export const landfallIntensityMeanAbsoluteError = landfallMetric(landfallScores.intensity);

import { haversine } from "../haversine.ts";
import type { Coast } from "./coast.ts";
import { type Landfall, landfalls } from "./landfalls.ts";
import { type Track, type TrackRun, trackStart } from "./track.ts";

const HOUR = 3_600_000;

export interface LandfallOptions {
  /**
   * `first`: all runs are measured by the first observed landfall that any of them could foresee. `next`: each run by
   * the observed landfall nearest in time to its own.
   */
  readonly approach?: "first" | "next";
  /** Hours by which forecast and observed landfall may differ (24 unless said), a share of the lead, or any. */
  readonly within?: { readonly hours: number } | { readonly shareOfLead: number } | "any";
  /** `next`: observed landfalls sooner than this after the last one kept are left out; 0 unless said. */
  readonly separationHours?: number;
  /** `next`: pairs farther apart in time are dropped before `within` is asked. */
  readonly mismatchHours?: number;
  /** Landfalls of one track closer than this to the last one kept are dropped; 50 km unless said. */
  readonly apart?: number;
}

/** The first landfall of one run and the observed one that it is measured by. */
export interface LandfallPair {
  readonly initTime: number;
  readonly forecast: Landfall;
  readonly target: Landfall;
}

/** A run that makes landfall. */
export interface LandingRun {
  readonly initTime: number;
  /** When its track begins. */
  readonly start: number;
  readonly landfall: Landfall;
}

/** Pairs of the runs that have one, by init time. */
export const landfallPairs = (
  runs: readonly TrackRun[],
  observed: Track,
  coast: Coast,
  options: LandfallOptions = {},
): LandfallPair[] => {
  const { within = { hours: 24 }, apart = 50 } = options;
  const targets = landfalls(observed, coast, apart);
  const landing = runs
    .flatMap((run): LandingRun[] => {
      const [first] = landfalls(run, coast, apart);
      const start = trackStart(run);
      return first === undefined || start === undefined
        ? []
        : [{ initTime: run.initTime, start, landfall: first }];
    })
    .sort((a, b) => a.initTime - b.initTime);
  return pairsOfLandings(landing, targets, horizon(runs), options).filter((pair) => {
    if (within === "any") return true;
    const apartInTime = Math.abs(pair.forecast.time - pair.target.time);
    return "hours" in within
      ? Math.floor(apartInTime / 1000) * 1000 <= within.hours * HOUR
      : apartInTime <= within.shareOfLead * Math.abs(pair.target.time - pair.initTime);
  });
};

/**
 * The observed landfall of each run that has one, before `within` is asked. Runs by init time; `longestLead` in
 * milliseconds; all times from the same moment.
 */
export const pairsOfLandings = (
  landing: readonly LandingRun[],
  targets: readonly Landfall[],
  longestLead: number,
  options: Pick<LandfallOptions, "approach" | "separationHours" | "mismatchHours">,
): LandfallPair[] =>
  options.approach === "next" ? byNext(landing, targets, longestLead, options) : byFirst(landing, targets);

const byFirst = (runs: readonly LandingRun[], targets: readonly Landfall[]): LandfallPair[] => {
  for (const target of targets) {
    const foreseeing = runs.filter(({ initTime, start }) => initTime < target.time && start <= target.time);
    if (foreseeing.length === 0) continue;
    return foreseeing.map(({ initTime, landfall }) => ({ initTime, forecast: landfall, target }));
  }
  return [];
};

const byNext = (
  runs: readonly LandingRun[],
  targets: readonly Landfall[],
  longestLead: number,
  { separationHours = 0, mismatchHours }: LandfallOptions,
): LandfallPair[] => {
  const separate: Landfall[] = [];
  for (const target of targets) {
    const last = separate.at(-1);
    if (last === undefined || target.time - last.time >= separationHours * HOUR) separate.push(target);
  }
  return runs.flatMap(({ initTime, start, landfall }): LandfallPair[] => {
    let nearest: Landfall | undefined;
    const apartInTime = (target: Landfall): number => Math.abs(target.time - landfall.time);
    for (const target of separate) {
      if (target.time < start || target.time > initTime + longestLead) continue;
      if (nearest === undefined || apartInTime(target) < apartInTime(nearest)) nearest = target;
    }
    if (nearest === undefined) return [];
    if (mismatchHours !== undefined && apartInTime(nearest) > mismatchHours * HOUR) return [];
    return [{ initTime, forecast: landfall, target: nearest }];
  });
};

/** The longest lead of all runs, in milliseconds. */
const horizon = (runs: readonly TrackRun[]): number =>
  runs.reduce((longest, { initTime, times }) => {
    const last = times.length === 0 ? initTime : times[times.length - 1]!;
    return Math.max(longest, last - initTime);
  }, 0);

/** Landfall displacement: great circle between the forecast and the observed landfall; km, 0 is best. */
export const landfallDisplacement = ({ forecast, target }: LandfallPair): number =>
  haversine(forecast.latitude, forecast.longitude, target.latitude, target.longitude);

/** Landfall time error: forecast - observed; hours, 0 is best, positive where the forecast is late. */
export const landfallTimeError = ({ forecast, target }: LandfallPair): number =>
  (forecast.time - target.time) / HOUR;

/** Landfall intensity error: |forecast - observed intensity at landfall|, in its unit; 0 is best. */
export const landfallIntensityError = ({ forecast, target }: LandfallPair): number =>
  Math.abs(forecast.intensity - target.intensity);

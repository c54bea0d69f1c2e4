import { HOUR } from "../../kernels/time.ts";
import type { Landfall } from "./trackLandfalls.ts";

/** How a composite or a metric of the peer pairs landfalls. */
export interface LandfallPairing {
  /** The first observed landfall a run can know of (unless said), or the one nearest in time to the run's own. */
  readonly approach?: "first" | "next";
  /** `next`: observed landfalls are thinned to this distance first. */
  readonly minTargetSeparationHours?: number;
  /** `next`: pairs further apart in time are dropped. */
  readonly maxTimeMismatchHours?: number | null;
  /** Which pairs are kept by their distance in time: hours, or a share of the lead. `["window", 24]` unless said. */
  readonly landfallTimeFilter?: readonly ["window" | "proportional", number] | null;
}

export interface RunFacts {
  /** Init times against the moment all times are counted from. */
  readonly base: number;
  /** The first time of each run at which its track has a value, by init time. */
  readonly starts: ReadonlyMap<number, number>;
  readonly longestLead: number;
}

export type LandfallPair = readonly [forecast: Landfall, target: Landfall];

/** The pairs of ExtremeWeatherBench 1.1.0, one a run, by init time. */
export const landfallPairs = (
  forecasts: readonly Landfall[],
  targets: readonly Landfall[],
  facts: RunFacts,
  pairing: LandfallPairing,
): LandfallPair[] => {
  const firsts = firstOfRuns(forecasts);
  const all =
    pairing.approach === "next"
      ? nextPairs(firsts, targets, facts, pairing)
      : firstPairs(firsts, targets, facts);
  const [method, value] =
    pairing.landfallTimeFilter === undefined ? ["window", 24] : (pairing.landfallTimeFilter ?? []);
  if (method === undefined || value === undefined) return all;
  return all.filter(([forecast, target]) => {
    const apart = Math.abs(forecast.time - target.time);
    const allowed =
      method === "window"
        ? Math.trunc(Number(value) * 3600) * 1000
        : Number(value) * Math.abs(target.time - (forecast.initTime - facts.base));
    // Shares of a line are rounded; the peer cuts times to nanoseconds.
    return apart <= allowed + 1e-6;
  });
};

/** The earliest landfall of each run that has a value. */
const firstOfRuns = (forecasts: readonly Landfall[]): Landfall[] => {
  const runs = new Map<number, Landfall>();
  for (const one of forecasts) {
    const known = runs.get(one.initTime);
    if (!Number.isNaN(one.value) && (known === undefined || one.time < known.time))
      runs.set(one.initTime, one);
  }
  return [...runs.values()].sort((a, b) => a.initTime - b.initTime);
};

/** The first observed landfall that any run was started before and has begun to track by then: it is that of all of them. */
const firstPairs = (
  firsts: readonly Landfall[],
  targets: readonly Landfall[],
  { base, starts }: RunFacts,
): LandfallPair[] => {
  for (const target of targets) {
    const runs = firsts.filter(
      ({ initTime }) => initTime - base < target.time && (starts.get(initTime) ?? target.time) <= target.time,
    );
    if (runs.length > 0) return runs.map((forecast) => [forecast, target]);
  }
  return [];
};

/** For each run the observed landfall nearest in time to its own, within what it has tracked and could reach. */
const nextPairs = (
  firsts: readonly Landfall[],
  targets: readonly Landfall[],
  { base, starts, longestLead }: RunFacts,
  { minTargetSeparationHours = 0, maxTimeMismatchHours }: LandfallPairing,
): LandfallPair[] => {
  const thinned = minTargetSeparationHours > 0 ? apart(targets, minTargetSeparationHours) : targets;
  return firsts.flatMap((forecast): LandfallPair[] => {
    const init = forecast.initTime - base;
    const from = starts.get(forecast.initTime) ?? init;
    let best: Landfall | undefined;
    for (const target of thinned) {
      if (target.time < from || target.time > init + longestLead * HOUR) continue;
      const isNearer =
        best === undefined || Math.abs(target.time - forecast.time) < Math.abs(best.time - forecast.time);
      if (isNearer) best = target;
    }
    if (best === undefined) return [];
    const mismatch = Math.abs(forecast.time - best.time) / HOUR;
    return maxTimeMismatchHours !== undefined &&
      maxTimeMismatchHours !== null &&
      mismatch > maxTimeMismatchHours
      ? []
      : [[forecast, best]];
  });
};

/** Each landfall at least so many hours after the last one kept. */
const apart = (targets: readonly Landfall[], hours: number): Landfall[] => {
  const kept: Landfall[] = [];
  for (const one of targets) {
    const last = kept.at(-1);
    if (last === undefined || one.time - last.time >= hours * HOUR) kept.push(one);
  }
  return kept;
};

import { HOUR } from "../../kernels/time.ts";
import { type LandfallPair, pairsOfLandings } from "../../kernels/tracks/landfallPairs.ts";
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

/** The pairs of ExtremeWeatherBench 1.1.0, one a run, by init time. */
export const peerLandfallPairs = (
  forecasts: readonly Landfall[],
  targets: readonly Landfall[],
  { base, starts, longestLead }: RunFacts,
  pairing: LandfallPairing,
): LandfallPair[] => {
  const landing = firstOfRuns(forecasts).map(({ initTime, ...landfall }) => {
    const init = initTime - base;
    return { initTime: init, start: starts.get(initTime) ?? init, landfall };
  });
  const { minTargetSeparationHours: separationHours = 0, maxTimeMismatchHours: mismatchHours } = pairing;
  const all = pairsOfLandings(landing, targets, longestLead * HOUR, {
    approach: pairing.approach ?? "first",
    separationHours,
    ...(typeof mismatchHours === "number" ? { mismatchHours } : {}),
  }).map((pair) => ({ ...pair, initTime: pair.initTime + base }));
  const [method, value] =
    pairing.landfallTimeFilter === undefined ? ["window", 24] : (pairing.landfallTimeFilter ?? []);
  if (method === undefined || value === undefined) return all;
  return all.filter(({ initTime, forecast, target }) => {
    const apart = Math.abs(forecast.time - target.time);
    const allowed =
      method === "window"
        ? Math.trunc(Number(value) * 3600) * 1000
        : Number(value) * Math.abs(target.time - (initTime - base));
    // Shares of a line are rounded; the peer cuts times to nanoseconds.
    return apart <= allowed + 1e-6;
  });
};

/** The earliest landfall of each run that has a value. */
const firstOfRuns = (forecasts: readonly Landfall[]): Landfall[] => {
  const runs = new Map<number, Landfall>();
  for (const one of forecasts) {
    const known = runs.get(one.initTime);
    if (!Number.isNaN(one.intensity) && (known === undefined || one.time < known.time))
      runs.set(one.initTime, one);
  }
  return [...runs.values()].sort((a, b) => a.initTime - b.initTime);
};

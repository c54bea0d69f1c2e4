import { dayOfYear } from "../../kernels/time.ts";
import { EwbError } from "../../model/errors.ts";
import type { Metric } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { samplesOfDay } from "../../operators/metrics/runs/lowest.ts";
import { halfWindow, lower } from "../../operators/metrics/runs/window.ts";
import { latticeOf, temporalResolution } from "./lattice.ts";
import { checkPeerOptions, peerParameters } from "./options.ts";
import {
  nearestToMiddle,
  PEAK_PLACEHOLDER,
  type PeerPeakOptions,
  targetMeans,
  windowErrors,
  windowOptions,
} from "./peak.ts";
import { mergeSides, observeSides, type SidesSeries } from "./sides.ts";

/**
 * Warmest-night error as ExtremeWeatherBench 1.1.0 computes it: days are told apart by day of year, and the window
 * is centred on any time that has the winning value, the one nearest to the middle of the axis, on whatever day.
 * Throws `InvalidValue` where the target has no complete day (the peer aborts), `Options` when made wrongly.
 *
 *     maximumLowestMeanAbsoluteError("surface_air_temperature", { toleranceRangeHours: 24 })
 */
export const maximumLowestMeanAbsoluteError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: Omit<PeerPeakOptions, "reduceSpatialDims"> = {},
): Metric<V> => {
  const name = "maximumLowestMeanAbsoluteError";
  checkPeerOptions(name, variable, options, ["toleranceRangeHours", "within"]);
  const { hours, distance } = windowOptions(name, options);
  const metric: Metric<V, SidesSeries> = {
    name,
    term: "warmest-night error",
    definition: `as ExtremeWeatherBench 1.1.0: |a run's minimum within ${hours} h around a time that has the warmest daily minimum of the target - that minimum| of unweighted means`,
    variable,
    unit: (unit) => unit,
    parameters: { ...peerParameters(options), within: `${hours} h` },
    needs: { variables: [variable] },
    zero: () => [],
    observe: observeSides(variable, ["latitude", "longitude"]),
    merge: mergeSides,
    finish: (state) => {
      if (state.length === 0) return [];
      const lattice = latticeOf(state, options.leadOrder);
      const means = targetMeans(lattice, "");
      if (means.every(Number.isNaN)) return [PEAK_PLACEHOLDER];
      const warmest = Math.max(...dailyMinima(means, lattice.times));
      if (warmest === Number.NEGATIVE_INFINITY) {
        throw new EwbError(
          "InvalidValue",
          `${name}: the target has no complete day; ExtremeWeatherBench 1.1.0 aborts here. Lengthen the case, or use the metric of ewb/metrics.`,
          { variable },
        );
      }
      const candidates = lattice.times.filter((_, k) => means[k] === warmest);
      return windowErrors(state, nearestToMiddle(candidates, lattice.times), new Map([["", warmest]]), {
        half: halfWindow(hours),
        beats: lower,
        required: samplesOfDay([...lattice.leads].sort((a, b) => a - b)),
        distance,
      });
    },
  };
  return metric;
};

/** Minima of the days (by day of year) with exactly as many samples as a day has at the target's resolution. */
const dailyMinima = (means: readonly number[], times: readonly number[]): number[] => {
  const resolution = temporalResolution(times);
  const days = new Map<number, number[]>();
  for (const [k, mean] of means.entries()) {
    if (Number.isNaN(mean)) continue;
    const day = dayOfYear(times[k]!);
    days.set(day, [...(days.get(day) ?? []), mean]);
  }
  return Array.from(days.values())
    .filter((day) => resolution !== undefined && day.length === 24 / resolution)
    .map((day) => Math.min(...day));
};

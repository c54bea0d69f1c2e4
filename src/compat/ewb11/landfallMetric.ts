import { EwbError } from "../../model/errors.ts";
import type { Metric } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import type { PeerLandfallMetric, PeerLandfallOptions } from "./landfall.ts";

/** A score by its factory (a class of the peer), or a factory with options (an instance). */
export type PeerLandfallPart<Name extends string = string> =
  | PeerLandfallMetric
  | readonly [score: PeerLandfallMetric, options: Partial<PeerLandfallOptions<Name>>];

export interface PeerLandfallMetricOptions<Name extends string = string> extends PeerLandfallOptions<Name> {
  readonly metrics: readonly PeerLandfallPart<Name>[];
}

/**
 * Several scores of one set of landfalls, as ExtremeWeatherBench 1.1.0 makes them of its `LandfallMetric`. Two or more share
 * the composite's pairs; a single one pairs by its own options, or the usual ones, whatever the composite says. Throws
 * `Options` where there is none.
 *
 *     score(run, ...landfallMetric("wind_speed", { metrics: [landfallDisplacement, landfallTimeMeanError], coast }))
 */
export const landfallMetric = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  { metrics, ...shared }: PeerLandfallMetricOptions<keyof V & string>,
): Metric<V>[] => {
  if (metrics.length === 0) {
    throw new EwbError(
      "Options",
      "landfallMetric: there are no metrics; name some, like { metrics: [landfallDisplacement, landfallTimeMeanError] }.",
    );
  }
  const { approach: _, minTargetSeparationHours: __, ...others } = shared;
  const { maxTimeMismatchHours: ___, landfallTimeFilter: ____, ...tracks } = others;
  return metrics.map((part) => {
    const [score, own] = typeof part === "function" ? [part, {}] : part;
    return score<V, N>(variable, metrics.length > 1 ? shared : { ...tracks, ...own });
  });
};

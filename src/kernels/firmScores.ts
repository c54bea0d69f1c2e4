import type { Values } from "../model/field.ts";

/** One threshold of a warning service: a number, or one for each place, in the precision of each side. */
export interface FirmThreshold {
  readonly weight: number;
  readonly forForecast: number;
  readonly forTarget: number;
  readonly places: Values | undefined;
}

/**
 * Penalties of a fixed risk multicategorical forecast, place by place, summed over the thresholds t: over = weight (1 -
 * risk) where o is below t and f above it, under = weight risk for the reverse; with a discount distance d times
 * min(|t - o|, d). A value on a threshold is below it, or above it where `onThresholdAbove`. NaN where a side or a
 * threshold is missing.
 */
export const firmScores = (
  f: Values,
  o: Values,
  thresholds: readonly FirmThreshold[],
  risk: number,
  discount: number,
  onThresholdAbove: boolean,
): [over: Float64Array, under: Float64Array] => {
  const over = new Float64Array(o.length);
  const under = new Float64Array(o.length);
  for (const { weight, forForecast, forTarget, places } of thresholds) {
    const [tooHigh, tooLow] = [weight * (1 - risk), weight * risk];
    for (let i = 0; i < over.length; i++) {
      const x = f[i]!;
      const y = o[i]!;
      const tf = places === undefined ? forForecast : places[i]!;
      const to = places === undefined ? forTarget : places[i]!;
      if (Number.isNaN(x) || Number.isNaN(y) || Number.isNaN(tf)) {
        over[i] = Number.NaN;
        under[i] = Number.NaN;
        continue;
      }
      const above = onThresholdAbove ? x >= tf : x > tf;
      if (above === (onThresholdAbove ? y >= to : y > to)) continue;
      const k = discount === 0 ? 1 : Math.min(Math.abs(y - to), discount);
      if (above) over[i] = over[i]! + tooHigh * k;
      else under[i] = under[i]! + tooLow * k;
    }
  }
  return [over, under];
};

import type { Values } from "../model/field.ts";

/** One threshold of a warning service: a number, or one for each place, in the precision of each side. */
export interface FirmThreshold {
  readonly weight: number;
  readonly forForecast: number;
  readonly forTarget: number;
  readonly places: Values | undefined;
}

/**
 * Penalties of a fixed risk multicategorical forecast at the places [start, stop), summed over the thresholds t: over =
 * weight (1 - risk) where o is below t and f above it, under = weight risk for the reverse; with a discount distance d
 * times min(|t - o|, d). A value on a threshold is below it, or above it where `onThresholdAbove`. NaN where a side or a
 * threshold is missing.
 */
export const firmScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  thresholds: readonly FirmThreshold[],
  risk: number,
  discount: number,
  onThresholdAbove: boolean,
  over: Float64Array,
  under: Float64Array,
): void => {
  // NaN where a side is missing, else 0.
  for (let i = start; i < stop; i++) {
    const there = Number.isNaN(f[i]!) || Number.isNaN(o[i]!) ? Number.NaN : 0;
    over[i - start] = there;
    under[i - start] = there;
  }
  for (const threshold of thresholds) {
    const tooHigh = threshold.weight * (1 - risk);
    const tooLow = threshold.weight * risk;
    if (threshold.places === undefined) {
      const { forForecast, forTarget } = threshold;
      for (let i = start; i < stop; i++) {
        const y = o[i]!;
        const above = onThresholdAbove ? f[i]! >= forForecast : f[i]! > forForecast;
        if (above === (onThresholdAbove ? y >= forTarget : y > forTarget)) continue;
        const k = discount === 0 ? 1 : Math.min(Math.abs(y - forTarget), discount);
        if (above) over[i - start] = over[i - start]! + tooHigh * k;
        else under[i - start] = under[i - start]! + tooLow * k;
      }
      continue;
    }
    const { places } = threshold;
    for (let i = start; i < stop; i++) {
      const y = o[i]!;
      const t = places[i]!;
      if (Number.isNaN(t)) {
        over[i - start] = t;
        under[i - start] = t;
        continue;
      }
      const above = onThresholdAbove ? f[i]! >= t : f[i]! > t;
      if (above === (onThresholdAbove ? y >= t : y > t)) continue;
      const k = discount === 0 ? 1 : Math.min(Math.abs(y - t), discount);
      if (above) over[i - start] = over[i - start]! + tooHigh * k;
      else under[i - start] = under[i - start]! + tooLow * k;
    }
  }
};

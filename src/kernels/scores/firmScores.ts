import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/** One threshold of a warning service: a number, or one for each place, in the precision of each side. */
export interface FirmThreshold {
  readonly weight: number;
  readonly forForecast: number;
  readonly forTarget: number;
  readonly places: Values | undefined;
}

/** Thresholds as arrays, and what a place costs at each. */
export interface FirmRules {
  readonly forForecast: Float64Array;
  readonly forTarget: Float64Array;
  /** Thresholds of each place; undefined: all are numbers. */
  readonly fields: readonly (Values | undefined)[] | undefined;
  readonly tooHigh: Float64Array;
  readonly tooLow: Float64Array;
  readonly discount: number;
  readonly onThresholdAbove: boolean;
}

export const firmRules = (
  thresholds: readonly FirmThreshold[],
  risk: number,
  discount: number,
  onThresholdAbove: boolean,
): FirmRules => ({
  forForecast: Float64Array.from(thresholds, (one) => one.forForecast),
  forTarget: Float64Array.from(thresholds, (one) => one.forTarget),
  fields: thresholds.some(({ places }) => places !== undefined)
    ? thresholds.map(({ places }) => places)
    : undefined,
  tooHigh: Float64Array.from(thresholds, ({ weight }) => weight * (1 - risk)),
  tooLow: Float64Array.from(thresholds, ({ weight }) => weight * risk),
  discount,
  onThresholdAbove,
});

/**
 * Adds up penalties of a fixed risk multicategorical forecast of a leaf (`AddLeaf`), each place's summed over the
 * thresholds t: over = weight (1 - risk) where o is below t and f above it, under = weight risk for the reverse; with a
 * discount distance d times min(|t - o|, d). A value on a threshold is below it, or above it where `onThresholdAbove`. A
 * place where a side or a threshold is missing has none.
 */
export const firmScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  rules: FirmRules,
  out: Float64Array,
): void => {
  const { forForecast, forTarget, fields, tooHigh, tooLow, discount, onThresholdAbove } = rules;
  const many = forTarget.length;
  let count = 0;
  let weight = 0;
  let sumOver = 0;
  let sumUnder = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    if (fields !== undefined && isMissing(fields, i)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    let over = 0;
    let under = 0;
    for (let k = 0; k < many; k++) {
      const places = fields === undefined ? undefined : fields[k];
      const tf = places === undefined ? forForecast[k]! : places[i]!;
      const to = places === undefined ? forTarget[k]! : places[i]!;
      const above = onThresholdAbove ? x >= tf : x > tf;
      if (above === (onThresholdAbove ? y >= to : y > to)) continue;
      const d = discount === 0 ? 1 : Math.min(Math.abs(y - to), discount);
      if (above) over += tooHigh[k]! * d;
      else under += tooLow[k]! * d;
    }
    sumOver += c * over;
    sumUnder += c * under;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sumOver;
  out[SCORES + 1] = sumUnder;
};

const isMissing = (fields: readonly (Values | undefined)[], i: number): boolean => {
  for (const places of fields) if (places !== undefined && Number.isNaN(places[i]!)) return true;
  return false;
};

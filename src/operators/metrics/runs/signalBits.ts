import type { Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { checkUnit, inPrecisionOf, type ParsedCriterion, thresholdValues } from "../threshold.ts";
import type { SignalRules } from "./earlySignal.ts";

export const PRESENT = 1;
export const HIT = 2;

/**
 * What each place of a pair says: `PRESENT` where it has a forecast and a threshold, and `HIT` as well where the
 * forecast meets the criterion; 0 where nothing can be said.
 */
export const signalBits = (pair: Pair, { name, variable, criterion }: SignalRules): Uint8Array => {
  const forecast = pair.forecast[variable]!;
  checkUnit(name, variable, forecast, criterion);
  const bits = new Uint8Array(forecast.values.length);
  mark(forecast.values, criterion, thresholdValues(pair, criterion), bits);
  return bits;
};

const mark = (
  values: Values,
  { comparison, number }: ParsedCriterion,
  field: Values | undefined,
  bits: Uint8Array,
): void => {
  // `below` is `above` with both signs turned.
  const sign = comparison.startsWith(">") ? 1 : -1;
  const equal = comparison.endsWith("=");
  const limit = sign * inPrecisionOf(values, number?.value ?? 0);
  const on = equal ? 1 : 0;
  // `Number` of a comparison needs no branch.
  for (let i = 0; i < bits.length; i++) {
    const value = sign * values[i]!;
    const threshold = field === undefined ? limit : sign * field[i]!;
    const present = Number(!Number.isNaN(value)) & Number(!Number.isNaN(threshold));
    const met = Number(value > threshold) | (Number(value === threshold) & on);
    bits[i] = present * PRESENT + met * HIT;
  }
};

import type { Pair } from "../../model/pair.ts";
import type { SignalRules } from "./earlySignal.ts";
import { checkUnit, inPrecisionOf, meets, thresholdValues } from "./threshold.ts";

/**
 * What a place of a pair says: whether its forecast meets the criterion; undefined where it is missing, has no
 * threshold, or the target does not meet `where`.
 */
export const signalOf = (pair: Pair, rules: SignalRules): ((place: number) => boolean | undefined) => {
  const { name, variable, criterion, where } = rules;
  const forecast = pair.forecast[variable]!;
  const target = pair.target[variable]!;
  checkUnit(name, variable, forecast, criterion);
  if (where !== undefined) checkUnit(name, variable, target, where);
  const f = forecast.values;
  const o = target.values;
  const field = thresholdValues(pair, criterion);
  const number = inPrecisionOf(f, criterion.number?.value ?? 0);
  const whereField = where === undefined ? undefined : thresholdValues(pair, where);
  const whereNumber = inPrecisionOf(o, where?.number?.value ?? 0);
  return (i) => {
    const x = f[i]!;
    const threshold = field === undefined ? number : field[i]!;
    if (Number.isNaN(x) || Number.isNaN(threshold)) return undefined;
    if (where !== undefined) {
      const limit = whereField === undefined ? whereNumber : whereField[i]!;
      if (!meets(o[i]!, where.comparison, limit)) return undefined;
    }
    return meets(x, criterion.comparison, threshold);
  };
};

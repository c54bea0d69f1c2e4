import { errorTotal } from "../../../kernels/errorTotal.ts";
import { errorParts, errorValues } from "../../../kernels/scores/errorValues.ts";
import { givenValues } from "../../../kernels/scores/givenValues.ts";
import { EwbError } from "../../../model/errors.ts";
import type { ClimatologyField, Pair, Weights } from "../../../model/pair.ts";
import { type ParsedQuantity, quantityOf, sameUnit } from "../quantity.ts";
import { addedScores } from "../scoreMetric.ts";
import { checkUnit } from "../threshold.ts";
import { type ErrorSums, weighedLeaves } from "./errorSums.ts";
import { givenOf, givenThreshold, type ParsedGiven } from "./given.ts";

/** Which errors count, and how they are measured, where that is not f - o of every pair. */
export interface ErrorRules {
  readonly period: ParsedQuantity | undefined;
  readonly given: ParsedGiven | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly climatologies: readonly ClimatologyField[] | undefined;
}

/** The rules that options ask for; undefined: f - o of every pair. Throws `Options`. */
export const errorRules = (
  metric: string,
  variable: string,
  options: { readonly circular?: string; readonly given?: any },
): ErrorRules | undefined => {
  if (options.circular === undefined && options.given === undefined) return undefined;
  const period = options.circular === undefined ? undefined : periodOf(metric, options.circular);
  const given = options.given === undefined ? undefined : givenOf(metric, variable, options.given);
  const climatology = given?.criterion.climatology;
  return {
    period,
    given,
    parameters: {
      ...(period && { circular: period.text }),
      ...(given && { given: given.text }),
    },
    climatologies: climatology && [climatology],
  };
};

/** The length of a circle, above 0. Throws `Options`. */
const periodOf = (metric: string, circular: string): ParsedQuantity => {
  const period = quantityOf(metric, "circular", circular, 0);
  if (period.value > 0) return period;
  throw new EwbError(
    "Options",
    `${metric}: circular is ${JSON.stringify(circular)}; expected the length of the circle, like "360 degree".`,
  );
};

/** Throws `Unit` where an option of the rules is not in the unit of the data. */
export const checkRules = (
  metric: string,
  pair: Pair,
  variable: string,
  rules: ErrorRules | undefined,
): void => {
  const forecast = pair.forecast[variable]!;
  if (rules?.period) sameUnit(metric, variable, forecast, "circular", rules.period);
  if (rules?.given) checkUnit(metric, variable, forecast, rules.given.criterion);
};

/** f - o of all places, the shorter way around a circle; NaN where a side is missing. */
export const allErrors = (pair: Pair, variable: string, rules: ErrorRules | undefined): Float64Array => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const errors = new Float64Array(o.length);
  errorValues(f, o, 0, errors.length, rules?.period?.value, errors);
  return errors;
};

/** What `errorSums` is of every pair, of those that the rules leave. */
export const someErrorSums = (
  pair: Pair,
  variable: string,
  weights: Weights,
  rules: ErrorRules,
): ErrorSums => {
  const { values } = pair.forecast[variable]!;
  const o = pair.target[variable]!.values;
  const period = rules.period?.value;
  const f = rules.given ? givenValues(values, o, givenThreshold(pair, variable, rules.given)) : values;
  if (period === undefined) return errorTotal(f, o, weighedLeaves(pair.places, weights));
  const { n, weight, sums } = addedScores(3, pair, weights, (start, stop, columns, out) =>
    errorParts(f, o, start, stop, columns, period, out),
  );
  return { n, weight, error: sums[0]!, absolute: sums[1]!, squared: sums[2]! };
};

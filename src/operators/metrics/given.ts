import type { Pair } from "../../model/pair.ts";
import { oneOf } from "./options.ts";
import {
  type Criterion,
  inPrecisionOf,
  meets,
  type ParsedCriterion,
  parseCriterion,
  thresholdValues,
} from "./threshold.ts";

/**
 * Which pairs count: those where the target (unless said), the forecast, or either of the two meets a criterion. Errors
 * given that an extreme was observed reward forecasts that cry wolf, those given that one was forecast reward silence
 * (the forecaster's dilemma: Lerch and others 2017, doi:10.1214/16-STS588).
 */
export type Given<Unit extends string> = Criterion<Unit> & {
  readonly side?: "target" | "forecast" | "either";
};

export interface ParsedGiven {
  readonly criterion: ParsedCriterion;
  readonly side: "target" | "forecast" | "either";
  /** Canonical text, e.g. `target >= 300 K`. */
  readonly text: string;
}

export const givenOf = (metric: string, variable: string, given: Given<any>): ParsedGiven => {
  const criterion = parseCriterion(metric, variable, given);
  const side = oneOf(metric, "given.side", given.side ?? "target", ["target", "forecast", "either"]);
  return { criterion, side, text: `${side} ${criterion.comparison} ${criterion.text}` };
};

/** Makes scores missing, in place, where the pair does not count; the unit was checked before. */
export const keepGiven = (
  scores: Float64Array,
  pair: Pair,
  variable: string,
  { criterion, side }: ParsedGiven,
): void => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const places = thresholdValues(pair, criterion);
  const number = criterion.number?.value ?? Number.NaN;
  const forF = inPrecisionOf(f, number);
  const forO = inPrecisionOf(o, number);
  const { comparison } = criterion;
  for (let i = 0; i < scores.length; i++) {
    const isMet =
      (side !== "target" && meets(f[i]!, comparison, places === undefined ? forF : places[i]!)) ||
      (side !== "forecast" && meets(o[i]!, comparison, places === undefined ? forO : places[i]!));
    if (!isMet) scores[i] = Number.NaN;
  }
};

import type { GivenThreshold } from "../../../kernels/scores/givenValues.ts";
import type { Pair } from "../../../model/pair.ts";
import { oneOf } from "../options.ts";
import {
  type Criterion,
  inPrecisionOf,
  type ParsedCriterion,
  parseCriterion,
  thresholdValues,
} from "../threshold.ts";

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

/** The threshold on the places of a pair; the unit was checked before. */
export const givenThreshold = (
  pair: Pair,
  variable: string,
  { criterion, side }: ParsedGiven,
): GivenThreshold => {
  const number = criterion.number?.value ?? Number.NaN;
  const judged = pair.judgedBy?.[variable]?.values;
  return {
    comparison: criterion.comparison,
    forForecast: inPrecisionOf(judged ?? pair.forecast[variable]!.values, number),
    forTarget: inPrecisionOf(pair.target[variable]!.values, number),
    judged,
    places: thresholdValues(pair, criterion),
    ofForecast: side !== "target",
    ofTarget: side !== "forecast",
  };
};

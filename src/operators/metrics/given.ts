import { leaveOutUnmet, meetField, meetNumber } from "../../kernels/metFlags.ts";
import type { Pair } from "../../model/pair.ts";
import { oneOf } from "./options.ts";
import {
  type Criterion,
  inPrecisionOf,
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

/** Makes scores of the places [start, stop), which lie at the beginning of `scores`, missing where the pair does not count. */
export type KeepGiven = (start: number, stop: number, scores: Float64Array) => void;

/** The unit was checked before. */
export const keepGiven = (pair: Pair, variable: string, { criterion, side }: ParsedGiven): KeepGiven => {
  const { comparison } = criterion;
  const places = thresholdValues(pair, criterion);
  const number = criterion.number?.value ?? Number.NaN;
  const sides = [
    ...(side === "target" ? [] : [pair.forecast[variable]!.values]),
    ...(side === "forecast" ? [] : [pair.target[variable]!.values]),
  ];
  let met = new Uint8Array();
  return (start, stop, scores) => {
    if (met.length < stop - start) met = new Uint8Array(stop - start);
    for (const [k, values] of sides.entries()) {
      if (places !== undefined) meetField(values, comparison, places, start, stop, met, k > 0);
      else meetNumber(values, comparison, inPrecisionOf(values, number), start, stop, met, k > 0);
    }
    leaveOutUnmet(scores, met, stop - start);
  };
};

import type { Values } from "../../model/field.ts";
import { markEvents } from "../spatial/markEvents.ts";
import type { Comparison } from "../tables/indicator.ts";

/** Which pairs count: where one of the named sides meets a threshold, a number in its precision or one of each place. */
export interface GivenThreshold {
  readonly comparison: Comparison;
  readonly forForecast: number;
  readonly forTarget: number;
  /** What is compared in the place of the forecast; undefined: the forecast. */
  readonly judged: Values | undefined;
  readonly places: Values | undefined;
  readonly ofForecast: boolean;
  readonly ofTarget: boolean;
}

/** The forecast where a pair counts; missing elsewhere. */
export const givenValues = (
  f: Values,
  o: Values,
  { comparison, forForecast, forTarget, judged = f, places, ofForecast, ofTarget }: GivenThreshold,
): Values => {
  const met = new Uint8Array(f.length);
  if (ofForecast) markEvents(met, judged, comparison, places ?? forForecast, 1, 0);
  if (ofTarget) markEvents(met, o, comparison, places ?? forTarget, 1, 0);
  const given = f.slice();
  for (let i = 0; i < met.length; i++) if (met[i] === 0) given[i] = Number.NaN;
  return given;
};

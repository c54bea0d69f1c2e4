import type { Values } from "../model/field.ts";
import type { Comparison } from "./indicator.ts";
import { justAbove } from "./justAbove.ts";

/** A threshold as a number in the precision of each side, or of each place. */
export interface SideThresholds {
  readonly forForecast: number;
  readonly forTarget: number;
  readonly places: Values | undefined;
}

/**
 * 1 where a side meets a threshold, else 0, at the places [start, stop), to the beginning of one array a side; NaN in
 * both where a side or the threshold is missing.
 */
export const exceedances = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  comparison: Comparison,
  { forForecast, forTarget, places }: SideThresholds,
  ofForecast: Float64Array,
  ofTarget: Float64Array,
): void => {
  // Missing, not reached, reached: looked up, so that nothing is foretold wrongly.
  const numbers = Float64Array.of(Number.NaN, 0, 1);
  if (comparison === "<=" || comparison === "<") numbers.set([1, 0], 1);
  const isOn = comparison === ">=" || comparison === "<";
  if (places === undefined) {
    const forF = isOn ? forForecast : justAbove(forForecast, f instanceof Float32Array);
    const forO = isOn ? forTarget : justAbove(forTarget, o instanceof Float32Array);
    for (let i = start; i < stop; i++) {
      const x = f[i]!;
      const y = o[i]!;
      const there = Number(!Number.isNaN(x)) & Number(!Number.isNaN(y));
      ofForecast[i - start] = numbers[there + (there & Number(x >= forF))]!;
      ofTarget[i - start] = numbers[there + (there & Number(y >= forO))]!;
    }
    return;
  }
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const t = places[i]!;
    const there = Number(!Number.isNaN(x)) & Number(!Number.isNaN(y)) & Number(!Number.isNaN(t));
    ofForecast[i - start] = numbers[there + (there & Number(isOn ? x >= t : x > t))]!;
    ofTarget[i - start] = numbers[there + (there & Number(isOn ? y >= t : y > t))]!;
  }
};

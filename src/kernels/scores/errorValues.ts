import type { Values } from "../../model/field.ts";
import type { Comparison } from "../tables/indicator.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/**
 * f - o at the places [start, stop), to the beginning of `out`; NaN where either is missing. With a `period` (360 for
 * directions in degrees) the shorter way around the circle, above -period/2 up to period/2.
 */
export const errorValues = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  period: number | undefined,
  out: Float64Array,
): void => {
  if (period === undefined) {
    for (let i = start; i < stop; i++) out[i - start] = f[i]! - o[i]!;
    return;
  }
  for (let i = start; i < stop; i++) out[i - start] = shorterWay(f[i]! - o[i]!, period);
};

/** A difference on a circle: in (-period/2, period/2]. */
const shorterWay = (difference: number, period: number): number => {
  // The remainder of a division is exact, and slow: of most differences it is the difference itself.
  const rest = Math.abs(difference) < period ? difference : difference % period;
  const half = period / 2;
  return rest > half ? rest - period : rest <= -half ? rest + period : rest;
};

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

/** Adds up e, |e| and e e of a leaf (`AddLeaf`) where both sides are present and the pair counts. */
export const errorParts = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  period: number | undefined,
  given: GivenThreshold | undefined,
  out: Float64Array,
): void => {
  const all = given === undefined;
  const places = given?.places;
  const judged = given?.judged ?? f;
  const forForecast = given?.forForecast ?? 0;
  const forTarget = given?.forTarget ?? 0;
  const ofForecast = given?.ofForecast === true;
  const ofTarget = given?.ofTarget === true;
  const kind = given === undefined ? 0 : KINDS.indexOf(given.comparison);
  let count = 0;
  let weight = 0;
  let error = 0;
  let absolute = 0;
  let squared = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const difference = x - y;
    if (Number.isNaN(difference)) continue;
    if (!all) {
      const tf = places === undefined ? forForecast : places[i]!;
      const to = places === undefined ? forTarget : places[i]!;
      if (!(ofForecast && meets(judged[i]!, kind, tf)) && !(ofTarget && meets(y, kind, to))) continue;
    }
    const e = period === undefined ? difference : shorterWay(difference, period);
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    error += c * e;
    absolute += c * Math.abs(e);
    squared += c * (e * e);
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = error;
  out[SCORES + 1] = absolute;
  out[SCORES + 2] = squared;
};

const KINDS: readonly Comparison[] = [">=", ">", "<=", "<"];

/** A comparison by its place in the list: the same for a whole leaf, so that it is foretold. */
const meets = (value: number, kind: number, threshold: number): boolean =>
  kind === 0
    ? value >= threshold
    : kind === 1
      ? value > threshold
      : kind === 2
        ? value <= threshold
        : value < threshold;

/** Adds up 1{|e| >= edge} of each edge of a leaf (`AddLeaf`); a place where a side is missing has none. */
export const errorsBeyond = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  period: number | undefined,
  edges: Float64Array,
  out: Float64Array,
): void => {
  const many = edges.length;
  let count = 0;
  let weight = 0;
  for (let i = start; i < stop; i++) {
    const difference = f[i]! - o[i]!;
    if (Number.isNaN(difference)) continue;
    const size = Math.abs(period === undefined ? difference : shorterWay(difference, period));
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    for (let k = 0; k < many; k++) if (size >= edges[k]!) out[SCORES + k]! += c;
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
};

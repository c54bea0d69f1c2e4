import type { Values } from "../../model/field.ts";
import type { Leaves } from "../leafTotal.ts";
import { type CellCounts, countLeaves } from "./cellCounts.ts";
import { type TablesModule, tablesModule } from "./tablesModule.ts";

/** Places copied to the module's memory at once: both sides stay in the processor's cache for all thresholds. */
const TILE = 16_384;
const OUT = 64;

/** Adds hits, false alarms, misses and correct negatives at each threshold to `into`, four numbers a threshold. */
type Count = (start: number, stop: number, into: Float64Array) => void;

/**
 * Two-by-two tables at one or many thresholds in one pass: hits, false alarms, misses and correct negatives at the
 * first, then at the second, and so on. An event is a value >= the threshold of its side; a place counts where neither
 * side is NaN.
 *
 *     eventCounts(f, o, [1, 5], [1, 5], leaves, false).counts // a, b, c, d at 1, then at 5
 */
export const eventCounts = (
  forecast: Values,
  target: Values,
  forecastThresholds: readonly number[],
  targetThresholds: readonly number[],
  leaves: Leaves,
  weighed: boolean,
): CellCounts =>
  countLeaves(
    4 * forecastThresholds.length,
    leaves,
    weighed,
    tablesModule === undefined
      ? scalarCount(forecast, target, forecastThresholds, targetThresholds)
      : simdCount(tablesModule, forecast, target, forecastThresholds, targetThresholds),
    (start, stop, columns, into) => {
      for (let k = 0; k < forecastThresholds.length; k++) {
        const ft = forecastThresholds[k]!;
        const ot = targetThresholds[k]!;
        for (let i = start; i < stop; i++) {
          const x = forecast[i]!;
          const y = target[i]!;
          if (Number.isNaN(x) || Number.isNaN(y)) continue;
          into[4 * k + (x >= ft ? (y >= ot ? 0 : 1) : y >= ot ? 2 : 3)]! += columns[i - start]!;
        }
      }
    },
  );

export const simdCount =
  (
    module: TablesModule,
    forecast: Values,
    target: Values,
    forecastThresholds: readonly number[],
    targetThresholds: readonly number[],
  ): Count =>
  (start, stop, into) => {
    const fw = forecast.BYTES_PER_ELEMENT;
    const ow = target.BYTES_PER_ELEMENT;
    const { f32, f64, i32, base, run } = module.room(OUT + 2 * TILE * 8);
    const f = base + OUT;
    const o = f + TILE * 8;
    for (let from = start; from < stop; from += TILE) {
      const to = Math.min(stop, from + TILE);
      copyIn(forecast, from, to, f32, f64, f);
      copyIn(target, from, to, f32, f64, o);
      for (let k = 0; k < forecastThresholds.length; k++) {
        run.table(f, o, fw, ow, forecastThresholds[k]!, targetThresholds[k]!, to - from, base);
        const at = base >> 2;
        add(into, k, i32[at]!, i32[at + 1]!, i32[at + 2]!, i32[at + 3]!);
      }
    }
  };

const copyIn = (
  values: Values,
  from: number,
  to: number,
  f32: Float32Array,
  f64: Float64Array,
  at: number,
): void => {
  if (values instanceof Float32Array) f32.set(values.subarray(from, to), at >> 2);
  else f64.set(values.subarray(from, to), at >> 3);
};

/** The same without SIMD. `Number` of a comparison needs no branch. */
export const scalarCount =
  (
    forecast: Values,
    target: Values,
    forecastThresholds: readonly number[],
    targetThresholds: readonly number[],
  ): Count =>
  (start, stop, into) => {
    for (let k = 0; k < forecastThresholds.length; k++) {
      const ft = forecastThresholds[k]!;
      const ot = targetThresholds[k]!;
      let [n, hits, forecasts, targets] = [0, 0, 0, 0];
      for (let i = start; i < stop; i++) {
        const x = forecast[i]!;
        const y = target[i]!;
        const there = Number(!Number.isNaN(x)) & Number(!Number.isNaN(y));
        const meets = Number(x >= ft) & there;
        const metBy = Number(y >= ot) & there;
        n += there;
        hits += meets & metBy;
        forecasts += meets;
        targets += metBy;
      }
      add(into, k, n, hits, forecasts, targets);
    }
  };

const add = (
  into: Float64Array,
  k: number,
  n: number,
  hits: number,
  forecasts: number,
  targets: number,
): void => {
  into[4 * k]! += hits;
  into[4 * k + 1]! += forecasts - hits;
  into[4 * k + 2]! += targets - hits;
  into[4 * k + 3]! += n - forecasts - targets + hits;
};

import type { Values } from "../../model/field.ts";
import { type LeafWork, type Leaves, leafTotal } from "../leafTotal.ts";
import { type CellCounts, countLeaves } from "./cellCounts.ts";

/**
 * Two-by-two tables at one or many thresholds in one pass: hits, false alarms, misses and correct negatives at the
 * first, then at the second, and so on. An event is a value >= the threshold of its side; a place counts where neither
 * side is NaN.
 *
 *     eventCounts(f, o, [1, 5], [1, 5], leaves, false).counts // a, b, c, d at 1, then at 5
 */
export const eventCounts = (...of: Parameters<typeof eventWork>): CellCounts => leafTotal(eventWork(...of));

export const eventWork = (
  forecast: Values,
  target: Values,
  forecastThresholds: readonly number[],
  targetThresholds: readonly number[],
  leaves: Leaves,
  weighed: boolean,
): LeafWork<CellCounts> => {
  const many = forecastThresholds.length;
  const [fw, ow] = [forecast.BYTES_PER_ELEMENT, target.BYTES_PER_ELEMENT];
  const scratch = new Float64Array(10 * many);
  scratch.set(forecastThresholds);
  scratch.set(targetThresholds, many);
  return {
    arrays: [forecast, target],
    leaves,
    sums: weighed ? 4 * many : 0,
    scratch,
    add: (run, [f, o], { columns, scratch, leaves }) =>
      run.tables(f!, o!, fw, ow, columns, scratch, many, weighed, ...leaves),
    total: ({ sums, scratch }) => ({
      counts: scratch.slice(2 * many, 6 * many),
      sums: weighed ? sums : undefined,
    }),
    scalar: () => scalarEventCounts(forecast, target, forecastThresholds, targetThresholds, leaves, weighed),
  };
};

export const scalarEventCounts = (...of: Parameters<typeof eventWork>): CellCounts => {
  const [forecast, target, forecastThresholds, targetThresholds, leaves, weighed] = of;
  return countLeaves(
    4 * forecastThresholds.length,
    leaves,
    weighed,
    scalarCount(forecast, target, forecastThresholds, targetThresholds),
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
};

/**
 * Adds hits, false alarms, misses and correct negatives at each threshold to `into`, four numbers a threshold. `Number` of
 * a comparison needs no branch.
 */
export const scalarCount =
  (
    forecast: Values,
    target: Values,
    forecastThresholds: readonly number[],
    targetThresholds: readonly number[],
  ) =>
  (start: number, stop: number, into: Float64Array): void => {
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

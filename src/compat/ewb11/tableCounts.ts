import type { Pair } from "../../model/pair.ts";
import { mergeSeries, type Series } from "../../operators/metrics/runs/series.ts";
import { inPrecisionOf } from "../../operators/metrics/threshold.ts";
import { type Lattice, type LatticeSample, latticeSample } from "./lattice.ts";

/** Pairs of places by what the forecast and the target said. */
export interface TableCounts {
  readonly hits: number;
  readonly falseAlarms: number;
  readonly misses: number;
  readonly correctNegatives: number;
}

/** `valid`: pairs of which both sides are present; the peer counts the others as well. */
export interface TableSample extends LatticeSample, TableCounts {
  readonly valid: number;
}

export type TableSeries = Series<TableSample>;

/** The 2 x 2 table of one pair: a missing value of either side is no event. */
export const observeTable = (
  pair: Pair,
  variable: string,
  forecastThreshold: number,
  targetThreshold: number,
): TableSeries => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const limit = inPrecisionOf(f, forecastThreshold);
  const limitOfTarget = inPrecisionOf(o, targetThreshold);
  let hits = 0;
  let falseAlarms = 0;
  let misses = 0;
  let valid = 0;
  const size = pair.matched ? f.length : 0;
  for (let i = 0; i < size; i++) {
    const x = f[i]!;
    const y = o[i]!;
    if (!Number.isNaN(x) && !Number.isNaN(y)) valid += 1;
    if (x >= limit) {
      if (y >= limitOfTarget) hits += 1;
      else falseAlarms += 1;
    } else if (y >= limitOfTarget) misses += 1;
  }
  const correctNegatives = size - hits - falseAlarms - misses;
  return latticeSample<TableSample>(pair, { hits, falseAlarms, misses, correctNegatives, valid });
};

export const mergeTables = (a: TableSeries, b: TableSeries): TableSeries =>
  mergeSeries(a, b, (x, y) => ({ ...x, ...sum(x, y), valid: x.valid + y.valid }));

/**
 * The table of a row of the peer: that of every cell of its lead_time x valid_time grid. A cell without a run behind
 * it is a forecast of no event at all places: misses where the target of that time had an event.
 */
export const tableOf = (
  lattice: Lattice<TableSample>,
  leads: readonly number[],
  times: readonly number[],
): TableCounts => {
  let all = NOTHING;
  for (const time of times) {
    let empty: TableCounts | undefined;
    for (const lead of leads) {
      const cell = lattice.cell(lead, time);
      empty ??= cell === undefined ? withoutForecast(lattice, time) : undefined;
      all = sum(all, cell ?? empty!);
    }
  }
  return all;
};

const NOTHING: TableCounts = { hits: 0, falseAlarms: 0, misses: 0, correctNegatives: 0 };

const withoutForecast = (lattice: Lattice<TableSample>, time: number): TableCounts => {
  for (const lead of lattice.leads) {
    const cell = lattice.cell(lead, time);
    if (cell === undefined) continue;
    const { hits, falseAlarms, misses, correctNegatives } = cell;
    return { ...NOTHING, misses: hits + misses, correctNegatives: falseAlarms + correctNegatives };
  }
  return NOTHING;
};

const sum = (a: TableCounts, b: TableCounts): TableCounts => ({
  hits: a.hits + b.hits,
  falseAlarms: a.falseAlarms + b.falseAlarms,
  misses: a.misses + b.misses,
  correctNegatives: a.correctNegatives + b.correctNegatives,
});

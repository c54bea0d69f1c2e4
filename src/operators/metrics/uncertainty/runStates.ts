import type { Metric, MetricRow, MetricTotal } from "../../../model/metric.ts";
import { rowKey } from "./rowKey.ts";

/** States of one metric kept apart by init, so that whole runs can be drawn again without a second pass. */
export type RunStates = ReadonlyMap<number, any>;

export const mergeRunStates = (metric: Pick<Metric, "merge">, a: RunStates, b: RunStates): RunStates => {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [init, state] of b) {
    merged.set(init, merged.has(init) ? metric.merge(merged.get(init), state) : state);
  }
  return merged;
};

/** Everything of some runs as one state. */
export const mergedStates = (metric: Pick<Metric, "zero" | "merge">, states: Iterable<any>): any => {
  let sum = metric.zero();
  for (const state of states) sum = metric.merge(sum, state);
  return sum;
};

/** One run: its init, its state and what the metric says of it alone. */
export interface OneRun {
  readonly initTime: number;
  readonly state: any;
  readonly rows: readonly MetricRow[];
}

/** Runs by init that have a sample; those without are as if they were not there. */
export const runsWithSamples = (metric: Pick<Metric, "finish">, states: RunStates): OneRun[] =>
  Array.from(states, ([initTime, state]) => ({ initTime, state, rows: metric.finish(state) }))
    .filter(({ rows }) => rows.some(({ n }) => n > 0))
    .sort((a, b) => a.initTime - b.initTime);

/** What a metric says of some of the runs, each as often as it is drawn. */
export type OfDraw = (draw: ArrayLike<number>) => readonly MetricRow[];

/**
 * Makes rows of draws. Sums that add up are added as numbers. Else states are merged: successive runs of a block once
 * for all draws that have them.
 */
export const ofDraws = (metric: Metric<any>, runs: readonly OneRun[]): OfDraw =>
  metric.additive === undefined ? byMerging(metric, runs) : byAdding(metric.additive, runs);

const byMerging = (metric: Metric<any>, runs: readonly OneRun[]): OfDraw => {
  const known = new Map<string, any>();
  const successive = (start: number, length: number): any => {
    if (length === 1) return runs[start]!.state;
    const name = `${start} ${length}`;
    if (!known.has(name)) {
      known.set(name, metric.merge(successive(start, length - 1), runs[start + length - 1]!.state));
    }
    return known.get(name);
  };
  return (draw) => {
    const parts: any[] = [];
    for (let i = 0; i < draw.length; ) {
      let length = 1;
      while (length < LONGEST && i + length < draw.length && draw[i + length] === draw[i]! + length) length++;
      parts.push(successive(draw[i]!, length));
      i += length;
    }
    return metric.finish(mergedStates(metric, parts));
  };
};

/** Blocks above this are merged of several, so that what is kept of them stays small. */
const LONGEST = 32;

interface Summed {
  readonly total: MetricTotal;
  /** n, weight and the sums of each run, one run after the other. */
  readonly numbers: Float64Array;
  readonly width: number;
}

const byAdding = (additive: NonNullable<Metric["additive"]>, runs: readonly OneRun[]): OfDraw => {
  const keys = new Map<string, Summed>();
  for (const [r, { state }] of runs.entries()) {
    for (const total of additive.totals(state)) {
      const key = rowKey({ ...total, value: 0 });
      const width = total.sums.length + 2;
      const summed = keys.get(key) ?? { total, numbers: new Float64Array(runs.length * width), width };
      keys.set(key, summed);
      summed.numbers.set([total.n, total.weight, ...total.sums], r * width);
    }
  }
  const times = new Float64Array(runs.length);
  return (draw) => {
    times.fill(0);
    for (let i = 0; i < draw.length; i++) times[draw[i]!]! += 1;
    return Array.from(keys.values()).flatMap(({ total, numbers, width }) => {
      const sums = new Array<number>(width).fill(0);
      for (let r = 0; r < times.length; r++) {
        if (times[r] === 0) continue;
        for (let k = 0; k < width; k++) sums[k]! += times[r]! * numbers[r * width + k]!;
      }
      const [n = 0, weight = 0] = sums;
      return additive.rows({ ...total, n, weight, sums: sums.slice(2) });
    });
  };
};

/** Values of each row of the whole sample in each of some draws; NaN where a draw has none. */
export const replicatesOf = (
  rows: readonly MetricRow[],
  ofDraw: OfDraw,
  draws: readonly ArrayLike<number>[],
): Float64Array[] => {
  const values = new Map(rows.map((row) => [rowKey(row), new Float64Array(draws.length).fill(Number.NaN)]));
  for (const [i, draw] of draws.entries()) {
    for (const row of ofDraw(draw)) {
      const found = values.get(rowKey(row));
      if (found !== undefined) found[i] = row.value;
    }
  }
  return rows.map((row) => values.get(rowKey(row))!);
};

/** The draws that leave out one run each. */
export const leavingOneOut = (count: number): Uint32Array[] =>
  Array.from({ length: count }, (_, left) =>
    Uint32Array.from({ length: count - 1 }, (_, i) => (i < left ? i : i + 1)),
  );

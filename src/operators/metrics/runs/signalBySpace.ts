import { addExact, type ExactSum, exactValue, mergeExact } from "../../../kernels/exactSum.ts";
import { exceedanceTotal } from "../../../kernels/tables/exceedanceTotal.ts";
import type { Metric, MetricRow, MetricTotal } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import { byKey, type Key, keyId, keyOf } from "../keep.ts";
import { checkUnit, inPrecisionOf } from "../threshold.ts";
import { leafWeights, weighedLeaves } from "../values/errorSums.ts";
import type { SignalRules } from "./earlySignal.ts";
import { mergeSeries, oneSample, type Series } from "./series.ts";
import { HIT, PRESENT, signalBits } from "./signalBits.ts";
import { verdict } from "./verdict.ts";

/** Places of one run and lead that have a value, and those that signal; counted and weighed. */
interface SignalSample {
  readonly leadHours: number;
  readonly validTime: number;
  readonly n: number;
  readonly present: ExactSum;
  readonly hits: ExactSum;
}

/** Early signal, the places of each time first. Totals add up, so that a run that is drawn twice counts twice. */
export const signalBySpace = (
  rules: SignalRules,
): Pick<Metric<any, Series<SignalSample>>, "zero" | "observe" | "merge" | "finish" | "additive"> => {
  const totals = (state: Series<SignalSample>): MetricTotal[] => {
    const groups = new Map<string | number, Key & { n: number; times: number; hits: number }>();
    for (const { initTime, samples } of state) {
      for (const { leadHours, validTime, n, present, hits } of samples) {
        const key = keyOf(rules.keep, { initTime, leadHours, validTime });
        const group = groups.get(keyId(key)) ?? { ...key, n: 0, times: 0, hits: 0 };
        groups.set(keyId(key), group);
        const signal = verdict(rules.space, exactValue(hits), exactValue(present));
        group.n += n;
        group.times += signal === undefined ? 0 : 1;
        group.hits += signal ? 1 : 0;
      }
    }
    return Array.from(groups.values(), ({ times, hits, ...key }) => ({
      ...key,
      weight: times,
      sums: [hits],
    }));
  };
  const rows = ({ weight, sums, ...key }: MetricTotal): MetricRow[] => {
    const signal = verdict(rules.time, sums[0]!, weight);
    return [
      { ...key, value: signal === undefined ? Number.NaN : Number(signal), extra: { n_times: weight } },
    ];
  };
  return {
    zero: () => [],
    observe: (pair: Pair) =>
      pair.matched ? oneSample(pair.initTime, pair.leadHours, countSignals(pair, rules)) : [],
    merge: (a, b) =>
      mergeSeries(a, b, (one, other) => ({
        ...one,
        n: one.n + other.n,
        present: mergeExact(one.present, other.present),
        hits: mergeExact(one.hits, other.hits),
      })),
    finish: (state) => totals(state).flatMap(rows).sort(byKey),
    additive: { totals, rows },
  };
};

const countSignals = (pair: Pair, rules: SignalRules): SignalSample => {
  const { places, leadHours, validTime } = pair;
  const { name, variable, criterion, weights } = rules;
  if (criterion.number !== undefined) {
    // The forecast against itself: what is there, and what of it meets the number.
    const forecast = pair.forecast[variable]!;
    checkUnit(name, variable, forecast, criterion);
    const { values } = forecast;
    const numbers = [inPrecisionOf(values, criterion.number.value)];
    const leaves = weighedLeaves(places, weights);
    const total = exceedanceTotal(values, values, criterion.comparison, numbers, numbers, leaves);
    return { leadHours, validTime, n: total.n, present: total.weight, hits: total.sums[0]! };
  }
  const bits = signalBits(pair, rules);
  const weightOf = leafWeights(places, weights);
  const here = new Float64Array(3);
  let n = 0;
  const present: number[] = [];
  const hits: number[] = [];
  for (let leaf = 0; leaf + 1 < places.leaves.length; leaf++) {
    const start = places.leaves[leaf]!;
    const stop = places.leaves[leaf + 1]!;
    const { weight, columns } = weightOf(leaf);
    if (columns === undefined) countAlike(bits, start, stop, here);
    else countWeighed(bits, start, stop, columns, here);
    n += here[0]!;
    addExact(present, weight * here[1]!);
    addExact(hits, weight * here[2]!);
  }
  return { leadHours, validTime, n, present, hits };
};

/** Places that say anything, their weight and that of those that signal. */
const countAlike = (bits: Uint8Array, start: number, stop: number, out: Float64Array): void => {
  let present = 0;
  let hits = 0;
  for (let i = start; i < stop; i++) {
    present += bits[i]! & PRESENT;
    hits += (bits[i]! & HIT) >> 1;
  }
  out[0] = present;
  out[1] = present;
  out[2] = hits;
};

const countWeighed = (
  bits: Uint8Array,
  start: number,
  stop: number,
  columns: Float64Array,
  out: Float64Array,
): void => {
  let count = 0;
  let present = 0;
  let hits = 0;
  for (let i = start; i < stop; i++) {
    const said = bits[i]!;
    if (said === 0) continue;
    const w = columns[i - start]!;
    count += 1;
    present += w;
    if ((said & HIT) !== 0) hits += w;
  }
  out[0] = count;
  out[1] = present;
  out[2] = hits;
};

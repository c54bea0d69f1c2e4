import { addExact, type ExactSum, exactValue, mergeExact } from "../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Pair } from "../../model/pair.ts";
import type { SignalRules } from "./earlySignal.ts";
import { byKey, type Key, keyOf, keyText } from "./keep.ts";
import { mergeSeries, oneSample, runsOf, type Series } from "./series.ts";
import { HIT, signalBits } from "./signalBits.ts";
import { verdict } from "./verdict.ts";

/** Places of one run and lead that have a value, and those that signal; counted and weighed. */
interface SignalSample {
  readonly leadHours: number;
  readonly validTime: number;
  readonly n: number;
  readonly present: ExactSum;
  readonly hits: ExactSum;
}

/** Early signal, the places of each time first. */
export const signalBySpace = (
  rules: SignalRules,
): Pick<Metric<any, Series<SignalSample>>, "zero" | "observe" | "merge" | "finish"> => ({
  zero: () => new Map(),
  observe: (pair: Pair) =>
    pair.matched ? oneSample(pair.initTime, pair.leadHours, countSignals(pair, rules)) : new Map(),
  merge: (a, b) =>
    mergeSeries(a, b, (one, other) => ({
      ...one,
      n: one.n + other.n,
      present: mergeExact(one.present, other.present),
      hits: mergeExact(one.hits, other.hits),
    })),
  finish: (state) => {
    const groups = new Map<string, Key & { n: number; times: number; hits: number }>();
    for (const { initTime, samples } of runsOf(state)) {
      for (const { leadHours, validTime, n, present, hits } of samples) {
        const key = keyOf(rules.keep, { initTime, leadHours, validTime });
        const group = groups.get(keyText(key)) ?? { ...key, n: 0, times: 0, hits: 0 };
        groups.set(keyText(key), group);
        const signal = verdict(rules.space, exactValue(hits), exactValue(present));
        group.n += n;
        group.times += signal === undefined ? 0 : 1;
        group.hits += signal ? 1 : 0;
      }
    }
    return Array.from(groups.values(), ({ n, times, hits, ...key }): MetricRow => {
      const signal = verdict(rules.time, hits, times);
      return {
        ...key,
        value: signal === undefined ? Number.NaN : Number(signal),
        n,
        extra: { n_times: times },
      };
    }).sort(byKey);
  },
});

const countSignals = (pair: Pair, rules: SignalRules): SignalSample => {
  const { places, leadHours, validTime } = pair;
  const bits = signalBits(pair, rules);
  const leafWeights = places.weights(rules.weights);
  const columnWeights = rules.weights === "area" ? places.columnWeights : undefined;
  let n = 0;
  const present: number[] = [];
  const hits: number[] = [];
  for (let leaf = 0; leaf + 1 < places.leaves.length; leaf++) {
    const start = places.leaves[leaf]!;
    let presentHere = 0;
    let hitsHere = 0;
    for (let i = start; i < places.leaves[leaf + 1]!; i++) {
      const said = bits[i]!;
      if (said === 0) continue;
      const w = columnWeights === undefined ? 1 : columnWeights[i - start]!;
      n += 1;
      presentHere += w;
      if ((said & HIT) !== 0) hitsHere += w;
    }
    addExact(present, leafWeights[leaf]! * presentHere);
    addExact(hits, leafWeights[leaf]! * hitsHere);
  }
  return { leadHours, validTime, n, present, hits };
};

import { addExact, exactValue } from "../../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import { type Key, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";
import { type LeafWeight, leafWeights } from "../values/errorSums.ts";
import type { SignalRules } from "./earlySignal.ts";
import { leafName } from "./leafName.ts";
import { HIT, signalBits } from "./signalBits.ts";
import { verdict } from "./verdict.ts";

/** How many times each place of a leaf had a value, and signalled. */
interface LeafCounts extends LeafWeight {
  readonly present: Uint32Array;
  readonly hits: Uint32Array;
}

interface SignalCounts extends Key {
  readonly leaves: ReadonlyMap<string, LeafCounts>;
  /** Valid times with any value. */
  readonly times: ReadonlySet<number>;
}

/** Early signal, the times of each place first: two counts a place are kept for each key. */
export const signalByTime = (
  rules: SignalRules,
): Pick<Metric<any, Keyed<SignalCounts>>, "zero" | "observe" | "merge" | "finish"> => ({
  zero: () => new Map(),
  observe: (pair: Pair) => {
    if (!pair.matched) return new Map();
    return oneEntry({ ...keyOf(rules.keep, pair), ...countPlaces(pair, rules) });
  },
  merge: (a, b) => mergeKeyed(a, b, joinCounts),
  finish: (state) => keyedRows(state, (counts) => rowOf(counts, rules)),
});

const countPlaces = (pair: Pair, rules: SignalRules): Pick<SignalCounts, "leaves" | "times"> => {
  const { places } = pair;
  const bits = signalBits(pair, rules);
  const weightOf = leafWeights(places, rules.weights);
  const leaves = new Map<string, LeafCounts>();
  let any = false;
  for (let leaf = 0; leaf + 1 < places.leaves.length; leaf++) {
    const start = places.leaves[leaf]!;
    const length = places.leaves[leaf + 1]! - start;
    const present = new Uint32Array(length);
    const hits = new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      const said = bits[start + i]!;
      if (said === 0) continue;
      any = true;
      present[i] = 1;
      if ((said & HIT) !== 0) hits[i] = 1;
    }
    leaves.set(leafName(places, leaf), { ...weightOf(leaf), present, hits });
  }
  return { leaves, times: new Set(any ? [pair.validTime] : []) };
};

const joinCounts = (a: SignalCounts, b: SignalCounts): SignalCounts => {
  const leaves = new Map(a.leaves);
  for (const [name, one] of b.leaves) {
    const other = leaves.get(name);
    leaves.set(
      name,
      other === undefined
        ? one
        : {
            ...one,
            present: one.present.map((count, i) => count + other.present[i]!),
            hits: one.hits.map((count, i) => count + other.hits[i]!),
          },
    );
  }
  return { ...a, leaves, times: new Set([...a.times, ...b.times]) };
};

const rowOf = ({ leaves, times, ...key }: SignalCounts, rules: SignalRules): MetricRow => {
  let n = 0;
  const present: number[] = [];
  const hits: number[] = [];
  for (const leaf of leaves.values()) {
    for (let i = 0; i < leaf.present.length; i++) {
      const signal = verdict(rules.time, leaf.hits[i]!, leaf.present[i]!);
      if (signal === undefined) continue;
      n += leaf.present[i]!;
      const w = leaf.weight * (leaf.columns?.[i] ?? 1);
      addExact(present, w);
      if (signal) addExact(hits, w);
    }
  }
  const signal = verdict(rules.space, exactValue(hits), exactValue(present));
  return {
    ...key,
    value: signal === undefined ? Number.NaN : Number(signal),
    n,
    extra: { n_times: times.size },
  };
};

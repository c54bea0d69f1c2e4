import { addExact, exactValue } from "../../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair, Weights } from "../../../model/pair.ts";
import { checkUnit, inPrecisionOf, meets, type ParsedCriterion, thresholdValues } from "../threshold.ts";
import { type LeafWeight, leafWeights } from "../values/errorSums.ts";
import { leafName } from "./leafName.ts";
import { mergeSeries, oneSample, type Series } from "./series.ts";
import { spellHours } from "./spell.ts";

/** What is known of each place of a leaf at one time: bit 1 present, bit 2 forecast hits, bit 4 target hits. */
interface LeafHits extends LeafWeight {
  readonly bits: Uint8Array;
}

interface PlaceSample {
  readonly validTime: number;
  readonly leaves: ReadonlyMap<string, LeafHits>;
}

const PRESENT = 1;
const SIDES = [2, 4] as const;

/** Durations place by place: a byte for each place, run and lead is kept until the end. */
export const durationOfPlaces = (
  name: string,
  variable: string,
  criterion: ParsedCriterion,
  weights: Weights,
): Pick<Metric<any, Series<PlaceSample>>, "zero" | "observe" | "merge" | "finish"> => ({
  zero: () => [],
  observe: (pair: Pair) => {
    if (!pair.matched) return [];
    checkUnit(name, variable, pair.forecast[variable]!, criterion);
    return oneSample(pair.initTime, pair.leadHours, {
      validTime: pair.validTime,
      leaves: leafHits(pair, variable, criterion, weights),
    });
  },
  merge: (a, b) =>
    mergeSeries(a, b, (one, other) => ({ ...one, leaves: new Map([...one.leaves, ...other.leaves]) })),
  finish: (state) => state.map(({ initTime, samples }) => runRow(initTime, samples)),
});

const leafHits = (
  pair: Pair,
  variable: string,
  criterion: ParsedCriterion,
  weights: Weights,
): Map<string, LeafHits> => {
  const { places } = pair;
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const c = thresholdValues(pair, criterion);
  const number = criterion.number?.value ?? 0;
  const forF = inPrecisionOf(f, number);
  const forO = inPrecisionOf(o, number);
  const { comparison } = criterion;
  const weightOf = leafWeights(places, weights);
  const leaves = new Map<string, LeafHits>();
  for (let leaf = 0; leaf + 1 < places.leaves.length; leaf++) {
    const start = places.leaves[leaf]!;
    const bits = new Uint8Array(places.leaves[leaf + 1]! - start);
    for (let i = 0; i < bits.length; i++) {
      const x = f[start + i]!;
      const y = o[start + i]!;
      const z = c === undefined ? 0 : c[start + i]!;
      if (Number.isNaN(x) || Number.isNaN(y) || Number.isNaN(z)) continue;
      bits[i] =
        PRESENT |
        (meets(x, comparison, c === undefined ? forF : z) ? SIDES[0] : 0) |
        (meets(y, comparison, c === undefined ? forO : z) ? SIDES[1] : 0);
    }
    leaves.set(leafName(places, leaf), { ...weightOf(leaf), bits });
  }
  return leaves;
};

const runRow = (initTime: number, samples: readonly PlaceSample[]): MetricRow => {
  const names = [...new Set(samples.flatMap(({ leaves }) => [...leaves.keys()]))].sort();
  const sum: number[] = [];
  const total: number[] = [];
  let n = 0;
  const times = new Set<number>();
  for (const name of names) {
    const ofLeaf = samples.flatMap(({ validTime, leaves }) => {
      const hits = leaves.get(name);
      return hits === undefined ? [] : [{ validTime, ...hits }];
    });
    const { weight, columns, bits } = ofLeaf[0]!;
    for (let i = 0; i < bits.length; i++) {
      const present = ofLeaf.filter((sample) => (sample.bits[i]! & PRESENT) !== 0);
      if (present.length === 0) continue;
      const at = present.map(({ validTime }) => validTime);
      for (const time of at) times.add(time);
      n += present.length;
      const hours = (bit: number): number => spellHours(at, (k) => (present[k]!.bits[i]! & bit) !== 0);
      const w = weight * (columns?.[i] ?? 1);
      addExact(total, w);
      addExact(sum, w * (hours(SIDES[0]) - hours(SIDES[1])));
    }
  }
  return {
    initTime,
    leadHours: null,
    validTime: null,
    value: n === 0 ? Number.NaN : exactValue(sum) / exactValue(total),
    n,
    extra: { n_times: times.size },
  };
};

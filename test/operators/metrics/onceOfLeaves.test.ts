/** What several metrics add up of the same fields is one pass from the second pair on, and never another number. */
import { describe, expect, test } from "vitest";
import type { LeafWork } from "../../../src/kernels/leafTotal.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { Computed, Pair, Weights } from "../../../src/model/pair.ts";
import {
  anomalyCorrelation,
  climatologyQuantile,
  contingencyTable,
  errorStandardDeviation,
  hits,
  klingGuptaEfficiency,
  meanError,
  nashSutcliffeEfficiency,
  pearsonCorrelation,
  percentBias,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { onceOfLeaves } from "../../../src/operators/metrics/onceOfLeaves.ts";
import { errorSums, squaredSums, weighedLeaves } from "../../../src/operators/metrics/values/errorSums.ts";
import { randomPairs } from "../../../src/testing/randomPairs.ts";

type Fields = { t: "K"; u: "K" };

/** Pairs one of which knows what was asked of the one before. */
const following = (pairs: readonly Pair[]): Pair[] => {
  let before: NonNullable<Computed["asked"]>["before"] = new Map();
  return pairs.map((pair) => {
    const asked = { before, now: new Map() };
    before = asked.now;
    return { ...pair, computed: Object.assign(new Map(), { asked }) };
  });
};

/** A work that counts its places and how often it was made of a pair and gone through. */
const counting = () => {
  const seen = { made: 0, tiles: 0 };
  const work = ({ forecast, target, places }: Pair, name: string, weights: Weights): LeafWork<number> => {
    seen.made += 1;
    return {
      arrays: [forecast[name]!.values, target[name]!.values],
      leaves: weighedLeaves(places, weights),
      sums: 0,
      add: () => {
        seen.tiles += 1;
      },
      total: () => seen.made,
      scalar: () => seen.made,
    };
  };
  return { seen, work };
};

const [first, second, third] = following(
  [1, 2, 3].map((seed) => randomPairs(seed, { variables: { t: "K", u: "K" } })[0]!),
) as [Pair, Pair, Pair];

describe("what was asked of the pair before", () => {
  test("is made with the first that is asked of the same fields, and nothing else is", () => {
    const [a, b, c] = [counting(), counting(), counting()];
    const all = (pair: Pair) => {
      onceOfLeaves(a.work, pair, "t", "area");
      onceOfLeaves(b.work, pair, "t", "none");
      onceOfLeaves(c.work, pair, "u", "area");
    };
    all(first);
    expect([a.seen.made, b.seen.made, c.seen.made]).toEqual([1, 1, 1]);
    onceOfLeaves(a.work, second, "t", "area");
    const known = (work: unknown, pair: Pair): boolean => (pair.computed!.get(work)?.size ?? 0) > 0;
    expect([a, b, c].map(({ work }) => known(work, second))).toEqual([true, true, false]);
    const { made } = b.seen;
    onceOfLeaves(b.work, second, "t", "none");
    expect(b.seen.made).toBe(made);
    // Of the second pair the third was not asked.
    onceOfLeaves(c.work, third, "u", "area");
    expect(a.seen.made).toBe(2);
    onceOfLeaves(b.work, third, "t", "none");
    expect([a, b].map(({ work }) => known(work, third))).toEqual([true, true]);
  });

  test("squares alone are not added up where all errors are", () => {
    const pairs = following([4, 5, 6].map((seed) => randomPairs(seed, { variables: { t: "K" } })[0]!));
    const kinds = pairs.map((pair) => {
      const { n, weight, squared } = squaredSums(pair, "t", "area");
      expect(errorSums(pair, "t", "area")).toMatchObject({ n, weight, squared });
      return [...pair.computed!.values()].filter(({ size }) => size > 0).length;
    });
    // The first pair does not know, the second one was asked for squares before.
    expect(kinds).toEqual([2, 2, 1]);
  });
});

test("many metrics give the same rows, whatever is shared", () => {
  const normals = climatologyQuantile({
    ...{ role: "climatology", name: "normals", format: "memory", address: "" },
    variables: { t: "K" },
  } as const);
  const metrics: Metric<Fields>[] = [
    rootMeanSquaredError<Fields, "t">("t"),
    meanError<Fields, "t">("t"),
    meanError<Fields, "u">("u", { weights: "none", keep: ["init_time", "lead_time"] }),
    percentBias<Fields, "t">("t", { weights: "cosine" }),
    pearsonCorrelation<Fields, "t">("t"),
    klingGuptaEfficiency<Fields, "t">("t", { weights: "density" }),
    nashSutcliffeEfficiency<Fields, "t">("t"),
    errorStandardDeviation<Fields, "t">("t", { keep: [] }),
    anomalyCorrelation<Fields, "t">("t", { climatology: normals }),
    hits<Fields, "t">("t", { above: ["280 K", "290 K", "300 K"] }),
    contingencyTable<Fields, "t">("t", { below: ["280 K", "290 K"], weights: "area" }),
  ];
  let rows = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const pairs = randomPairs(seed, { variables: { t: "K", u: "K" } });
    const shared = following(pairs);
    const states = metrics.map((metric) => metric.zero());
    // All metrics of one pair before the next one, as a run does.
    for (const pair of shared) {
      for (const [m, metric] of metrics.entries())
        states[m] = metric.merge(states[m], metric.observe(pair as Pair<Fields>));
    }
    for (const [m, metric] of metrics.entries()) {
      const alone = pairs.map(({ computed: _, ...pair }) => metric.observe(pair as Pair<Fields>));
      const wanted = metric.finish(alone.reduce((a, b) => metric.merge(a, b), metric.zero()));
      expect(metric.finish(states[m])).toStrictEqual(wanted);
      rows += wanted.length;
    }
  }
  expect(rows).toBeGreaterThan(1000);
});

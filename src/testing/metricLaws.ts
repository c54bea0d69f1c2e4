import type { Field, Values } from "../model/field.ts";
import type { Metric, MetricRow } from "../model/metric.ts";
import type { Pair } from "../model/pair.ts";
import { cutPair } from "./cutPair.ts";
import { crossing, mappedPair, mirrored, reordered, someMissing, wrapped } from "./pairChanges.ts";
import { random, shuffled, whole } from "./random.ts";
import { type RandomPairs, randomPairs } from "./randomPairs.ts";

export interface LawOptions {
  /** How many random cases are tried; 100 unless said. */
  readonly runs?: number;
  /** Seed of the first case; the others follow. */
  readonly seed?: number;
  /** Variables and units of the pairs; the metric's own variables in K unless said. */
  readonly variables?: RandomPairs["variables"];
  readonly range?: RandomPairs["range"];
  readonly ranges?: RandomPairs["ranges"];
  /** Own pairs instead of random ones. */
  readonly pairs?: (seed: number) => readonly Pair[];
  /** Value of a perfect forecast; null: the metric has none. 0 unless said. */
  readonly perfect?: number | null;
  /** Whether missing is the same as absent: true unless said. Metrics that reproduce another program may differ. */
  readonly missingIsAbsent?: boolean;
}

/**
 * Checks the laws of a metric on random pairs and throws, naming the law and the seed, at the first violation.
 * All comparisons are to the bit.
 *
 * - identity: `merge(zero, s)` and `merge(s, zero)` finish as `s`; `finish(zero())` is empty
 * - any cut into leaves (unless the metric needs pairs `whole`), any order and any grouping of merges give the same rows
 * - the order of the members, of those that have any, changes no row
 * - longitudes from 0 to 360 or from -180 to 180, and latitudes from the south or from the north, give the same rows
 * - `observe` and `merge` change nothing they are given; a state survives `structuredClone`
 * - a state keeps nothing of the pair: its arrays are used again when `observe` is over
 * - what a pair shares among metrics (`computed`) changes no row
 * - no sample: at least one row, all of them NaN with n 0; a missing pair, and a place that is missing on both sides, change no
 *   row that has a number
 * - a perfect forecast gives the perfect value wherever there is a sample
 *
 *     import { metricLaws } from "ewb/testing";
 *     test("my metric obeys the laws", () => metricLaws(myMetric("surface_air_temperature")));
 */
export const metricLaws = (metric: Metric<any>, options: LawOptions = {}): void => {
  const { runs = 100, seed = 1, perfect = 0, missingIsAbsent = true } = options;
  const variables =
    options.variables ?? Object.fromEntries(metric.needs.variables.map((name) => [name, "K"] as const));
  const made =
    options.pairs ??
    ((from: number) =>
      randomPairs(from, {
        variables,
        members: metric.needs.members === true,
        ...(options.range === undefined ? {} : { range: options.range }),
        ...(options.ranges === undefined ? {} : { ranges: options.ranges }),
      }));
  const isWhole = metric.needs.whole === true;
  for (let i = 0; i < runs; i++) {
    const next = random(seed + i);
    const pairs = made(seed + i).map(({ computed: _, ...pair }): Pair => pair);
    const law = (name: string, got: readonly MetricRow[], wanted: readonly MetricRow[]): void => {
      if (text(got) === text(wanted)) return;
      throw new Error(
        `${metric.name} breaks the law "${name}" (seed ${seed + i}): got ${text(got)}, expected ${text(wanted)}`,
      );
    };
    const total = (parts: readonly Pair[]): any =>
      parts.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero());
    const state = total(pairs);
    const rows = metric.finish(state);
    law("finish(zero()) is empty", metric.finish(metric.zero()), []);
    law("zero is the identity", metric.finish(metric.merge(metric.zero(), state)), rows);
    law("zero is the identity", metric.finish(metric.merge(state, metric.zero())), rows);
    law("a state is plain data", metric.finish(structuredClone(state)), rows);
    law("finish changes nothing", metric.finish(state), rows);
    const sharing = pairs.map((pair): Pair => ({ ...pair, computed: new Map() }));
    law("what is computed once is the same", metric.finish(total(sharing)), rows);
    law("what is computed once is the same", metric.finish(total(sharing)), rows);
    law("a state keeps nothing of the pair", metric.finish(passing(metric, pairs)), rows);
    const parts = isWhole ? pairs : pairs.flatMap((pair) => cuts(next, pair));
    law("any cut and any order", metric.finish(total(shuffled(next, parts))), rows);
    law("any grouping", metric.finish(grouped(next, metric, shuffled(next, parts))), rows);
    law("any order of members", metric.finish(total(pairs.map((pair) => reordered(next, pair)))), rows);
    if (!isWhole) {
      const east = pairs.map(crossing);
      law(
        "longitudes of 0 to 360 or of -180 to 180",
        unnamed(metric.finish(total(east.map(wrapped)))),
        unnamed(metric.finish(total(east))),
      );
      law("latitudes from the south or the north", metric.finish(total(pairs.map(mirrored))), rows);
    }
    const observed = pairs.map((pair) => metric.observe(pair));
    const before = structuredClone(observed);
    observed.reduce((sum, one) => metric.merge(sum, one), metric.zero());
    law(
      "merge changes nothing",
      observed.flatMap((one) => metric.finish(one)),
      before.flatMap((one) => metric.finish(one)),
    );
    if (pairs.length > 0 && missingIsAbsent) {
      const blank = metric.finish(total(pairs.map(missing)));
      if (blank.length === 0 || blank.some(({ value, n }) => !Number.isNaN(value) || n !== 0)) {
        throw new Error(
          `${metric.name} breaks the law "no sample: NaN with n 0" (seed ${seed + i}): got ${text(blank)}`,
        );
      }
      const more = pairs.map((pair) =>
        missing({ ...pair, initTime: pair.initTime + 1, validTime: pair.validTime + 1 }),
      );
      law("missing is absent", numbers(metric.finish(total([...pairs, ...more]))), numbers(rows));
      const some = pairs.map(someMissing);
      const [holes, gone] = [some.map(({ missing }) => missing), some.map(({ absent }) => absent)];
      law(
        "a missing place is absent",
        numbers(metric.finish(total(holes))),
        numbers(metric.finish(total(gone))),
      );
    }
    if (perfect !== null) {
      for (const row of metric.finish(total(pairs.map(perfected)))) {
        if (row.n === 0 || Number.isNaN(row.value) || row.value === perfect) continue;
        throw new Error(
          `${metric.name} breaks the law "a perfect forecast gives ${perfect}" (seed ${seed + i}): got ${text([row])}`,
        );
      }
    }
  }
};

/** A pair as one to all of its leaves each. */
const cuts = (next: () => number, pair: Pair): Pair[] => {
  const leaves = pair.places.leaves.length - 1;
  const parts: Pair[] = [];
  for (let start = 0; start < leaves; ) {
    const stop = whole(next, start + 1, leaves);
    parts.push(cutPair(pair, start, stop));
    start = stop;
  }
  return parts;
};

/** The state of pairs whose arrays are overwritten as soon as they were observed. */
const passing = (metric: Metric<any>, pairs: readonly Pair[]): any =>
  pairs
    .map((pair) => {
      const arrays: Values[] = [];
      const own = (values: Values): Values => {
        const copy = values.slice();
        arrays.push(copy);
        return copy;
      };
      const state = metric.observe({ ...mappedPair(pair, own), computed: new Map() });
      for (const array of arrays) array.fill(12345);
      return state;
    })
    .reduce((sum, state) => metric.merge(sum, state), metric.zero());

const grouped = (next: () => number, metric: Metric<any>, parts: readonly Pair[]): any => {
  if (parts.length === 0) return metric.zero();
  if (parts.length === 1) return metric.observe(parts[0]!);
  const at = whole(next, 1, parts.length - 1);
  return metric.merge(grouped(next, metric, parts.slice(0, at)), grouped(next, metric, parts.slice(at)));
};

const missing = (pair: Pair): Pair => ({
  ...mappedPair(pair, (values) => values.map(() => Number.NaN)),
  climatology: pair.climatology,
});

/** The forecast is the target, in all of its members. */
const perfected = (pair: Pair): Pair => ({
  ...pair,
  forecast: Object.fromEntries(
    Object.entries(pair.target).map(([name, field]): [string, Field] => {
      const { members } = pair.forecast[name]!;
      return [name, members === undefined ? field : { ...field, members: members.map(() => field.values) }];
    }),
  ),
});

/** Rows without the longitudes in their names. */
const unnamed = (rows: readonly MetricRow[]): MetricRow[] =>
  rows.map((row) => ({ ...row, by: row.by?.replace(/longitude=[^;]*/, "longitude") ?? null }));

const numbers = (rows: readonly MetricRow[]): MetricRow[] => rows.filter(({ n }) => n > 0);

/** Rows as text that tells every bit of a number. */
const text = (rows: readonly MetricRow[]): string =>
  JSON.stringify(rows, (_, value) =>
    typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)) ? String(value) : value,
  );

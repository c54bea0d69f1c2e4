import { EwbError } from "../../model/errors.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Pair } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { oneOf } from "../../operators/metrics/options.ts";
import { leafName } from "../../operators/metrics/runs/leafName.ts";
import { mergeSeries, type Series } from "../../operators/metrics/runs/series.ts";
import { AGGREGATIONS, type Aggregation } from "../../operators/metrics/runs/verdict.ts";
import {
  type Criterion,
  checkUnit,
  inPrecisionOf,
  parseCriterion,
} from "../../operators/metrics/threshold.ts";
import { type PeerComparison, peerTest } from "./comparison.ts";
import { type Lattice, type LatticeSample, latticeOf, latticeSample } from "./lattice.ts";
import { checkPeerOptions, type PeerOptions, peerParameters, preservedDims } from "./options.ts";

export interface PeerEarlySignalOptions extends PeerOptions {
  /** `>=` unless said. */
  readonly comparisonOperator?: PeerComparison;
  /** A number in the variable's unit; 0.5 unless said. Or `above` and `below` as our metric takes them. */
  readonly forecastThreshold?: number;
  /** Only places where the target meets this count; 0 is the same as none. */
  readonly overlapTargetThreshold?: number | null;
  readonly spatialAggregation?: Aggregation;
  readonly temporalAggregation?: Aggregation;
  readonly aggregationOrder?: readonly ["spatial", "temporal"] | readonly ["temporal", "spatial"];
  /** The words our metric uses. */
  readonly space?: Aggregation;
  readonly time?: Aggregation;
  readonly first?: "space" | "time";
}

/** Bits of a place: present, and present with a signal. */
const PRESENT = 1;
const HIT = 2;

interface SignalPlaces extends LatticeSample {
  /** Places that are present and that signal. */
  readonly present: number;
  readonly hits: number;
  /** Bits of each place, kept only where times are aggregated first. */
  readonly leaves: ReadonlyMap<string, Uint8Array>;
}

/**
 * Early signal as ExtremeWeatherBench 1.1.0 computes it: the empty cells of its lead_time x valid_time grid take
 * part, all missing is true under `all` and false otherwise, and every lead has a row. Throws `Options`.
 *
 *     earlySignal("cbss", { forecastThreshold: 15000, spatialAggregation: "any", temporalAggregation: "half" })
 */
export const earlySignal = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options: PeerEarlySignalOptions &
    (Criterion<V[N]> | { readonly above?: never; readonly below?: never }) = {},
): Metric<V> => {
  const name = "earlySignal";
  checkPeerOptions(name, variable, options, OPTIONS);
  const dims = preservedDims(name, options, ["lead_time"]);
  const space = oneOf(
    name,
    "spatialAggregation",
    options.spatialAggregation ?? options.space ?? "any",
    AGGREGATIONS,
  );
  const time = oneOf(
    name,
    "temporalAggregation",
    options.temporalAggregation ?? options.time ?? "any",
    AGGREGATIONS,
  );
  const timeFirst = options.aggregationOrder?.[0] === "temporal" || options.first === "time";
  const given =
    options.above === undefined && options.below === undefined
      ? undefined
      : parseCriterion(name, variable, options);
  if (given?.climatology !== undefined) {
    throw new EwbError(
      "Options",
      `${name}: ExtremeWeatherBench takes a number as threshold, no climatology.`,
    );
  }
  const comparison = options.comparisonOperator ?? given?.comparison ?? ">=";
  const test = peerTest(name, comparison);
  const threshold = given?.number?.value ?? options.forecastThreshold ?? 0.5;
  const overlap = options.overlapTargetThreshold || undefined;
  const places = (pair: Pair): Omit<SignalPlaces, keyof LatticeSample> => {
    if (given !== undefined) checkUnit(name, variable, pair.forecast[variable]!, given);
    return signals(pair, variable, test, threshold, overlap, timeFirst);
  };
  const metric: Metric<V, Series<SignalPlaces>> = {
    name,
    term: "early signal",
    definition:
      "as ExtremeWeatherBench 1.1.0: 1 where the forecast meets the threshold in any, all or half of space and of the lead_time x valid_time grid, empty cells included",
    variable,
    unit: () => "1",
    parameters: {
      ...peerParameters(options),
      threshold: given?.text ?? `${threshold}`,
      comparison,
      space,
      time,
      ...(timeFirst ? { first: "time" } : {}),
      ...(overlap === undefined ? {} : { overlap_target_threshold: `${overlap}` }),
    },
    needs: { variables: [variable] },
    zero: () => [],
    observe: (pair) => latticeSample<SignalPlaces>(pair, places(pair)),
    merge: (a, b) =>
      mergeSeries(a, b, (x, y) => ({
        ...x,
        present: x.present + y.present,
        hits: x.hits + y.hits,
        leaves: new Map([...x.leaves, ...y.leaves]),
      })),
    finish: (state) => {
      if (state.length === 0) return [];
      const lattice = latticeOf(state, options.leadOrder);
      const rows: MetricRow[] = [];
      for (const lead of dims.includes("lead_time") ? lattice.leads : [null]) {
        for (const at of dims.includes("valid_time") ? lattice.times : [null]) {
          rows.push(signalRow(lattice, lead, at, space, time, timeFirst));
        }
      }
      return rows;
    },
  };
  return metric;
};

const OPTIONS = [
  "comparisonOperator",
  "forecastThreshold",
  "overlapTargetThreshold",
  "spatialAggregation",
  "temporalAggregation",
  "aggregationOrder",
  "space",
  "time",
  "first",
  "above",
  "below",
  "strictly",
];

const signals = (
  pair: Pair,
  variable: string,
  test: (value: number, threshold: number) => boolean,
  threshold: number,
  overlap: number | undefined,
  keepPlaces: boolean,
): Omit<SignalPlaces, keyof LatticeSample> => {
  const f = pair.forecast[variable]!.values;
  const o = pair.target[variable]!.values;
  const limit = inPrecisionOf(f, threshold);
  const where = overlap === undefined ? undefined : inPrecisionOf(o, overlap);
  const leaves = new Map<string, Uint8Array>();
  let present = 0;
  let hits = 0;
  for (let leaf = 0; leaf + 1 < pair.places.leaves.length; leaf++) {
    const start = pair.places.leaves[leaf]!;
    const bits = new Uint8Array(pair.places.leaves[leaf + 1]! - start);
    for (let i = 0; i < bits.length; i++) {
      if (Number.isNaN(f[start + i]!)) continue;
      if (where !== undefined && !test(o[start + i]!, where)) continue;
      const hit = test(f[start + i]!, limit);
      bits[i] = hit ? PRESENT | HIT : PRESENT;
      present += 1;
      hits += hit ? 1 : 0;
    }
    if (keepPlaces) leaves.set(leafName(pair.places, leaf), bits);
  }
  return { present, hits, leaves };
};

/** The peer's aggregation: all missing is true under `all`, false under `any` and `half`. */
const peerVerdict = (aggregation: Aggregation, hits: number, present: number): boolean => {
  if (aggregation === "any") return hits > 0;
  if (aggregation === "all") return hits === present;
  return present > 0 && hits / present >= 0.5;
};

const signalRow = (
  lattice: Lattice<SignalPlaces>,
  lead: number | null,
  at: number | null,
  space: Aggregation,
  time: Aggregation,
  timeFirst: boolean,
): MetricRow => {
  const cells = (lead === null ? lattice.leads : [lead]).flatMap((l) =>
    (at === null ? lattice.times : [at]).map((t) => lattice.cell(l, t)),
  );
  const found = cells.filter((cell) => cell !== undefined);
  const signal = timeFirst ? placesFirst(found, time, space) : timesLast(cells, space, time);
  return {
    initTime: null,
    leadHours: lead,
    validTime: at,
    value: Number(signal),
    n: found.reduce((sum, { present }) => sum + present, 0),
    extra: { n_times: found.filter(({ present }) => present > 0).length },
  };
};

const timesLast = (
  cells: readonly (SignalPlaces | undefined)[],
  space: Aggregation,
  time: Aggregation,
): boolean => {
  const signals = cells.map((cell) => peerVerdict(space, cell?.hits ?? 0, cell?.present ?? 0));
  return peerVerdict(time, signals.filter(Boolean).length, signals.length);
};

const placesFirst = (cells: readonly SignalPlaces[], time: Aggregation, space: Aggregation): boolean => {
  const names = new Map<string, Uint8Array[]>();
  for (const { leaves } of cells) {
    for (const [name, bits] of leaves) names.set(name, [...(names.get(name) ?? []), bits]);
  }
  let places = 0;
  let hits = 0;
  for (const all of names.values()) {
    for (let i = 0; i < all[0]!.length; i++) {
      const present = all.filter((bits) => (bits[i]! & PRESENT) !== 0).length;
      const signalling = all.filter((bits) => (bits[i]! & HIT) !== 0).length;
      places += 1;
      hits += peerVerdict(time, signalling, present) ? 1 : 0;
    }
  }
  // Without any cell every place is missing, and all places are alike.
  return places === 0 ? peerVerdict(time, 0, 0) : peerVerdict(space, hits, places);
};

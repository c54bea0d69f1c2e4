import { addExact, exactValue } from "../../kernels/exactSum.ts";
import { HOUR, yearOf } from "../../kernels/time.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { ClimatologyField } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { oneOf } from "../../operators/metrics/options.ts";
import type { Series } from "../../operators/metrics/runs/series.ts";
import {
  type Comparison,
  type Criterion,
  checkUnit,
  type ParsedCriterion,
  parseCriterion,
} from "../../operators/metrics/threshold.ts";
import { type PeerComparison, peerTest } from "./comparison.ts";
import { type Lattice, latticeOf, temporalResolution } from "./lattice.ts";
import { checkPeerOptions, type PeerOptions, peerParameters } from "./options.ts";
import { targetMeans } from "./peak.ts";
import {
  groupsOf,
  mergeSides,
  observeSides,
  type SidesSample,
  type SidesSeries,
  type SpatialDim,
  sideMean,
} from "./sides.ts";

export interface PeerDurationOptions extends PeerOptions {
  /** A number in the variable's unit, or a climatology; or `above` and `below` as our metric takes them. */
  readonly thresholdCriteria?: number | ClimatologyField;
  /** `>=` unless said. */
  readonly opFunc?: PeerComparison;
  /** Dimensions averaged over first; both unless said. */
  readonly reduceSpatialDims?: readonly SpatialDim[];
  /** Deprecated in the peer; no effect. */
  readonly productTimeResolutionHours?: boolean;
}

/**
 * Duration mean error as ExtremeWeatherBench 1.1.0 computes it, on its lead_time x valid_time grid: neighbours
 * are looked for on the grid and may belong to another run, a missing target is no hit, no forecast at all is 0 h,
 * and a climatology knows only the days of the first year. Throws `Options`, and `Unit` as our metric does.
 *
 *     durationMeanError("surface_air_temperature", { thresholdCriteria: 300, opFunc: ">=" })
 *     durationMeanError("surface_air_temperature", { above: "300 K" })
 */
export const durationMeanError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: PeerDurationOptions & (Criterion<V[N]> | { readonly above?: never; readonly below?: never }),
): Metric<V> => {
  const name = "durationMeanError";
  checkPeerOptions(name, variable, options, OPTIONS);
  const dims = [options.preserveDims ?? options.keep ?? "init_time"].flat();
  for (const dim of dims) oneOf(name, "preserveDims", dim, ["init_time"]);
  const { criterion, comparison } = criterionOf(name, variable, options);
  const test = peerTest(name, comparison);
  const reduced = options.reduceSpatialDims ?? ["latitude", "longitude"];
  const sides = observeSides(variable, reduced, criterion.climatology);
  const metric: Metric<V, SidesSeries> = {
    name,
    term: "duration mean error",
    definition:
      "as ExtremeWeatherBench 1.1.0: hours between neighbouring hits on its lead_time x valid_time grid, forecast - target",
    variable,
    unit: () => "h",
    parameters: {
      ...peerParameters({ ...options, preserveDims: [] }),
      threshold: criterion.text,
      comparison,
      ...(reduced.length === 2 ? {} : { reduce_spatial_dims: `[${reduced.join(",")}]` }),
    },
    needs: {
      variables: [variable],
      ...(criterion.climatology === undefined ? {} : { climatologies: [criterion.climatology] }),
    },
    zero: () => [],
    observe: (pair) => {
      if (criterion.number?.unit !== "") checkUnit(name, variable, pair.forecast[variable]!, criterion);
      const { start, end } = pair.event;
      const outside = pair.validTime < start - BUFFER || pair.validTime > end + BUFFER;
      return sides(outside ? { ...pair, matched: false, computed: new Map() } : pair);
    },
    merge: mergeSides,
    finish: (state) => finishDuration(state, criterion, test, options.leadOrder),
  };
  return metric;
};

/** The peer cuts both sides to two days around the case. */
const BUFFER = 48 * HOUR;

const OPTIONS = [
  "thresholdCriteria",
  "opFunc",
  "reduceSpatialDims",
  "productTimeResolutionHours",
  "above",
  "below",
  "strictly",
  "space",
];

const criterionOf = (
  name: string,
  variable: string,
  options: PeerDurationOptions & { readonly above?: unknown; readonly below?: unknown },
): { criterion: ParsedCriterion; comparison: PeerComparison } => {
  const { thresholdCriteria, opFunc } = options;
  if (thresholdCriteria === undefined) {
    const criterion = parseCriterion(name, variable, options);
    return { criterion, comparison: opFunc ?? criterion.comparison };
  }
  const comparison = opFunc ?? ">=";
  const parsed: ParsedCriterion =
    typeof thresholdCriteria === "number"
      ? {
          comparison: comparison as Comparison,
          number: { value: thresholdCriteria, unit: "" },
          climatology: undefined,
          text: `${thresholdCriteria}`,
        }
      : parseCriterion(name, variable, { above: thresholdCriteria });
  return { criterion: parsed, comparison };
};

type Test = (value: number, threshold: number) => boolean;

const finishDuration = (
  state: Series<SidesSample>,
  criterion: ParsedCriterion,
  test: Test,
  leadOrder: readonly number[] | undefined,
): MetricRow[] => {
  if (state.length === 0) return [];
  const lattice = latticeOf(state, leadOrder);
  if (lattice.times.length === 0) return [row(0, Number.NaN, 0, 0)];
  const groups = groupsOf(state).map((group) => eventHours(lattice, group, criterion, test));
  return state.flatMap(({ initTime, samples }) => {
    const matched = samples.filter((sample) => sample.matched);
    if (matched.length === 0) return [];
    const sum: number[] = [];
    for (const hours of groups) addExact(sum, hours.get(initTime) ?? 0);
    let n = 0;
    for (const { groups: all } of matched) for (const { forecast } of all.values()) n += forecast.n;
    const times = matched.filter(({ groups: all }) =>
      [...all.values()].some(({ forecast }) => forecast.n > 0),
    );
    return row(initTime, exactValue(sum) / groups.length, n, times.length);
  });
};

const row = (initTime: number, value: number, n: number, times: number): MetricRow => ({
  initTime,
  leadHours: null,
  validTime: null,
  value,
  n,
  extra: { n_times: times },
});

/** Forecast minus target hours of each run, from neighbours on the grid. */
const eventHours = (
  lattice: Lattice<SidesSample>,
  group: string,
  criterion: ParsedCriterion,
  test: Test,
): Map<number, number> => {
  const { leads, times } = lattice;
  const resolution = temporalResolution(times) ?? 0;
  const back = leadsBack(leads, resolution);
  const target = targetMeans(lattice, group);
  const thresholds = thresholdSeries(lattice, group, criterion);
  const hit = (i: number, k: number, side: 0 | 1): boolean => {
    const sample = i < 0 || k < 0 ? undefined : lattice.cell(leads[i]!, times[k]!);
    const forecast = sideMean(sample, group, "forecast");
    if (sample === undefined || Number.isNaN(forecast)) return false;
    const value = side === 0 ? forecast : target[k]!;
    if (Number.isNaN(value) || Number.isNaN(thresholds[k]!)) return false;
    return sample.single[side] && criterion.number !== undefined
      ? test(Math.fround(value), Math.fround(thresholds[k]!))
      : test(value, thresholds[k]!);
  };
  const hours = new Map<number, number>();
  for (let i = 0; i < leads.length; i++) {
    for (let k = 1; k < times.length; k++) {
      if (times[k]! - times[k - 1]! !== resolution * HOUR) continue;
      const both = (side: 0 | 1): number => (hit(i, k, side) && hit(i - back, k - 1, side) ? resolution : 0);
      const difference = both(0) - both(1);
      const initTime = times[k]! - leads[i]! * HOUR;
      if (difference !== 0) hours.set(initTime, (hours.get(initTime) ?? 0) + difference);
    }
  }
  return hours;
};

/** How many leads back the cell before lies on an even lead axis; one on any other. */
const leadsBack = (leads: readonly number[], resolution: number): number => {
  const step = leads.length > 1 ? leads[1]! - leads[0]! : 0;
  const even = leads.every((lead, i) => i === 0 || lead - leads[i - 1]! === step);
  return even && step !== 0 ? Math.max(1, Math.trunc(resolution / step)) : 1;
};

/**
 * Threshold of each time. The peer lays a climatology's days into the year of the first valid time and takes the
 * nearest entry in time: a hole takes its neighbour's, the earlier half-way; outside there is none.
 */
const thresholdSeries = (
  lattice: Lattice<SidesSample>,
  group: string,
  { number, climatology }: ParsedCriterion,
): number[] => {
  if (climatology === undefined) return lattice.times.map(() => number!.value);
  const year = yearOf(lattice.times[0]!);
  const own = lattice.times.map((time) => {
    if (yearOf(time) !== year) return Number.NaN;
    for (const lead of lattice.leads) {
      const cell = lattice.cell(lead, time);
      if (cell !== undefined) return sideMean(cell, group, "threshold");
    }
    return Number.NaN;
  });
  return own.map((value, k) => {
    if (!Number.isNaN(value)) return value;
    const before = own.findLastIndex((other, i) => i < k && !Number.isNaN(other));
    const after = own.findIndex((other, i) => i > k && !Number.isNaN(other));
    if (before < 0 || after < 0) return Number.NaN;
    const { times } = lattice;
    return times[k]! - times[before]! <= times[after]! - times[k]! ? own[before]! : own[after]!;
  });
};

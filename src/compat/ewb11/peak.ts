import { addExact, exactValue } from "../../kernels/exactSum.ts";
import { HOUR } from "../../kernels/time.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Hours, Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { hoursOf } from "../../operators/metrics/options.ts";
import { type Beats, halfWindow, higher, lower } from "../../operators/metrics/runs/window.ts";
import { type Lattice, latticeOf } from "./lattice.ts";
import { checkPeerOptions, type PeerOptions, peerParameters } from "./options.ts";
import {
  groupsOf,
  mergeSides,
  observeSides,
  type SidesSample,
  type SidesSeries,
  type SpatialDim,
  sideMean,
} from "./sides.ts";
import { thresholdWeighting } from "./thresholdWeighting.ts";

export interface PeerPeakOptions extends PeerOptions {
  /** Whole width of the window around the extreme in hours; 24 unless said. */
  readonly toleranceRangeHours?: number;
  /** The same under the name our metrics use. */
  readonly within?: Hours;
  /** Dimensions averaged over first; both unless said. */
  readonly reduceSpatialDims?: readonly SpatialDim[];
}

type Make = <V extends Variables = NoVariables, N extends keyof V & string = keyof V & string>(
  variable: N,
  options?: PeerPeakOptions,
) => Metric<V>;

/**
 * Maximum mean absolute error as ExtremeWeatherBench 1.1.0 computes it: unweighted means of each side over the
 * places that side has; where space is not wholly reduced, one centre for all places. Throws `Options`.
 *
 *     maximumMeanAbsoluteError("surface_air_temperature", { toleranceRangeHours: 48 })
 */
export const maximumMeanAbsoluteError: Make = (variable, options = {}) =>
  peak("maximumMeanAbsoluteError", "maximum mean absolute error", higher, variable, options);

/** Minimum mean absolute error as ExtremeWeatherBench 1.1.0 computes it; see `maximumMeanAbsoluteError`. */
export const minimumMeanAbsoluteError: Make = (variable, options = {}) =>
  peak("minimumMeanAbsoluteError", "minimum mean absolute error", lower, variable, options);

const peak = <V extends Variables>(
  name: string,
  term: string,
  beats: Beats,
  variable: keyof V & string,
  options: PeerPeakOptions,
): Metric<V, SidesSeries> => {
  checkPeerOptions(name, variable, options, ["toleranceRangeHours", "within", "reduceSpatialDims"]);
  const { hours, distance } = windowOptions(name, options);
  const reduced = options.reduceSpatialDims ?? ["latitude", "longitude"];
  return {
    name,
    term,
    definition: `as ExtremeWeatherBench 1.1.0: |a run's extreme within ${hours} h around the target's extreme - that extreme| of unweighted means`,
    variable,
    unit: (unit) => unit,
    parameters: {
      ...peerParameters(options),
      within: `${hours} h`,
      ...(reduced.length === 2 ? {} : { reduce_spatial_dims: `[${reduced.join(",")}]` }),
    },
    needs: { variables: [variable] },
    zero: () => [],
    observe: observeSides(variable, reduced),
    merge: mergeSides,
    finish: (state) => {
      if (state.length === 0) return [];
      const lattice = latticeOf(state, options.leadOrder);
      const extremes = new Map<string, { time: number; value: number }>();
      for (const group of groupsOf(state)) {
        for (const [k, value] of targetMeans(lattice, group).entries()) {
          const known = extremes.get(group);
          if (Number.isNaN(value) || (known !== undefined && !beats(value, known.value))) continue;
          extremes.set(group, { time: lattice.times[k]!, value });
        }
      }
      const times = [...new Set(Array.from(extremes.values(), ({ time }) => time))].sort((a, b) => a - b);
      if (times.length === 0) return [PLACEHOLDER];
      const values = new Map(Array.from(extremes, ([group, { value }]) => [group, value]));
      const rows = windowErrors(state, nearestToMiddle(times, lattice.times), values, {
        half: halfWindow(hours),
        beats,
        required: 1,
        distance,
      });
      return reduced.length === 2 ? rows : rows.map((row) => ({ ...row, validTime: null }));
    },
  };
};

/** Width of the window and the distance that is scored: absolute, or threshold-weighted. */
export const windowOptions = (name: string, options: PeerPeakOptions) => {
  const hours =
    options.toleranceRangeHours ??
    (options.within === undefined ? 24 : hoursOf(name, "within", options.within));
  const { intervalWhereOne: one, intervalWherePositive: positive } = options;
  const distance =
    one === undefined
      ? (a: number, b: number): number => Math.abs(a - b)
      : thresholdWeighting(name, one, positive).absolute;
  return { hours, distance };
};

/** The target's mean at each time of the grid. */
export const targetMeans = (lattice: Lattice<SidesSample>, group: string): number[] =>
  lattice.times.map((time) => {
    for (const lead of lattice.leads) {
      const cell = lattice.cell(lead, time);
      if (cell !== undefined) return sideMean(cell, group, "target");
    }
    return Number.NaN;
  });

/** Of several times the one closest to the middle of the axis, the first of equals. */
export const nearestToMiddle = (candidates: readonly number[], times: readonly number[]): number => {
  const middle = times[Math.floor(times.length / 2)]!;
  let best = candidates[0]!;
  for (const time of candidates) if (Math.abs(time - middle) < Math.abs(best - middle)) best = time;
  return best;
};

interface WindowRules {
  readonly half: number;
  readonly beats: Beats;
  readonly required: number;
  readonly distance: (forecast: number, target: number) => number;
}

/** Each run's own extreme within the window against the target's, by lead; runs after the centre are dropped. */
export const windowErrors = (
  state: SidesSeries,
  centre: number,
  extremes: ReadonlyMap<string, number>,
  { half, beats, required, distance }: WindowRules,
): MetricRow[] => {
  const rows: MetricRow[] = [];
  for (const { initTime, samples } of state) {
    const leadHours = (centre - initTime) / HOUR;
    if (leadHours < 0) continue;
    const inside = samples.filter(
      ({ matched, validTime }) => matched && Math.abs(validTime - centre) <= half,
    );
    const errors: number[] = [];
    let scored = 0;
    let n = 0;
    const seen = new Set<number>();
    for (const [group, extreme] of extremes) {
      const present = inside.filter((sample) => (sample.groups.get(group)?.forecast.n ?? 0) > 0);
      if (present.length < required) continue;
      const values = present.map((sample) => sideMean(sample, group, "forecast"));
      addExact(
        errors,
        distance(
          values.reduce((a, b) => (beats(b, a) ? b : a)),
          extreme,
        ),
      );
      scored += 1;
      for (const sample of present) {
        n += sample.groups.get(group)!.forecast.n;
        seen.add(sample.validTime);
      }
    }
    if (scored === 0) continue;
    rows.push({
      initTime,
      leadHours,
      validTime: centre,
      value: exactValue(errors) / scored,
      n,
      extra: { n_times: seen.size },
    });
  }
  return rows.sort((a, b) => a.leadHours! - b.leadHours!);
};

/** The peer's row for "no number": its label 0 means nothing. */
const PLACEHOLDER: MetricRow = {
  initTime: null,
  leadHours: 0,
  validTime: null,
  value: Number.NaN,
  n: 0,
  extra: { n_times: 0 },
};

export { PLACEHOLDER as PEAK_PLACEHOLDER };

import { exactValue } from "../../../kernels/exactSum.ts";
import { HOUR } from "../../../kernels/time.ts";
import type { MetricRow } from "../../../model/metric.ts";
import type { RegionalMeans, RegionalSums } from "./regionalMeans.ts";
import type { RunOf } from "./series.ts";

/** A run's regional means, of the leads that have one. */
export interface MeanRun extends Pick<RunOf<RegionalMeans>, "initTime" | "samples"> {}

/** The target's extreme: when it was and how large. */
export interface Extreme {
  readonly validTime: number;
  readonly value: number;
}

/** Which of two values is the greater extreme; equal ones are not. */
export type Beats = (a: number, b: number) => boolean;

export const higher: Beats = (a, b) => a > b;
export const lower: Beats = (a, b) => a < b;

/** Half of a window's width in milliseconds, cut to whole hours: 12 h of 24 h and of 25 h. */
export const halfWindow = (hours: number): number => Math.floor(hours / 2) * HOUR;

/**
 * The target's regional mean at each valid time that both sides have, in order: over the places where both have
 * data; where runs cover different places of one time, the run with most of them speaks, the earliest of equals.
 * At a time whose forecasts are all missing the target speaks for itself, unless it has more places there than
 * both sides ever have together: then it is another region.
 */
export const targetSeries = (runs: readonly RunOf<RegionalSums>[]): Extreme[] => {
  const both = new Map<number, RegionalSums>();
  const alone = new Map<number, RegionalSums>();
  let most = 0;
  for (const { samples } of runs) {
    for (const sample of samples) {
      if (sample.n > (both.get(sample.validTime)?.n ?? 0)) both.set(sample.validTime, sample);
      if (sample.own.n > (alone.get(sample.validTime)?.own.n ?? 0)) alone.set(sample.validTime, sample);
      most = Math.max(most, sample.n);
    }
  }
  const series: Extreme[] = [];
  for (const [validTime, { own }] of alone) {
    const shared = both.get(validTime);
    if (shared !== undefined) {
      series.push({ validTime, value: exactValue(shared.target) / exactValue(shared.weight) });
    } else if (own.n <= most) {
      series.push({ validTime, value: exactValue(own.target) / exactValue(own.weight) });
    }
  }
  return series.sort((a, b) => a.validTime - b.validTime);
};

/** The first of the extremes of a series; undefined where it is empty. */
export const firstExtreme = (series: readonly Extreme[], beats: Beats): Extreme | undefined => {
  let best: Extreme | undefined;
  for (const one of series) if (best === undefined || beats(one.value, best.value)) best = one;
  return best;
};

/**
 * |a run's own extreme within `half` of the target's extreme - the target's extreme|, one row a run with at least
 * `required` samples there, by lead; runs that began after the extreme are left out. Where that leaves nothing,
 * one row without a number.
 */
export const extremeErrors = (
  runs: readonly MeanRun[],
  extreme: Extreme | undefined,
  half: number,
  beats: Beats,
  required: number,
): MetricRow[] => {
  if (extreme === undefined) return [NO_NUMBER];
  const rows: MetricRow[] = [];
  for (const { initTime, samples } of runs) {
    const inside = samples.filter(({ validTime }) => Math.abs(validTime - extreme.validTime) <= half);
    const leadHours = (extreme.validTime - initTime) / HOUR;
    if (leadHours < 0 || inside.length < required) continue;
    let best = inside[0]!.forecast;
    let n = 0;
    for (const sample of inside) {
      if (beats(sample.forecast, best)) best = sample.forecast;
      n += sample.n;
    }
    rows.push({
      initTime,
      leadHours,
      validTime: extreme.validTime,
      value: Math.abs(best - extreme.value),
      n,
      extra: { n_times: inside.length },
    });
  }
  return rows.length === 0 ? [NO_NUMBER] : rows.sort((a, b) => a.leadHours! - b.leadHours!);
};

/** Refs, but no sample that counts. */
export const NO_NUMBER: MetricRow = {
  initTime: null,
  leadHours: null,
  validTime: null,
  value: Number.NaN,
  n: 0,
  extra: { n_times: 0 },
};

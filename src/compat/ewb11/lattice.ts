import { HOUR } from "../../kernels/time.ts";
import { EwbError } from "../../model/errors.ts";
import type { Pair } from "../../model/pair.ts";
import { oneSample, type Series } from "../../operators/metrics/runs/series.ts";

/** What every sample on the peer's grid carries. `matched` false: a lead of a run without a target. */
export interface LatticeSample {
  readonly leadHours: number;
  readonly validTime: number;
  readonly matched: boolean;
}

/**
 * The grid the peer lays forecasts on: lead_time x valid_time. Its valid times are those that both sides have,
 * its leads are all leads of the runs, and a cell without a run behind it is empty. Such cells, and leads that
 * are empty altogether, are what the peer's odd numbers come from.
 */
export interface Lattice<Sample> {
  /** Hours, ascending or as the store lists them. */
  readonly leads: readonly number[];
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  /** The sample at a lead and a time, or undefined for an empty cell. */
  cell(lead: number, time: number): Sample | undefined;
}

export const latticeOf = <Sample extends LatticeSample>(
  series: Series<Sample>,
  leadOrder?: readonly number[],
): Lattice<Sample> => {
  const leads = new Set<number>();
  const times = new Set<number>();
  for (const { samples } of series) {
    for (const { leadHours, validTime, matched } of samples) {
      leads.add(leadHours);
      if (matched) times.add(validTime);
    }
  }
  const cells = new Map(
    series.map(({ initTime, leads, samples }) => [
      initTime,
      new Map(leads.map((lead, i) => [lead, samples[i]!])),
    ]),
  );
  const listed = leadOrder?.filter((lead) => leads.has(lead)) ?? [];
  const rest = [...leads].filter((lead) => !listed.includes(lead)).sort((a, b) => a - b);
  return {
    leads: [...listed, ...rest],
    times: [...times].sort((a, b) => a - b),
    cell: (lead, time) => {
      const sample = cells.get(time - lead * HOUR)?.get(lead);
      return sample?.matched ? sample : undefined;
    },
  };
};

/** A state of one sample; unmatched refs take part with their lead alone. */
export const latticeSample = <Sample extends LatticeSample>(
  pair: Pair,
  sample: Omit<Sample, keyof LatticeSample>,
): Series<Sample> =>
  oneSample(pair.initTime, pair.leadHours, {
    leadHours: pair.leadHours,
    validTime: pair.validTime,
    matched: pair.matched,
    ...sample,
  } as Sample);

/**
 * Finest distance of ascending times in whole hours: the peer cuts every distance to whole hours first. Undefined
 * below two times.
 */
export const temporalResolution = (times: readonly number[]): number | undefined => {
  let finest: number | undefined;
  for (let i = 1; i < times.length; i++) {
    const hours = Math.trunc((times[i]! - times[i - 1]!) / HOUR);
    if (finest === undefined || hours < finest) finest = hours;
  }
  return finest;
};

/** The error of a metric that the peer cannot compute on a grid without times. */
export const withoutTimes = (metric: string, variable: string): EwbError =>
  new EwbError(
    "InvalidValue",
    `${metric}: forecast and target have no valid time in common; ExtremeWeatherBench 1.1.0 aborts here. Lengthen the case, or use the metric of ewb/metrics.`,
    { variable },
  );

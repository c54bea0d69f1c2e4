/**
 * A state that keeps the time axis: one sample for each run and lead, so that everything that looks at whole runs
 * is decided in `finish`. Two levels, so that adding one pair copies one run's leads and not the whole state.
 */
export type Series<Sample> = ReadonlyMap<number, ReadonlyMap<number, Sample>>;

/** A series of one sample. */
export const oneSample = <Sample>(initTime: number, leadHours: number, sample: Sample): Series<Sample> =>
  new Map([[initTime, new Map([[leadHours, sample]])]]);

/** Samples of both; those of one run and lead are joined by `join`. Neither side is changed. */
export const mergeSeries = <Sample>(
  a: Series<Sample>,
  b: Series<Sample>,
  join: (a: Sample, b: Sample) => Sample,
): Series<Sample> => {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const merged = new Map(a);
  for (const [initTime, samples] of b) {
    const known = merged.get(initTime);
    if (known === undefined) {
      merged.set(initTime, samples);
      continue;
    }
    const run = new Map(known);
    for (const [leadHours, sample] of samples) {
      const other = run.get(leadHours);
      run.set(leadHours, other === undefined ? sample : join(other, sample));
    }
    merged.set(initTime, run);
  }
  return merged;
};

/** One forecast: its samples by lead. */
export interface RunOf<Sample> {
  readonly initTime: number;
  readonly samples: readonly Sample[];
}

/** Runs by init, samples by lead. */
export const runsOf = <Sample>(series: Series<Sample>): RunOf<Sample>[] =>
  Array.from(series, ([initTime, samples]) => ({
    initTime,
    samples: Array.from(samples)
      .sort(([a], [b]) => a - b)
      .map(([, sample]) => sample),
  })).sort((a, b) => a.initTime - b.initTime);

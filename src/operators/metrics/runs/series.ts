/**
 * A state that keeps the time axis: one sample for each run and lead, so that everything that looks at whole runs
 * is decided in `finish`. Two levels of ascending lists: adding one pair copies one run's leads and not the whole state,
 * and what comes in the order of time, as it mostly does, is put behind without a comparison a sample.
 */
export type Series<Sample> = readonly RunOf<Sample>[];

/** One forecast: its samples by lead. */
export interface RunOf<Sample> {
  readonly initTime: number;
  /** Hours, ascending. */
  readonly leads: readonly number[];
  /** One of each lead. */
  readonly samples: readonly Sample[];
}

/** A series of one sample. */
export const oneSample = <Sample>(initTime: number, leadHours: number, sample: Sample): Series<Sample> => [
  { initTime, leads: [leadHours], samples: [sample] },
];

/** Samples of both; those of one run and lead are joined by `join`. Neither side is changed. */
export const mergeSeries = <Sample>(
  a: Series<Sample>,
  b: Series<Sample>,
  join: (a: Sample, b: Sample) => Sample,
): Series<Sample> => {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const [last, next] = [a[a.length - 1]!, b[0]!];
  if (last.initTime < next.initTime) return [...a, ...b];
  if (last.initTime === next.initTime) {
    const merged = b.length === 1 ? [...a] : [...a, ...b.slice(1)];
    merged[a.length - 1] = mergeRuns(last, next, join);
    return merged;
  }
  const merged: RunOf<Sample>[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [one, other] = [a[i], b[j]];
    const [from, to] = [
      one?.initTime ?? Number.POSITIVE_INFINITY,
      other?.initTime ?? Number.POSITIVE_INFINITY,
    ];
    merged.push(from < to ? one! : to < from ? other! : mergeRuns(one!, other!, join));
    if (from <= to) i += 1;
    if (to <= from) j += 1;
  }
  return merged;
};

const mergeRuns = <Sample>(
  a: RunOf<Sample>,
  b: RunOf<Sample>,
  join: (a: Sample, b: Sample) => Sample,
): RunOf<Sample> => {
  const { initTime } = a;
  if (a.leads[a.leads.length - 1]! < b.leads[0]!)
    return { initTime, leads: [...a.leads, ...b.leads], samples: [...a.samples, ...b.samples] };
  const leads: number[] = [];
  const samples: Sample[] = [];
  for (let i = 0, j = 0; i < a.leads.length || j < b.leads.length; ) {
    const [one, other] = [a.leads[i] ?? Number.POSITIVE_INFINITY, b.leads[j] ?? Number.POSITIVE_INFINITY];
    leads.push(Math.min(one, other));
    samples.push(
      one < other ? a.samples[i]! : other < one ? b.samples[j]! : join(a.samples[i]!, b.samples[j]!),
    );
    if (one <= other) i += 1;
    if (other <= one) j += 1;
  }
  return { initTime, leads, samples };
};

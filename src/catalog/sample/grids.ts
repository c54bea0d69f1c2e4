/**
 * Where and when the sample is: western and central Europe on made-up land, July 2024. Longitudes of the sample's
 * formulas are -180..180; the stores write them in their own convention.
 */

/** Milliseconds UTC of hour 0 of the sample: 2024-07-01 00 UTC. */
export const sampleStart = 1_719_792_000_000;

/** Hours from the start of the sample. */
export const times = {
  /** The analysis: hourly, 6 to 19 July. */
  analysis: range(5 * 24, 18 * 24 + 1, 1),
  /** Runs of both models: 00 and 12 UTC, 1 to 14 July. */
  inits: range(0, 14 * 24, 12),
  /** Leads of both models: a week. */
  leads: range(0, 7 * 24 + 1, 6),
  /** The climatology: days of the year from 1 July to 4 August of a leap year, four times a day. */
  days: range(183, 218, 1),
  hours: range(0, 24, 6),
} as const;

export interface SampleGrid {
  /** Degrees, in the order of the store. */
  readonly latitude: Float64Array;
  /** Degrees, -180..180, from west to east. */
  readonly longitude: Float64Array;
}

/** Half a degree, from north to south, as reanalyses are stored. */
export const fineGrid: SampleGrid = {
  latitude: Float64Array.from(range(0, 77, 1), (i) => 72 - i / 2),
  longitude: Float64Array.from(range(0, 71, 1), (i) => -12 + i / 2),
};

/** One degree, from south to north. */
export const coarseGrid: SampleGrid = {
  latitude: Float64Array.from(range(34, 73, 1)),
  longitude: Float64Array.from(range(-12, 24, 1)),
};

/** A value of every place of a grid, in steps of 2^-9 K, as packing leaves them. */
export const fieldOn = (
  { latitude, longitude }: SampleGrid,
  value: (latitude: number, longitude: number, cell: number) => number,
  into = new Float32Array(latitude.length * longitude.length),
  at = 0,
): Float32Array => {
  let cell = 0;
  for (const y of latitude) {
    for (const x of longitude) {
      into[at + cell] = Math.round(value(y, x, cell) * 512) / 512;
      cell++;
    }
  }
  return into;
};

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
}

/**
 * A weight over the values of a variable that is 0 below `from`, rises to 1 at `full`, stays 1 up to `ends` and falls
 * to 0 at `to`; without slopes `from` = `full` and `ends` = `to`. A bound may be infinite, then together with its
 * neighbour. Scores weighted so look only at the part of the range that matters (Taggart 2022, doi:10.1002/qj.4206).
 */
export interface ThresholdWeight {
  readonly from: number;
  readonly full: number;
  readonly ends: number;
  readonly to: number;
}

export const isPlain = ({ from, full, ends, to }: ThresholdWeight): boolean => from === full && ends === to;

/** The integral of the weight up to x, but for a constant: x itself, clipped, without slopes. */
export const chained = ({ from, full, ends, to }: ThresholdWeight, x: number): number => {
  if (x < full) {
    // Each slope adds the area of a trapezoid that is cut at x.
    const low = full - atLeast(x, from);
    return low === 0 ? full : full - (low - (low * low) / (2 * (full - from)));
  }
  if (x > ends) {
    const high = atMost(x, to) - ends;
    return high === 0 ? ends : ends + (high - (high * high) / (2 * (to - ends)));
  }
  return x;
};

/**
 * The integral of chained(t) - chained(f) from t = f to t = o: half of the squared error where the weight is 1, never
 * negative. NaN where a side is missing.
 */
export const divergence = (weight: ThresholdWeight, f: number, o: number): number => {
  const atF = chained(weight, f);
  if (isPlain(weight)) return plainDivergence(o, atF, chained(weight, o));
  const origin = Number.isFinite(weight.full) ? weight.full : weight.ends;
  const all = integral(weight, o, origin) - integral(weight, f, origin) - (atF - origin) * (o - f);
  if (all < 0) return 0;
  return all;
};

/** The same without slopes, of both values clipped. */
export const plainDivergence = (o: number, atF: number, atO: number): number => {
  const apart = Math.abs(atO - atF);
  return 0.5 * (apart * apart) + (apart === 0 ? 0 : apart * Math.abs(o - atO));
};

/** The integral of chained(t) - origin from t = origin, one of the two ends where the weight is 1, to x. */
const integral = ({ from, full, ends, to }: ThresholdWeight, x: number, origin: number): number => {
  if (x < full) {
    const low = full - atLeast(x, from);
    const slope = full - from;
    const atFull = full - origin;
    const rise = slope === 0 ? 0 : (low * low) / 2 - (low * low * low) / (6 * slope);
    const flat = x < from ? (slope / 2) * (from - x) : 0;
    return (atFull * atFull) / 2 - atFull * (full - x) + rise + flat;
  }
  if (x > ends) {
    const high = atMost(x, to) - ends;
    const slope = to - ends;
    const atEnds = ends - origin;
    const rise = slope === 0 ? 0 : (high * high) / 2 - (high * high * high) / (6 * slope);
    const flat = x > to ? (slope / 2) * (x - to) : 0;
    return (atEnds * atEnds) / 2 + atEnds * (x - ends) + rise + flat;
  }
  return ((x - origin) * (x - origin)) / 2;
};

/** `Math.max` and `Math.min` of numbers that are present, which cost more. */
const atLeast = (x: number, low: number): number => {
  if (x > low) return x;
  return low;
};

const atMost = (x: number, high: number): number => {
  if (x < high) return x;
  return high;
};

import { EwbError } from "../../model/errors.ts";
import { linearQuantile } from "./linearQuantile.ts";
import { centred } from "./moments.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { pairwiseSum } from "./pairwiseSum.ts";
import { present } from "./present.ts";
import { type ResampleOptions, resampleDraws } from "./resampleDraws.ts";

/**
 * How an interval is made of replicates r of a value v (Efron and Tibshirani 1993, doi:10.1201/9780429246593).
 * `percentile`: quantiles of r. `basic`: 2 v - those, reversed. `norm`: v -+ z times the standard deviation of r
 * (divided by their number).
 * `bca`: quantiles of r at levels corrected for bias and skewness, by leaving out one sample after the other (Efron
 * 1987, doi:10.1080/01621459.1987.10478410).
 */
export type IntervalKind = "percentile" | "basic" | "norm" | "bca";

export const INTERVALS: readonly IntervalKind[] = ["percentile", "basic", "norm", "bca"];

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export interface BootstrapOptions extends ResampleOptions {
  /** Draws that were made elsewhere: positions that each replicate takes. */
  readonly draws?: readonly ArrayLike<number>[];
  /** Probability that the interval holds the true value; 0.95 unless said. */
  readonly confidence?: number;
  /** `percentile` unless said. */
  readonly interval?: IntervalKind;
}

export interface Bootstrapped extends Interval {
  /** Of the sample itself. */
  readonly value: number;
  readonly replicates: Float64Array;
  /** Standard deviation of the replicates (with their number minus 1). */
  readonly standardError: number;
}

/**
 * A statistic of n samples with an interval by drawing whole samples again.
 *
 *     const d = [0.1, -0.2, 0.3];
 *     bootstrapConfidenceInterval(d.length, meanOfDraw(d), { resamples: 1000, seed: 1, interval: "bca" })
 *
 * @param statistic its value of the samples at some positions
 * Throws `Options` for a confidence that is none, or an unknown kind of interval.
 */
export const bootstrapConfidenceInterval = (
  n: number,
  statistic: (draw: ArrayLike<number>) => number,
  options: BootstrapOptions = {},
): Bootstrapped => {
  const { interval = "percentile", confidence = 0.95 } = options;
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const value = n === 0 ? Number.NaN : statistic(all);
  const draws = options.draws ?? resampleDraws(n, options);
  const replicates = Float64Array.from(draws, (draw) => statistic(draw));
  const leftOut =
    interval === "bca" ? Array.from(all, (i) => statistic(all.filter((j) => j !== i))) : undefined;
  return {
    value,
    replicates,
    standardError: standardErrorOf(replicates),
    ...intervalOf(value, replicates, { interval, confidence, ...(leftOut === undefined ? {} : { leftOut }) }),
  };
};

/** The mean of the drawn numbers. */
export const meanOfDraw =
  (values: ArrayLike<number>) =>
  (draw: ArrayLike<number>): number =>
    pairwiseSum(Float64Array.from(draw, (i) => values[i]!)) / draw.length;

/** Standard deviation of the replicates that are numbers (with their number minus 1). */
export const standardErrorOf = (replicates: ArrayLike<number>): number => {
  const values = present(replicates);
  return values.length < 2 ? Number.NaN : Math.sqrt(centred(values).squares / (values.length - 1));
};

/**
 * The interval of a value from its replicates; those without a value (NaN) take no part.
 *
 * @param options.leftOut values without one sample each; for `bca` only
 */
export const intervalOf = (
  value: number,
  replicates: ArrayLike<number>,
  options: {
    readonly interval: IntervalKind;
    readonly confidence: number;
    readonly leftOut?: ArrayLike<number>;
  },
): Interval => {
  const { interval, confidence, leftOut = [] } = options;
  checkInterval(interval, confidence);
  const sorted = present(replicates).sort();
  if (sorted.length === 0 || Number.isNaN(value)) return { lower: Number.NaN, upper: Number.NaN };
  const tail = (1 - confidence) / 2;
  const levels = [tail, 1 - tail] as const;
  if (interval === "norm") {
    const half = -normalQuantile(tail) * Math.sqrt(centred(sorted).squares / sorted.length);
    return { lower: value - half, upper: value + half };
  }
  const [low, high] = interval === "bca" ? correctedLevels(value, sorted, leftOut, levels) : levels;
  const [lower, upper] = [linearQuantile(sorted, low), linearQuantile(sorted, high)];
  return interval === "basic" ? { lower: 2 * value - upper, upper: 2 * value - lower } : { lower, upper };
};

export const checkInterval = (interval: IntervalKind, confidence: number): void => {
  if (!(confidence > 0 && confidence < 1)) {
    throw new EwbError(
      "Options",
      `bootstrap: confidence is ${JSON.stringify(confidence)}; expected a number between 0 and 1 like 0.95.`,
    );
  }
  if (INTERVALS.includes(interval)) return;
  throw new EwbError(
    "Options",
    `bootstrap: interval is ${JSON.stringify(interval)}; expected "percentile", "basic", "norm" or "bca".`,
  );
};

const correctedLevels = (
  value: number,
  sorted: Float64Array,
  leftOut: ArrayLike<number>,
  levels: readonly [number, number],
): [number, number] => {
  const bias = normalQuantile(sorted.filter((replicate) => replicate < value).length / sorted.length);
  const without = present(leftOut);
  const { mean } = centred(without);
  let cubes = 0;
  let squares = 0;
  for (const one of without) {
    const u = mean - one;
    squares += u * u;
    cubes += u * u * u;
  }
  // Samples that are all alike have no skewness.
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  const corrected = (level: number): number => {
    const z = bias + normalQuantile(level);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  if (!Number.isFinite(bias)) return [levels[0], levels[1]];
  return [corrected(levels[0]), corrected(levels[1])];
};

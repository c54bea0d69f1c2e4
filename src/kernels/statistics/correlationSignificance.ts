import { moments } from "./moments.ts";
import { studentTwoSided } from "./studentT.ts";

export interface CorrelationSignificance {
  readonly n: number;
  readonly correlation: number;
  /** Two-sided, of independent pairs: Student t with n - 2. */
  readonly pValue: number;
  /** As many independent pairs as the series are worth: floor(n (1 - ra rb) / (1 + ra rb)), 0 to n. */
  readonly effectiveSampleSize: number;
  readonly effectivePValue: number;
}

/**
 * Whether two series are correlated, once as if their pairs were independent and once for as many as they are worth,
 * from their lag-one correlations ra and rb (Bretherton and others 1999,
 * doi:10.1175/1520-0442(1999)012<1990:TENOSD>2.0.CO;2). A pair that lacks a side takes no part. NaN below three.
 *
 *     correlationSignificance(forecast, observation).effectivePValue
 */
export const correlationSignificance = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): CorrelationSignificance => {
  const { n, correlation } = moments(a, b);
  const both = Array.from(a, (value, i) => !Number.isNaN(value) && !Number.isNaN(b[i]!));
  const series = (values: ArrayLike<number>): number[] =>
    Array.from(values, (value, i) => (both[i] ? value : Number.NaN));
  const product = lagOne(series(a)) * lagOne(series(b));
  const worth = Math.min(n, Math.max(0, Math.floor((n * (1 - product)) / (1 + product))));
  return {
    n,
    correlation,
    pValue: pValueOf(correlation, n),
    effectiveSampleSize: worth,
    effectivePValue: pValueOf(correlation, worth),
  };
};

const lagOne = (values: readonly number[]): number =>
  moments(values.slice(0, -1), values.slice(1)).correlation;

const pValueOf = (r: number, n: number): number =>
  n > 2 ? studentTwoSided(r * Math.sqrt((n - 2) / ((1 - r) * (1 + r))), n - 2) : Number.NaN;

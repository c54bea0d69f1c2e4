import { addExact, exactValue } from "../exactSum.ts";

/** Mean, and sum of squared deviations from it; of one number over and over exactly that number and 0. */
export const centred = (values: ArrayLike<number>): { mean: number; squares: number } => {
  const n = values.length;
  const sum: number[] = [];
  for (let i = 0; i < n; i++) addExact(sum, values[i]!);
  let mean = exactValue(sum) / n;
  if (isConstant(values)) mean = values[0]!;
  const squares: number[] = [];
  for (let i = 0; i < n; i++) addExact(squares, (values[i]! - mean) * (values[i]! - mean));
  return { mean, squares: exactValue(squares) };
};

const isConstant = (values: ArrayLike<number>): boolean => {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return values.length > 0;
};

export interface Moments {
  readonly n: number;
  readonly meanX: number;
  readonly meanY: number;
  /** Variances and covariance with n - 1; NaN of fewer than two pairs. */
  readonly varianceX: number;
  readonly varianceY: number;
  readonly covariance: number;
  /** NaN where a side is constant. */
  readonly correlation: number;
}

/**
 * Means, variances, covariance and Pearson correlation of the pairs that have both sides, about the means and not
 * from sums of squares, so that a large offset costs no digits (Chan, Golub and LeVeque 1983,
 * doi:10.1080/00031305.1983.10483115).
 */
export const moments = (x: ArrayLike<number>, y: ArrayLike<number>): Moments => {
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!) || Number.isNaN(y[i]!)) continue;
    a.push(x[i]!);
    b.push(y[i]!);
  }
  const n = a.length;
  if (n === 0) return { ...NONE, n };
  const one = centred(a);
  const two = centred(b);
  const products: number[] = [];
  for (let i = 0; i < n; i++) addExact(products, (a[i]! - one.mean) * (b[i]! - two.mean));
  const product = exactValue(products);
  const r = product / (Math.sqrt(one.squares) * Math.sqrt(two.squares));
  return {
    n,
    meanX: one.mean,
    meanY: two.mean,
    varianceX: n < 2 ? Number.NaN : one.squares / (n - 1),
    varianceY: n < 2 ? Number.NaN : two.squares / (n - 1),
    covariance: n < 2 ? Number.NaN : product / (n - 1),
    correlation: Math.min(1, Math.max(-1, r)),
  };
};

const NONE: Moments = {
  n: 0,
  meanX: Number.NaN,
  meanY: Number.NaN,
  varianceX: Number.NaN,
  varianceY: Number.NaN,
  covariance: Number.NaN,
  correlation: Number.NaN,
};

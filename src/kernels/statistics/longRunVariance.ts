/** Variances of n times the mean of a series that is like its past, from its deviations from the mean. */

/** Sum of products of a series with itself some steps later. */
export const lagProducts = (deviations: ArrayLike<number>, lag: number): number => {
  let sum = 0;
  for (let i = lag; i < deviations.length; i++) sum += deviations[i]! * deviations[i - lag]!;
  return sum;
};

/** Mean square of the first orthonormal type-2 cosine coefficients after the mean. */
export const cosineVariance = (deviations: ArrayLike<number>, coefficients: number): number => {
  const n = deviations.length;
  let squares = 0;
  for (let j = 1; j <= coefficients; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += deviations[i]! * Math.cos((Math.PI * j * (2 * i + 1)) / (2 * n));
    squares += (sum * sum * 2) / n;
  }
  return squares / coefficients;
};

/** g0 + 2 sum (1 - k / (lags + 1)) g_k, g_k = products at lag k / n. */
export const neweyWestVariance = (deviations: ArrayLike<number>, lags: number): number => {
  let sum = lagProducts(deviations, 0);
  for (let lag = 1; lag <= lags; lag++) sum += 2 * (1 - lag / (lags + 1)) * lagProducts(deviations, lag);
  return sum / deviations.length;
};

/**
 * By what the variance of the mean of an AR(2) process exceeds that of independent numbers:
 * (1 - r1 f1 - r2 f2) / (1 - f1 - f2)^2; negative where the estimated process is none.
 */
export const inflationOfAr2 = (deviations: ArrayLike<number>): number => {
  const n = deviations.length;
  const variance = lagProducts(deviations, 0) / (n - 1);
  const r1 = lagProducts(deviations, 1) / (n - 1) / variance;
  const r2 = lagProducts(deviations, 2) / (n - 2) / variance;
  const rest = 1 - r1 * r1;
  const f1 = (r1 * (1 - r2)) / rest;
  const f2 = (r2 - r1 * r1) / rest;
  const left = 1 - f1 - f2;
  return (1 - r1 * f1 - r2 * f2) / (left * left);
};

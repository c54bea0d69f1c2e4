/**
 * The binomial distribution of n trials with probability p, to about 1e-14 (relative, also in the tails), by the
 * saddle-point expansion of Loader (2000, "Fast and accurate computation of binomial probabilities").
 */

/** P(K = k). */
export const binomialProbability = (k: number, n: number, p: number): number => {
  if (!(n >= 0 && p >= 0 && p <= 1)) return Number.NaN;
  if (k < 0 || k > n || !Number.isInteger(k)) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (p === 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const log =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * p) -
    deviance(n - k, n * (1 - p));
  return Math.exp(log) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
};

/**
 * P-value of k successes in n trials, two-sided: the probability of all outcomes that are no more probable than k
 * (those equal within 1e-7 count as equal). NaN without trials.
 */
export const binomialTest = (k: number, n: number, p = 0.5): number => {
  if (n === 0) return Number.NaN;
  const most = binomialProbability(k, n, p) * (1 + 1e-7);
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    const probability = binomialProbability(i, n, p);
    if (probability <= most) sum += probability;
  }
  return Math.min(1, sum);
};

/** ln n! - ln(sqrt(2 pi n) (n / e)^n). */
const stirlingError = (n: number): number => {
  if (n <= 15) {
    let factorial = 1;
    for (let i = 2; i <= n; i++) factorial *= i;
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - Math.log(2 * Math.PI) / 2;
  }
  const r = 1 / (n * n);
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - r / 1188) * r) * r) * r) / n;
};

/** x ln(x / m) + m - x, without cancellation where x is near m. */
const deviance = (x: number, m: number): number => {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    power *= v * v;
    const next = sum + power / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
};

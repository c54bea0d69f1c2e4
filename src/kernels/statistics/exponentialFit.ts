/**
 * Least squares of height exp(-3 lag / range) to autocovariances at lags 0, 1, 2 and so on. The best height for a
 * range is a ratio of sums, so only the range is searched: downhill from 1 until the error grows again, then by
 * golden section (Kiefer 1953, doi:10.1090/S0002-9939-1953-0055639-3). A range near 0 is a series without memory.
 */
export const exponentialFit = (covariances: ArrayLike<number>): { height: number; range: number } => {
  const heightAt = (range: number): number => {
    let products = 0;
    let squares = 0;
    for (let lag = 0; lag < covariances.length; lag++) {
      const model = Math.exp((-3 * lag) / range);
      products += model * covariances[lag]!;
      squares += model * model;
    }
    return Math.max(0, products / squares);
  };
  const errorAt = (log: number): number => {
    const range = Math.exp(log);
    const height = heightAt(range);
    let sum = 0;
    for (let lag = 0; lag < covariances.length; lag++) {
      const error = height * Math.exp((-3 * lag) / range) - covariances[lag]!;
      sum += error * error;
    }
    return sum;
  };
  const step = errorAt(0.05) < errorAt(-0.05) ? 0.05 : -0.05;
  let log = 0;
  while (Math.abs(log) < 25 && errorAt(log + step) < errorAt(log)) log += step;
  let [low, high] = [log - 0.05, log + 0.05];
  for (let i = 0; i < 100; i++) {
    const third = (high - low) * GOLDEN;
    if (errorAt(high - third) <= errorAt(low + third)) high = low + third;
    else low = high - third;
  }
  const range = Math.exp((low + high) / 2);
  return { height: heightAt(range), range };
};

const GOLDEN = (Math.sqrt(5) - 1) / 2;

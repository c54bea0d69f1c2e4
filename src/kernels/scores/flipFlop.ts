/**
 * How much successive forecasts of one time went up and down without need: (sum |x_i - x_i+1| - (max - min)) / (K - 2)
 * over K forecasts; 0 for a monotone series. With a period (360 for directions) differences go the shorter way around
 * and max - min is the smallest arc that holds all values, at most half of the circle: no two are farther apart. NaN for fewer than three forecasts or a missing one.
 *
 * Griffiths, Foley, Ioannou and Leeuwenburg 2019, doi:10.1002/met.1732.
 */
export const flipFlop = (series: readonly number[], period: number | undefined): number => {
  const count = series.length;
  if (count < 3 || series.some(Number.isNaN)) return Number.NaN;
  let way = 0;
  for (let i = 0; i + 1 < count; i++) way += distance(series[i]!, series[i + 1]!, period);
  const range = period === undefined ? Math.max(...series) - Math.min(...series) : arc(series, period);
  return Math.max(0, way - range) / (count - 2);
};

const distance = (a: number, b: number, period: number | undefined): number => {
  const apart = Math.abs(a - b);
  if (period === undefined) return apart;
  const rest = apart % period;
  return Math.min(rest, period - rest);
};

/** The smallest arc that holds all values, the circle without the widest gap, or half of the circle. */
const arc = (series: readonly number[], period: number): number => {
  const angles = series.map((x) => ((x % period) + period) % period).sort((a, b) => a - b);
  let widest = angles[0]! + period - angles.at(-1)!;
  for (let i = 0; i + 1 < angles.length; i++) widest = Math.max(widest, angles[i + 1]! - angles[i]!);
  return Math.min(period - widest, period / 2);
};

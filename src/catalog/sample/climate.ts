import { dailyCycle, type Ground, type Place } from "./weather.ts";

/** Quantiles of the climatology. */
export const quantiles = [0.15, 0.85] as const;

/** The temperature that this share of years stays below at a day of the year and hour of the day, K. */
export const climate = (quantile: number, day: number, hour: number, { base, land }: Ground): Place => {
  // The middle of the distribution, warmest on day 205; the spread is that of the passing weather in other years.
  const season = -0.002 * (day - 205) * (day - 205);
  const spread = quantile < 0.5 ? -2.2 : 2.2;
  return (latitude, longitude, cell) =>
    base(latitude, longitude, cell) +
    season +
    spread +
    (1 + 4.5 * land(latitude, longitude, cell)) * dailyCycle(hour, longitude);
};

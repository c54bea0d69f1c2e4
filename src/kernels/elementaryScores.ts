import type { Values } from "../model/field.ts";

/** Which functional an elementary score belongs to. */
export type Functional = "quantile" | "expectile" | "huber";

/**
 * The two parts of the elementary score at `theta`, at the places [start, stop): over = (1 - level) k 1{o <= theta < f}
 * and under = level k 1{f <= theta < o}, where k is 1 (quantile), |o - theta| (expectile) or min(|o - theta|, limit)
 * (Huber). NaN where a side is missing. `theta` is given in the precision of each side.
 *
 * Ehm, Gneiting, Jordan and Krueger 2016, doi:10.1111/rssb.12154.
 */
export const elementaryScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  theta: readonly [forForecast: number, forTarget: number],
  functional: Functional,
  level: number,
  limit: number,
  over: Float64Array,
  under: Float64Array,
): void => {
  const forF = theta[0];
  const forO = theta[1];
  const flat = functional === "quantile";
  const most = functional === "huber" ? limit : Number.POSITIVE_INFINITY;
  const tooHigh = 1 - level;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    const there = Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
    over[i - start] = there;
    under[i - start] = there;
    const above = x > forF;
    if (above === y > forO) continue;
    const k = flat ? 1 : Math.min(Math.abs(y - forO), most);
    if (above) over[i - start] = there + tooHigh * k;
    else under[i - start] = there + level * k;
  }
};

import type { Values } from "../model/field.ts";

/** Which functional an elementary score belongs to. */
export type Functional = "quantile" | "expectile" | "huber";

/**
 * The two parts of the elementary score at `theta`, place by place: over = (1 - level) k 1{o <= theta < f} and
 * under = level k 1{f <= theta < o}, where k is 1 (quantile), |o - theta| (expectile) or min(|o - theta|, limit)
 * (Huber). NaN where a side is missing. `theta` is given in the precision of each side.
 *
 * Ehm, Gneiting, Jordan and Krueger 2016, doi:10.1111/rssb.12154.
 */
export const elementaryScores = (
  f: Values,
  o: Values,
  theta: readonly [forForecast: number, forTarget: number],
  functional: Functional,
  level: number,
  limit: number,
): [over: Float64Array, under: Float64Array] => {
  const over = new Float64Array(o.length);
  const under = new Float64Array(o.length);
  const [forF, forO] = theta;
  const flat = functional === "quantile";
  const most = functional === "huber" ? limit : Number.POSITIVE_INFINITY;
  for (let i = 0; i < over.length; i++) {
    const x = f[i]!;
    const y = o[i]!;
    if (Number.isNaN(x) || Number.isNaN(y)) {
      over[i] = Number.NaN;
      under[i] = Number.NaN;
      continue;
    }
    const above = x > forF;
    if (above === y > forO) continue;
    const k = flat ? 1 : Math.min(Math.abs(y - forO), most);
    if (above) over[i] = (1 - level) * k;
    else under[i] = level * k;
  }
  return [over, under];
};

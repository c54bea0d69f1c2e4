import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "./scoreTotal.ts";

/** Which functional an elementary score belongs to. */
export type Functional = "quantile" | "expectile" | "huber";

/**
 * Adds up the two parts of the elementary score at each of some thetas of a leaf (`AddLeaf`): over = (1 - level) k 1{o <=
 * theta < f} and under = level k 1{f <= theta < o}, where k is 1 (quantile), |o - theta| (expectile) or min(|o - theta|,
 * limit) (Huber). A place where a side is missing has none. Thetas are given in the precision of each side.
 *
 * Ehm, Gneiting, Jordan and Krueger 2016, doi:10.1111/rssb.12154.
 */
export const elementaryScores = (
  f: Values,
  o: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  forForecast: Float64Array,
  forTarget: Float64Array,
  functional: Functional,
  level: number,
  limit: number,
  out: Float64Array,
): void => {
  const many = forTarget.length;
  const flat = functional === "quantile";
  const most = functional === "huber" ? limit : Number.POSITIVE_INFINITY;
  const tooHigh = 1 - level;
  let count = 0;
  let weight = 0;
  for (let i = start; i < stop; i++) {
    const x = f[i]!;
    const y = o[i]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    for (let k = 0; k < many; k++) {
      const theta = forTarget[k]!;
      const above = x > forForecast[k]!;
      if (above === y > theta) continue;
      const d = flat ? 1 : Math.min(Math.abs(y - theta), most);
      if (above) out[SCORES + 2 * k]! += c * (tooHigh * d);
      else out[SCORES + 2 * k + 1]! += c * (level * d);
    }
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
};

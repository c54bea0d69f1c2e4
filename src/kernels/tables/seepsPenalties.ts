import type { Values } from "../../model/field.ts";
import { COUNT, SCORES, WEIGHT } from "../scores/scoreTotal.ts";

export interface SeepsClimate {
  /** Probability of a dry sample and threshold of a heavy one, of all places or place by place. */
  readonly dryProbability: number | Values;
  readonly heavy: number | Values;
  /** Up to this a forecast, and a target, is dry. */
  readonly dry: readonly [forecast: number, target: number];
  readonly onThresholdIsHeavy: boolean;
  /** Dry probabilities outside are left out. */
  readonly lowest: number;
  readonly highest: number;
}

/** Twice the penalty is A / (1 - p) + B / p + C / (2 + p), by 3 x forecast category + target category. */
const A = Float64Array.of(0, 1, 4, 0, 0, 3, 0, 0, 0);
const B = Float64Array.of(0, 0, 0, 1, 0, 0, 1, 0, 0);
const C = Float64Array.of(0, 0, 0, 0, 0, 0, 3, 3, 0);

/**
 * Adds up the SEEPS penalties (Rodwell et al. 2010, doi:10.1002/qj.656) of a leaf (`AddLeaf`); a place where a side or the
 * climatology is missing, or that is left out, has none. The share of heavy samples is a third of those that are not dry.
 */
export const seepsPenalties = (
  forecast: Values,
  target: Values,
  start: number,
  stop: number,
  columns: Float64Array | undefined,
  climate: SeepsClimate,
  out: Float64Array,
): void => {
  const { dryProbability, heavy, onThresholdIsHeavy, lowest, highest } = climate;
  const [fDry, oDry] = climate.dry;
  const everywhere = typeof dryProbability === "number" ? dryProbability : Number.NaN;
  const heavyFrom = typeof heavy === "number" ? heavy : Number.NaN;
  const chances = typeof dryProbability === "number" ? undefined : dryProbability;
  const heavies = typeof heavy === "number" ? undefined : heavy;
  const on = Number(onThresholdIsHeavy);
  // Where p may be 0 or 1 only the parts that count are divided: 0 / 0 is no penalty.
  const inside = lowest > 0 && highest < 1;
  let count = 0;
  let weight = 0;
  let sum = 0;
  for (let i = start; i < stop; i++) {
    const f = forecast[i]!;
    const o = target[i]!;
    const p = chances === undefined ? everywhere : chances[i]!;
    const h = heavies === undefined ? heavyFrom : heavies[i]!;
    if (!(p >= lowest && p <= highest) || Number.isNaN(f) || Number.isNaN(o) || Number.isNaN(h)) continue;
    const c = columns === undefined ? 1 : columns[i - start]!;
    count += 1;
    weight += c;
    const fWet = Number(f > fDry);
    const oWet = Number(o > oDry);
    const from = fWet + (fWet & (Number(f > h) | (Number(f >= h) & on)));
    const to = oWet + (oWet & (Number(o > h) | (Number(o >= h) & on)));
    if (from === to) continue;
    const k = 3 * from + to;
    sum +=
      c *
      (inside
        ? (A[k]! / (1 - p) + B[k]! / p + C[k]! / (2 + p)) / 2
        : part(A[k]!, 1 - p) + part(B[k]!, p) + part(C[k]!, 2 + p));
  }
  out[COUNT] = count;
  out[WEIGHT] = weight;
  out[SCORES] = sum;
};

const part = (above: number, below: number): number => (above === 0 ? 0 : above / below / 2);

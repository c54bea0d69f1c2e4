import type { Values } from "../model/field.ts";

export interface SeepsClimate {
  /** Probability of a dry sample and threshold of a heavy one, place by place. */
  readonly dryProbability: Values;
  readonly heavy: Values;
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
 * The SEEPS penalty (Rodwell et al. 2010, doi:10.1002/qj.656) of each place; NaN where a side or the climatology is
 * missing or the place is left out. The share of heavy samples is a third of those that are not dry.
 */
export const seepsPenalties = (forecast: Values, target: Values, climate: SeepsClimate): Float64Array => {
  const { dryProbability, heavy, dry, onThresholdIsHeavy, lowest, highest } = climate;
  const penalties = new Float64Array(forecast.length);
  const [fDry, oDry] = dry;
  const on = Number(onThresholdIsHeavy);
  // Where p may be 0 or 1 only the parts that count are divided: 0 / 0 is no penalty.
  const inside = lowest > 0 && highest < 1;
  for (let i = 0; i < penalties.length; i++) {
    const f = forecast[i]!;
    const o = target[i]!;
    const p = dryProbability[i]!;
    const h = heavy[i]!;
    if (!(p >= lowest && p <= highest) || Number.isNaN(f) || Number.isNaN(o) || Number.isNaN(h)) {
      penalties[i] = Number.NaN;
      continue;
    }
    const fWet = Number(f > fDry);
    const oWet = Number(o > oDry);
    const from = fWet + (fWet & (Number(f > h) | (Number(f >= h) & on)));
    const to = oWet + (oWet & (Number(o > h) | (Number(o >= h) & on)));
    const k = 3 * from + to;
    penalties[i] = inside
      ? (A[k]! / (1 - p) + B[k]! / p + C[k]! / (2 + p)) / 2
      : part(A[k]!, 1 - p) + part(B[k]!, p) + part(C[k]!, 2 + p);
  }
  return penalties;
};

const part = (above: number, below: number): number => (above === 0 ? 0 : above / below / 2);

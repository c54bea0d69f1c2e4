/** The CRPS of a distribution function at a place: total = under + over. */
export interface CdfScore {
  /** Integral of F^2 below the observation. */
  under: number;
  /** Integral of (1 - F)^2 above it. */
  over: number;
}

/**
 * Integral of (F - 1{x >= o})^2 for F given at ascending thresholds and linear between them. Outside of them F keeps its
 * first and last value as far as the observation. Writes into `score`.
 *
 *     cdfScore([0, 1], [0, 1], 0.5, score) // under = over = 1/24
 */
export const cdfScore = (
  thresholds: ArrayLike<number>,
  cdf: ArrayLike<number>,
  observed: number,
  score: CdfScore,
): void => {
  const last = thresholds.length - 1;
  score.under = 0;
  score.over = 0;
  if (observed < thresholds[0]!) add(score, observed, cdf[0]!, thresholds[0]!, cdf[0]!, observed);
  for (let k = 0; k < last; k++) {
    const [a, b] = [thresholds[k]!, thresholds[k + 1]!];
    if (a < observed && observed < b) {
      const middle = cdf[k]! + ((observed - a) / (b - a)) * (cdf[k + 1]! - cdf[k]!);
      add(score, a, cdf[k]!, observed, middle, observed);
      add(score, observed, middle, b, cdf[k + 1]!, observed);
    } else {
      add(score, a, cdf[k]!, b, cdf[k + 1]!, observed);
    }
  }
  if (observed > thresholds[last]!) {
    add(score, thresholds[last]!, cdf[last]!, observed, cdf[last]!, observed);
  }
};

/** Adds the integral over a piece [a, b], on one side of the observation, where F runs from f to g. */
const add = (score: CdfScore, a: number, f: number, b: number, g: number, observed: number): void => {
  if (b <= observed) score.under += ((b - a) * (f * f + f * g + g * g)) / 3;
  else score.over += ((b - a) * ((1 - f) * (1 - f) + (1 - f) * (1 - g) + (1 - g) * (1 - g))) / 3;
};

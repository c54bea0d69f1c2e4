import { EwbError } from "../../model/errors.ts";
import { binomialTest } from "./binomial.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { present } from "./present.ts";
import { sharedRanks } from "./sharedRanks.ts";

export interface SignTest {
  /** Wins of the first forecast so far, minus its defeats. */
  readonly walk: Float64Array;
  /** What the walk of two equally good forecasts stays within, at each step. */
  readonly bound: Float64Array;
  /** 1 where the walk is outside its bound. */
  readonly significant: Uint8Array;
  readonly wins: number;
  readonly defeats: number;
  /** Two-sided binomial p-value of the wins among those that are no draws; NaN without any. */
  readonly pValue: number;
}

/**
 * Which of two forecasts is better more often: a walk of +1 where the first has the smaller loss, -1 where it has the
 * larger, 0 where they are equal, and its bound z sqrt(pairs so far) (DelSole and Tippett 2016,
 * doi:10.1175/MWR-D-15-0218.1). A pair that lacks a side is no step.
 *
 *     signTest([1.2, 0.8, 0.7], [1.1, 1.0, 0.9]).walk // [-1, 0, 1]
 */
export const signTest = (
  lossA: ArrayLike<number>,
  lossB: ArrayLike<number>,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): SignTest => {
  if (!(confidence > 0 && confidence < 1)) {
    throw new EwbError("Options", `signTest: confidence is ${confidence}; expected a number like 0.95.`);
  }
  const z = normalQuantile((1 + confidence) / 2);
  const size = lossA.length;
  const walk = new Float64Array(size);
  const bound = new Float64Array(size);
  const significant = new Uint8Array(size);
  let [count, wins, defeats] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const [a, b] = [lossA[i]!, lossB[i]!];
    if (!Number.isNaN(a) && !Number.isNaN(b)) count += 1;
    if (a < b) wins += 1;
    else if (b < a) defeats += 1;
    walk[i] = wins - defeats;
    bound[i] = z * Math.sqrt(count);
    significant[i] = Math.abs(walk[i]!) > bound[i]! ? 1 : 0;
  }
  return { walk, bound, significant, wins, defeats, pValue: binomialTest(defeats, wins + defeats) };
};

export interface Wilcoxon {
  /** The smaller of the two sums of ranks. */
  readonly statistic: number;
  /** Two-sided, normal approximation; NaN without differences. */
  readonly pValue: number;
  /** Differences that are not 0. */
  readonly n: number;
}

/**
 * Wilcoxon's signed rank test of paired differences (Wilcoxon 1945, doi:10.2307/3001968): zeros are dropped, ties
 * share their ranks, and the variance is corrected for them; no correction for continuity.
 *
 *     wilcoxonTest([0.3, -0.1, 0.2, 0.4]).pValue
 */
export const wilcoxonTest = (differences: ArrayLike<number>): Wilcoxon => {
  const values = present(differences).filter((value) => value !== 0);
  const n = values.length;
  const { ranks, ties } = sharedRanks(values.map(Math.abs));
  let above = 0;
  let below = 0;
  for (let i = 0; i < n; i++) {
    if (values[i]! > 0) above += ranks[i]!;
    else below += ranks[i]!;
  }
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24;
  const z = (Math.min(above, below) - (n * (n + 1)) / 4) / Math.sqrt(variance);
  return { statistic: Math.min(above, below), pValue: n === 0 ? Number.NaN : 2 * normalCdf(-Math.abs(z)), n };
};

import { EwbError } from "../../model/errors.ts";
import { exponentialFit } from "./exponentialFit.ts";
import { lagProducts } from "./longRunVariance.ts";
import { centred } from "./moments.ts";
import { present } from "./present.ts";
import { studentCdf, studentQuantile, studentTwoSided } from "./studentT.ts";

export interface DieboldMarianoOptions {
  /** How many steps ahead the forecasts are: differences that far apart overlap; 1 unless said. */
  readonly horizon?: number;
  /**
   * `HLN` (unless said): autocovariances up to the horizon and a correction for few runs (Harvey, Leybourne and
   * Newbold 1997, doi:10.1016/S0169-2070(96)00719-4). `HG`: autocovariances of a fitted exponential (Hering and
   * Genton 2011, doi:10.1198/TECH.2011.10136), which is never negative.
   */
  readonly method?: "HLN" | "HG";
  /** What the statistic is compared with: Student t with n - 1 (unless said) for HLN, normal (unless said) for HG. */
  readonly distribution?: "t" | "normal";
  /** Probability that the interval holds the true mean; 0.95 unless said. */
  readonly confidence?: number;
}

export interface DieboldMariano {
  /** Differences that are present. */
  readonly n: number;
  readonly mean: number;
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Confidence that the true mean difference is above 0. */
  readonly confidencePositive: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Whether two forecasts are equally good, from the differences of their losses run by run (Diebold and Mariano 1995,
 * doi:10.1080/07350015.1995.10524599). Missing ones are taken out first. NaN where the estimated variance is not
 * positive, where all differences are 0, and where there are no more of them than the horizon.
 *
 *     dieboldMarianoTest([0.1, -0.4, -0.2, 0.3, -0.5], { horizon: 2 }).pValue
 *
 * Throws `Options` for a horizon, method or confidence that is none.
 */
export const dieboldMarianoTest = (
  differences: ArrayLike<number>,
  options: DieboldMarianoOptions = {},
): DieboldMariano => {
  const { horizon = 1, method = "HLN", confidence = 0.95 } = options;
  const refuse = (what: string) => new EwbError("Options", `dieboldMarianoTest: ${what}.`);
  if (!Number.isInteger(horizon) || horizon < 1)
    throw refuse(`horizon is ${horizon}; expected steps from 1 on`);
  if (method !== "HLN" && method !== "HG") {
    throw refuse(`method is ${JSON.stringify(method)}; expected "HLN" or "HG"`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw refuse(`confidence is ${confidence}; expected a number like 0.95`);
  }
  const values = present(differences);
  const n = values.length;
  if (n === 0) return { n, mean: Number.NaN, ...nothing };
  const { mean } = centred(values);
  if (n <= horizon || values.every((value) => value === 0)) return { n, mean, ...nothing };
  const deviations = values.map((value) => value - mean);
  const variance = method === "HLN" ? hlnVariance(deviations, horizon) : hgVariance(deviations, horizon);
  if (!(variance > 0)) return { n, mean, ...nothing };
  const standardError = Math.sqrt(variance);
  const statistic = mean / standardError;
  const degrees =
    (options.distribution ?? (method === "HLN" ? "t" : "normal")) === "t" ? n - 1 : Number.POSITIVE_INFINITY;
  const half = studentQuantile((1 + confidence) / 2, degrees) * standardError;
  return {
    n,
    mean,
    statistic,
    pValue: studentTwoSided(statistic, degrees),
    confidencePositive: studentCdf(statistic, degrees),
    lower: mean - half,
    upper: mean + half,
  };
};

const nothing = {
  statistic: Number.NaN,
  pValue: Number.NaN,
  confidencePositive: Number.NaN,
  lower: Number.NaN,
  upper: Number.NaN,
};

/** Variance of the mean, divided by the correction for few runs. */
const hlnVariance = (deviations: Float64Array, h: number): number => {
  const n = deviations.length;
  let sum = lagProducts(deviations, 0);
  for (let lag = 1; lag < h; lag++) sum += 2 * lagProducts(deviations, lag);
  return sum / (n * n) / ((n + 1 - 2 * h + (h * (h - 1)) / n) / n);
};

const hgVariance = (deviations: Float64Array, h: number): number => {
  const n = deviations.length;
  const lags = Math.max(Math.floor((n - 1) / 2), h);
  const found = Float64Array.from({ length: lags }, (_, lag) => lagProducts(deviations, lag) / n);
  const { height, range } = exponentialFit(found);
  let density = height;
  for (let lag = 1; lag < n; lag++) density += 2 * height * Math.exp((-3 * lag) / range);
  return density / n;
};

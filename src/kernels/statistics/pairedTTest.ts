import { EwbError } from "../../model/errors.ts";
import { cosineVariance, inflationOfAr2, neweyWestVariance } from "./longRunVariance.ts";
import { centred } from "./moments.ts";
import { present } from "./present.ts";
import { studentQuantile, studentTwoSided } from "./studentT.ts";

export interface TTestOptions {
  /**
   * What is done about differences that follow each other and are alike. `cosine` (unless said): the equal-weighted
   * cosine estimate of the long-run variance (Lazarus and others 2018, doi:10.1080/07350015.2018.1506926), Student t
   * with as many degrees of freedom as coefficients. `plain`: nothing. `ar2`: the standard error inflated as that of
   * an AR(2) process (Geer 2016, doi:10.3402/tellusa.v68.30229). `newey-west`: weighted autocovariances (Newey and
   * West 1987, doi:10.2307/1913610), normal.
   */
  readonly method?: "cosine" | "plain" | "ar2" | "newey-west";
  /** Probability that the interval holds the true mean; 0.95 unless said. */
  readonly confidence?: number;
  /** Coefficients of `cosine` are the whole part of v0 n^(2/3); 0.4 unless said. */
  readonly v0?: number;
  /** Autocovariances of `newey-west`; whole part of 4 (n / 100)^(2/9) unless said. */
  readonly lags?: number;
}

export interface TTest {
  readonly n: number;
  readonly mean: number;
  readonly standardError: number;
  /** Infinity: normal. */
  readonly degreesOfFreedom: number;
  readonly statistic: number;
  /** Two-sided; 0 where all differences are one number that is not 0, 1 where all are 0. */
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Whether the mean of paired differences of two losses differs from 0: t = mean / standard error. Missing ones are
 * taken out first. Fewer than two: NaN.
 *
 *     pairedTTest([0.3, -0.1, 0.2, 0.4], { method: "plain" }).pValue
 *
 * Throws `Options` for a method or confidence that is none.
 */
export const pairedTTest = (differences: ArrayLike<number>, options: TTestOptions = {}): TTest => {
  const { method = "cosine", confidence = 0.95, v0 = 0.4 } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new EwbError("Options", `pairedTTest: confidence is ${confidence}; expected a number like 0.95.`);
  }
  const values = present(differences);
  const n = values.length;
  const { mean, squares } = centred(values);
  const { variance, degrees } = spread(method, values, n, mean, squares, v0, options.lags);
  const standardError = squares === 0 && n > 1 ? 0 : Math.sqrt(variance / n);
  const statistic = mean / standardError;
  const half = standardError === 0 ? 0 : studentQuantile((1 + confidence) / 2, degrees) * standardError;
  return {
    n,
    mean,
    standardError,
    degreesOfFreedom: degrees,
    statistic,
    pValue: standardError === 0 ? (mean === 0 ? 1 : 0) : studentTwoSided(statistic, degrees),
    lower: mean - half,
    upper: mean + half,
  };
};

const spread = (
  method: NonNullable<TTestOptions["method"]>,
  values: Float64Array,
  n: number,
  mean: number,
  squares: number,
  v0: number,
  lags: number | undefined,
): { variance: number; degrees: number } => {
  if (n < 2) return { variance: Number.NaN, degrees: Number.NaN };
  const deviations = values.map((value) => value - mean);
  switch (method) {
    case "plain":
      return { variance: squares / (n - 1), degrees: n - 1 };
    case "ar2":
      return { variance: (squares / (n - 1)) * inflationOfAr2(deviations), degrees: n - 1 };
    case "cosine": {
      const count = Math.min(n - 1, Math.max(1, Math.trunc(v0 * Math.cbrt(n * n))));
      return { variance: cosineVariance(deviations, count), degrees: count };
    }
    case "newey-west": {
      const usual = Math.trunc(4 * Math.exp((Math.log(n / 100) * 2) / 9));
      const most = Math.min(n - 1, lags ?? usual);
      return { variance: neweyWestVariance(deviations, most), degrees: Number.POSITIVE_INFINITY };
    }
    default:
      throw new EwbError(
        "Options",
        `pairedTTest: method is ${JSON.stringify(method)}; expected "cosine", "plain", "ar2" or "newey-west".`,
      );
  }
};

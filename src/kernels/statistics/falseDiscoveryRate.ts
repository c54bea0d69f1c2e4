import { EwbError } from "../../model/errors.ts";

export interface AdjustedPValues {
  /** In the order of the p-values; NaN where one was missing. */
  readonly adjusted: Float64Array;
  /** 1 where the adjusted p-value is at most the level. */
  readonly significant: Uint8Array;
}

export interface DiscoveryOptions {
  /**
   * `benjamini-hochberg` (unless said): of what is found significant at most the level is wrong, on average
   * (Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x; for fields Wilks 2016,
   * doi:10.1175/BAMS-D-15-00267.1). `holm`: that anything is wrong has at most the level as probability (Holm 1979).
   */
  readonly method?: "benjamini-hochberg" | "holm";
  /** 0.05 unless said. */
  readonly level?: number;
}

/**
 * P-values of many tests, adjusted for their number. Missing ones (NaN) are no tests.
 *
 *     falseDiscoveryRate([0.001, 0.04, 0.2]).adjusted // [0.003, 0.06, 0.2]
 *
 * Throws `Options` for an unknown method.
 */
export const falseDiscoveryRate = (
  pValues: ArrayLike<number>,
  { method = "benjamini-hochberg", level = 0.05 }: DiscoveryOptions = {},
): AdjustedPValues => {
  if (method !== "benjamini-hochberg" && method !== "holm") {
    throw new EwbError(
      "Options",
      `falseDiscoveryRate: method is ${JSON.stringify(method)}; expected "benjamini-hochberg" or "holm".`,
    );
  }
  const order = Array.from(pValues, (_, i) => i)
    .filter((i) => !Number.isNaN(pValues[i]!))
    .sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const m = order.length;
  const adjusted = new Float64Array(pValues.length).fill(Number.NaN);
  if (method === "holm") {
    let most = 0;
    for (let j = 0; j < m; j++) {
      most = Math.max(most, Math.min(1, pValues[order[j]!]! * (m - j)));
      adjusted[order[j]!] = most;
    }
  } else {
    let least = 1;
    for (let j = m - 1; j >= 0; j--) {
      least = Math.min(least, pValues[order[j]!]! / ((j + 1) / m));
      adjusted[order[j]!] = least;
    }
  }
  return { adjusted, significant: Uint8Array.from(adjusted, (p) => (p <= level ? 1 : 0)) };
};

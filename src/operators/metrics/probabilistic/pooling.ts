import type { Weights } from "../../../model/pair.ts";
import { GROUPS, type Grouping, type GroupOptions } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import { oneOf, weightsOf } from "../options.ts";

/** What is pooled before anything is divided, and how much a place counts. */
export interface PoolingOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place: exact cell area (unless said), cosine of latitude, one over how many points are near, or none. */
  readonly weights?: Weights;
}

/** The same, checked, and as parameters of a row. */
export interface Pooling extends Grouping {
  readonly weights: Weights;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Names of the options. */
export const POOLING: readonly string[] = ["keep", "weights", ...GROUPS];

const USUAL: Keep = ["lead_time"];

/** Throws `Options` for words that are none. */
export const poolingOf = (metric: string, options: PoolingOptions & GroupOptions): Pooling => {
  const keep = keptTimes(metric, options.keep ?? USUAL);
  const weights = weightsOf(metric, options.weights ?? "area");
  const { by, where } = options;
  return { keep, by, where, weights, parameters: { weights, ...keepParameter(keep, USUAL) } };
};

/** How the spread among members is counted: for any number of them alike (`fair`), or of just these (`ecdf`). */
export type Estimator = "fair" | "ecdf";

export const estimatorOf = (metric: string, estimator: Estimator = "fair"): Estimator =>
  oneOf(metric, "estimator", estimator, ["fair", "ecdf"]);

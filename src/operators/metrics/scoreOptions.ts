import { EwbError } from "../../model/errors.ts";
import type { Metric } from "../../model/metric.ts";
import type { Weights } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import { GROUPS, type GroupOptions, grouped } from "./groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "./keep.ts";
import { oneOf, onlyOptions, weightsOf } from "./options.ts";
import { meanOfRuns } from "./values/meanOfRuns.ts";

/** Options of every metric that is a mean over places and times, or is made of means. */
export interface ScoreOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** Weight of a place: exact cell area (unless said), cosine of latitude, one over how many points are near, or none. */
  readonly weights?: Weights;
  /** Whether the samples of all runs are pooled before any ratio or root (unless said), or one value is made of each
   * run and their mean taken. */
  readonly runs?: "pooled" | "mean";
}

export const USUAL: Keep = ["lead_time"];

export interface ParsedScoreOptions {
  /** What the state is kept by: with the runs, where their mean is wanted. */
  readonly keep: Keep;
  readonly weights: Weights;
  readonly parameters: Readonly<Record<string, string>>;
  /** The metric that keeps `keep`, made the one that was asked for. */
  asked<V extends Variables>(metric: Metric<V>): Metric<V>;
}

/** Checks the options of a metric; `own` are the names of those it has beside the common ones. Throws `Options`. */
export const scoreOptions = (
  metric: string,
  options: ScoreOptions & GroupOptions,
  own: readonly string[] = [],
): ParsedScoreOptions => {
  onlyOptions(metric, options, ["keep", "weights", "runs", ...GROUPS, ...own]);
  const keep = keptTimes(metric, options.keep ?? USUAL);
  const weights = weightsOf(metric, options.weights ?? "area");
  const parameters = { weights, ...keepParameter(keep, USUAL) };
  if (oneOf(metric, "runs", options.runs ?? "pooled", ["pooled", "mean"]) === "pooled") {
    return { keep, weights, parameters, asked: (pooled) => grouped(pooled, options) };
  }
  if (keep.length > 1 || keep.includes("init_time")) {
    throw new EwbError(
      "Options",
      `${metric}: runs: "mean" takes the mean over runs, but keep is ${keep.join(", ")}, which tells them apart. Expected keep: [], ["lead_time"] or ["valid_time"].`,
    );
  }
  return {
    keep: keptTimes(metric, ["init_time", ...keep]),
    weights,
    parameters: { ...parameters, runs: "mean" },
    asked: (ofRuns) =>
      grouped(
        meanOfRuns({ ...ofRuns, definition: `${ofRuns.definition}; one value a run, then their mean` }, keep),
        options,
      ),
  };
};

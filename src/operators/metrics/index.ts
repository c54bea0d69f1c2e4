/** The metrics: `ewb/metrics`. */
export { climatologyQuantile } from "./climatologyQuantile.ts";
export { type DurationOptions, durationMeanError } from "./duration.ts";
export { type EarlySignalOptions, earlySignal } from "./earlySignal.ts";
export type { Keep, Kept } from "./keep.ts";
export { maximumLowestMeanAbsoluteError } from "./lowest.ts";
export { type OnsetOptions, onsetMeanError } from "./onset.ts";
export { maximumMeanAbsoluteError, minimumMeanAbsoluteError, type PeakOptions } from "./peak.ts";
export {
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  type PointwiseOptions,
  rootMeanSquaredError,
} from "./pointwise.ts";
export type { Criterion, Threshold } from "./threshold.ts";
export type { Aggregation } from "./verdict.ts";

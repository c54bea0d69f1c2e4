/** Skill, uncertainty, break-downs and masks: the part of `ewb/metrics` that is about any metric. */
export { blockBootstrap } from "../../../kernels/statistics/blockBootstrap.ts";
export {
  type BootstrapOptions,
  type Bootstrapped,
  bootstrapConfidenceInterval,
  type Interval,
  type IntervalKind,
  meanOfDraw,
} from "../../../kernels/statistics/bootstrapConfidenceInterval.ts";
export {
  type CorrelationSignificance,
  correlationSignificance,
} from "../../../kernels/statistics/correlationSignificance.ts";
export {
  type DieboldMariano,
  type DieboldMarianoOptions,
  dieboldMarianoTest,
} from "../../../kernels/statistics/dieboldMarianoTest.ts";
export {
  type AdjustedPValues,
  type DiscoveryOptions,
  falseDiscoveryRate,
} from "../../../kernels/statistics/falseDiscoveryRate.ts";
export { type Moments, moments } from "../../../kernels/statistics/moments.ts";
export { pairedTTest, type TTest, type TTestOptions } from "../../../kernels/statistics/pairedTTest.ts";
export {
  type Blocks,
  type ResampleOptions,
  resampleDraws,
} from "../../../kernels/statistics/resampleDraws.ts";
export {
  type SignTest,
  signTest,
  type Wilcoxon,
  wilcoxonTest,
} from "../../../kernels/statistics/signTest.ts";
export {
  altitudeClass,
  type Breakdown,
  landSea,
  latitudeBand,
  leadBin,
  regions,
} from "../groups/breakdown.ts";
export { by } from "../groups/by.ts";
export type { GroupOptions } from "../groups/grouped.ts";
export { type Where, where } from "../groups/where.ts";
export { bootstrapRows, type OverCases } from "./bootstrapRows.ts";
export { type DifferenceOptions, difference } from "./difference.ts";
export { withInterval } from "./interval.ts";
export { namedReference, otherForecast, persistence, type Reference } from "./reference.ts";
export type { BlockLength, IntervalOptions } from "./resampling.ts";
export { type SkillOptions, skillScore } from "./skill.ts";

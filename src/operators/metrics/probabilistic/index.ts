/** Metrics of ensembles, probabilities, quantiles and distributions. */

export { type BrierOptions, brierScore } from "./brier.ts";
export { type BrierDecompositionOptions, brierDecomposition } from "./brierDecomposition.ts";
export { type CdfCrpsOptions, cdfContinuousRankedProbabilityScore } from "./cdfCrps.ts";
export {
  type CrpsOptions,
  continuousRankedProbabilityScore,
  type ThresholdWeightedCrpsOptions,
  thresholdWeightedContinuousRankedProbabilityScore,
} from "./crps.ts";
export { type EconomicValueOptions, relativeEconomicValue } from "./economicValue.ts";
export { type EnergyOptions, energyScore } from "./energy.ts";
export type { EventOptions } from "./event.ts";
export {
  dawidSebastianiScore,
  type GaussianOptions,
  gaussianContinuousRankedProbabilityScore,
} from "./gaussian.ts";
export {
  type IntervalScoreOptions,
  intervalScore,
  type QuantileIntervalScoreOptions,
  quantileIntervalScore,
} from "./interval.ts";
export { type LogarithmicOptions, logarithmicScore } from "./logarithmicScore.ts";
export { type PitHistogramOptions, pitHistogram } from "./pitHistogram.ts";
export type { Estimator, PoolingOptions } from "./pooling.ts";
export {
  type QuantilesOptions,
  quantileContinuousRankedProbabilityScore,
  weightedIntervalScore,
} from "./quantileCrps.ts";
export { type RankHistogramOptions, rankHistogram } from "./rankHistogram.ts";
export { type DiagramOptions, discriminationDiagram, reliabilityDiagram } from "./reliability.ts";
export { type RocOptions, type RocSkillOptions, rocArea, rocCurve, rocSkillScore } from "./roc.ts";
export { type RankedProbabilityOptions, rankedProbabilityScore } from "./rps.ts";
export {
  ensembleMeanRootMeanSquaredError,
  ensembleSpread,
  type SpreadOptions,
  type SpreadSkillOptions,
  spreadSkillRatio,
  type UnbiasedOptions,
  unbiasedEnsembleMeanRootMeanSquaredError,
} from "./spreadSkill.ts";
export { type VariogramOptions, variogramScore } from "./variogram.ts";
export { type WassersteinOptions, wassersteinDistance } from "./wasserstein.ts";

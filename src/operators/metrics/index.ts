/** The metrics: `ewb/metrics`. */

export type { TableScoreName } from "./allTableScores.ts";
export {
  type ActivityOptions,
  type AnomalyOptions,
  anomalyCorrelation,
  forecastActivity,
} from "./anomalies.ts";
export { multiplicativeBias, type PercentBiasOptions, percentBias } from "./biasRatios.ts";
export { type CategoryOptions, gerritySkillScore } from "./categories.ts";
export {
  type CentroidOptions,
  centroidDisplacement,
  type DisplacementOptions,
  spatialDisplacement,
} from "./centroidDisplacement.ts";
export { climatologyQuantile } from "./climatologyQuantile.ts";
export type { CoastAreas } from "./coastAreas.ts";
export {
  expectileScore,
  type HuberOptions,
  huberScore,
  type LevelOptions,
  quantileScore,
} from "./consistentScore.ts";
export { contingencyTable } from "./contingencyTable.ts";
export { type CorrelationOptions, pearsonCorrelation } from "./correlation.ts";
export { defineMetric, type MetricDefinition } from "./defineMetric.ts";
export { metricCombinators, metricDocs, type ToldCombinator, type ToldMetric } from "./docs.ts";
export { type DurationOptions, durationMeanError } from "./duration.ts";
export { type EarlySignalOptions, earlySignal } from "./earlySignal.ts";
export { type KlingGuptaOptions, klingGuptaEfficiency, nashSutcliffeEfficiency } from "./efficiency.ts";
export { type ElementaryOptions, elementaryScore } from "./elementaryScore.ts";
export { errorStandardDeviation } from "./errorSpread.ts";
export {
  type EventSetOptions,
  type HausdorffOptions,
  hausdorffDistance,
  meanErrorDistance,
} from "./eventSetDistance.ts";
export type { Events, EventThreshold } from "./events.ts";
export type { Missing } from "./eventTables.ts";
export { type ExceedanceOptions, exceedanceFrequency } from "./exceedance.ts";
export { type FirmOptions, firmScore } from "./firm.ts";
export { type FlipFlopOptions, flipFlopIndex } from "./flipFlop.ts";
export type { FractionsEvent, FractionsSkillScoreOptions } from "./fractionsOptions.ts";
export { fractionsSkillScore } from "./fractionsSkillScore.ts";
export type { Given } from "./given.ts";
export type { Keep, Kept } from "./keep.ts";
export {
  type LandfallMetric,
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallTimeMeanError,
} from "./landfall.ts";
export type { LandfallOptions } from "./landfallOptions.ts";
export { maximumLowestMeanAbsoluteError } from "./lowest.ts";
export { type MedianErrorOptions, medianAbsoluteError } from "./medianError.ts";
export { type NeighbourhoodOptions, neighbourhoodContingency } from "./neighbourhood.ts";
export { type ObjectErrorsOptions, objectErrors } from "./objectErrors.ts";
export { type OnsetOptions, onsetMeanError } from "./onset.ts";
export { type OwnQuantile, ownQuantile } from "./ownQuantile.ts";
export { maximumMeanAbsoluteError, minimumMeanAbsoluteError, type PeakOptions } from "./peak.ts";
export {
  meanAbsolutePercentageError,
  type SymmetricOptions,
  symmetricMeanAbsolutePercentageError,
} from "./percentageErrors.ts";
export {
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  type PointwiseOptions,
  rootMeanSquaredError,
} from "./pointwise.ts";
export type { PoolOptions } from "./pooled.ts";
export * from "./probabilistic/index.ts";
export {
  type QuantileOptions,
  type QuantileQuantileOptions,
  quantile,
  quantileQuantile,
} from "./quantile.ts";
export { type RankCorrelationOptions, spearmanCorrelation } from "./rankCorrelation.ts";
export { maximumError, minimumError, type RegionalExtremeOptions } from "./regionalExtreme.ts";
export { type RelativeIntensityOptions, relativeIntensity } from "./relativeIntensity.ts";
export { type RiskMatrixOptions, riskMatrixScore } from "./riskMatrix.ts";
export type { SampleOptions } from "./sampleOptions.ts";
export type { ScoreOptions } from "./scoreOptions.ts";
export { type SeepsOptions, seeps } from "./seeps.ts";
export {
  type StructureAmplitudeLocationOptions,
  structureAmplitudeLocation,
} from "./structureAmplitudeLocation.ts";
export { correctNegatives, falseAlarms, hits, misses } from "./tableCounts.ts";
export {
  type Clipped,
  extremalDependenceIndex,
  extremeDependencyScore,
  symmetricExtremalDependenceIndex,
  symmetricExtremeDependencyScore,
} from "./tableDependence.ts";
export { baseRate, forecastRate, frequencyBias } from "./tableFrequency.ts";
export { matthewsCorrelation, oddsRatio, oddsRatioSkillScore } from "./tableOdds.ts";
export {
  falseAlarmRatio,
  hitRate,
  negativePredictiveValue,
  probabilityOfFalseDetection,
  specificity,
  successRatio,
} from "./tableRates.ts";
export type { TableOptions } from "./tableScore.ts";
export {
  accuracy,
  criticalSuccessIndex,
  equitableThreatScore,
  f1Score,
  heidkeSkillScore,
  peirceSkillScore,
} from "./tableSkill.ts";
export type { Criterion, Threshold } from "./threshold.ts";
export { type ThresholdMetricsOptions, thresholdMetrics } from "./thresholdMetrics.ts";
export {
  thresholdWeightedAbsoluteError,
  thresholdWeightedExpectileScore,
  thresholdWeightedHuberScore,
  thresholdWeightedQuantileScore,
  thresholdWeightedSquaredError,
  type WeightedHuberOptions,
  type WeightedLevelOptions,
} from "./thresholdWeighted.ts";
export { type TrackErrorOptions, trackError } from "./trackError.ts";
export * from "./uncertainty.ts";
export type { Aggregation } from "./verdict.ts";
export type { Interval, IntervalOptions } from "./weightInterval.ts";
export { windVectorRootMeanSquaredError } from "./windVector.ts";
export {
  type ErrorExceedanceOptions,
  errorExceedance,
  type PercentWithinOptions,
  percentWithin,
} from "./withinTolerance.ts";

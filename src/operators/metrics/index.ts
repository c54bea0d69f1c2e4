/** The metrics: `ewb/metrics`. */

export { climatologyQuantile } from "./climatologyQuantile.ts";
export { defineMetric, type MetricDefinition } from "./defineMetric.ts";
export { metricCombinators, metricDocs, type ToldCombinator, type ToldMetric } from "./docs.ts";
export {
  type CentroidOptions,
  centroidDisplacement,
  type DisplacementOptions,
  spatialDisplacement,
} from "./fields/centroidDisplacement.ts";
export {
  type EventSetOptions,
  type HausdorffOptions,
  hausdorffDistance,
  meanErrorDistance,
} from "./fields/eventSetDistance.ts";
export type { FractionsEvent, FractionsSkillScoreOptions } from "./fields/fractionsOptions.ts";
export { fractionsSkillScore } from "./fields/fractionsSkillScore.ts";
export { type ObjectErrorsOptions, objectErrors } from "./fields/objectErrors.ts";
export {
  type StructureAmplitudeLocationOptions,
  structureAmplitudeLocation,
} from "./fields/structureAmplitudeLocation.ts";
export type { Keep, Kept } from "./keep.ts";
export * from "./probabilistic/index.ts";
export { type DurationOptions, durationMeanError } from "./runs/duration.ts";
export { type EarlySignalOptions, earlySignal } from "./runs/earlySignal.ts";
export { maximumLowestMeanAbsoluteError } from "./runs/lowest.ts";
export { type OnsetOptions, onsetMeanError } from "./runs/onset.ts";
export { maximumMeanAbsoluteError, minimumMeanAbsoluteError, type PeakOptions } from "./runs/peak.ts";
export type { Aggregation } from "./runs/verdict.ts";
export type { ScoreOptions } from "./scoreOptions.ts";
export type { TableScoreName } from "./tables/allTableScores.ts";
export { type CategoryOptions, gerritySkillScore } from "./tables/categories.ts";
export { contingencyTable } from "./tables/contingencyTable.ts";
export type { Events, EventThreshold } from "./tables/events.ts";
export type { Missing } from "./tables/eventTables.ts";
export { type NeighbourhoodOptions, neighbourhoodContingency } from "./tables/neighbourhood.ts";
export { type OwnQuantile, ownQuantile } from "./tables/ownQuantile.ts";
export type { PoolOptions } from "./tables/pooled.ts";
export { type RiskMatrixOptions, riskMatrixScore } from "./tables/riskMatrix.ts";
export { type SeepsOptions, seeps } from "./tables/seeps.ts";
export { correctNegatives, falseAlarms, hits, misses } from "./tables/tableCounts.ts";
export {
  type Clipped,
  extremalDependenceIndex,
  extremeDependencyScore,
  symmetricExtremalDependenceIndex,
  symmetricExtremeDependencyScore,
} from "./tables/tableDependence.ts";
export { baseRate, forecastRate, frequencyBias } from "./tables/tableFrequency.ts";
export { matthewsCorrelation, oddsRatio, oddsRatioSkillScore } from "./tables/tableOdds.ts";
export {
  falseAlarmRatio,
  hitRate,
  negativePredictiveValue,
  probabilityOfFalseDetection,
  specificity,
  successRatio,
} from "./tables/tableRates.ts";
export type { TableOptions } from "./tables/tableScore.ts";
export {
  accuracy,
  criticalSuccessIndex,
  equitableThreatScore,
  f1Score,
  heidkeSkillScore,
  peirceSkillScore,
} from "./tables/tableSkill.ts";
export { type ThresholdMetricsOptions, thresholdMetrics } from "./tables/thresholdMetrics.ts";
export type { Criterion, Threshold } from "./threshold.ts";
export type { CoastAreas } from "./tracks/coastAreas.ts";
export {
  type LandfallMetric,
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallTimeMeanError,
} from "./tracks/landfall.ts";
export type { LandfallOptions } from "./tracks/landfallOptions.ts";
export { type TrackErrorOptions, trackError } from "./tracks/trackError.ts";
export * from "./uncertainty/uncertainty.ts";
export {
  type ActivityOptions,
  type AnomalyOptions,
  anomalyCorrelation,
  forecastActivity,
} from "./values/anomalies.ts";
export { multiplicativeBias, type PercentBiasOptions, percentBias } from "./values/biasRatios.ts";
export {
  expectileScore,
  type HuberOptions,
  huberScore,
  type LevelOptions,
  quantileScore,
} from "./values/consistentScore.ts";
export { type CorrelationOptions, pearsonCorrelation } from "./values/correlation.ts";
export {
  type KlingGuptaOptions,
  klingGuptaEfficiency,
  nashSutcliffeEfficiency,
} from "./values/efficiency.ts";
export { type ElementaryOptions, elementaryScore } from "./values/elementaryScore.ts";
export { errorStandardDeviation } from "./values/errorSpread.ts";
export { type ExceedanceOptions, exceedanceFrequency } from "./values/exceedance.ts";
export { type FirmOptions, firmScore } from "./values/firm.ts";
export { type FlipFlopOptions, flipFlopIndex } from "./values/flipFlop.ts";
export type { Given } from "./values/given.ts";
export { type MedianErrorOptions, medianAbsoluteError } from "./values/medianError.ts";
export {
  meanAbsolutePercentageError,
  type SymmetricOptions,
  symmetricMeanAbsolutePercentageError,
} from "./values/percentageErrors.ts";
export {
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  type PointwiseOptions,
  rootMeanSquaredError,
} from "./values/pointwise.ts";
export {
  type QuantileOptions,
  type QuantileQuantileOptions,
  quantile,
  quantileQuantile,
} from "./values/quantile.ts";
export { type RankCorrelationOptions, spearmanCorrelation } from "./values/rankCorrelation.ts";
export { maximumError, minimumError, type RegionalExtremeOptions } from "./values/regionalExtreme.ts";
export { type RelativeIntensityOptions, relativeIntensity } from "./values/relativeIntensity.ts";
export type { SampleOptions } from "./values/sampleOptions.ts";
export {
  thresholdWeightedAbsoluteError,
  thresholdWeightedExpectileScore,
  thresholdWeightedHuberScore,
  thresholdWeightedQuantileScore,
  thresholdWeightedSquaredError,
  type WeightedHuberOptions,
  type WeightedLevelOptions,
} from "./values/thresholdWeighted.ts";
export type { Interval, IntervalOptions } from "./values/weightInterval.ts";
export { windVectorRootMeanSquaredError } from "./values/windVector.ts";
export {
  type ErrorExceedanceOptions,
  errorExceedance,
  type PercentWithinOptions,
  percentWithin,
} from "./values/withinTolerance.ts";

/** Metrics of ensembles, probabilities, quantiles and distributions. */
import { brierDocs } from "./brier.ts";
import { brierDecompositionDocs } from "./brierDecomposition.ts";
import { cdfCrpsDocs } from "./cdfCrps.ts";
import { crpsDocs } from "./crps.ts";
import { economicValueDocs } from "./economicValue.ts";
import { energyDocs } from "./energy.ts";
import { gaussianDocs } from "./gaussian.ts";
import { intervalDocs } from "./interval.ts";
import { logarithmicScoreDocs } from "./logarithmicScore.ts";
import { pitHistogramDocs } from "./pitHistogram.ts";
import { quantileCrpsDocs } from "./quantileCrps.ts";
import { rankHistogramDocs } from "./rankHistogram.ts";
import { reliabilityDocs } from "./reliability.ts";
import { rocDocs } from "./roc.ts";
import { rpsDocs } from "./rps.ts";
import { spreadSkillDocs } from "./spreadSkill.ts";
import { variogramDocs } from "./variogram.ts";
import { wassersteinDocs } from "./wasserstein.ts";

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

export const probabilisticDocs = [
  ...crpsDocs,
  ...quantileCrpsDocs,
  ...cdfCrpsDocs,
  ...gaussianDocs,
  ...logarithmicScoreDocs,
  ...brierDocs,
  ...brierDecompositionDocs,
  ...reliabilityDocs,
  ...rocDocs,
  ...rankHistogramDocs,
  ...pitHistogramDocs,
  ...spreadSkillDocs,
  ...rpsDocs,
  ...intervalDocs,
  ...energyDocs,
  ...variogramDocs,
  ...economicValueDocs,
  ...wassersteinDocs,
];

/**
 * A call of each function of `ewb/metrics`, for `ewb metrics NAME` and the documentation. Names without quotes stand
 * for what the caller has: `normals` a climatology, `model` another forecast, `landShare` a mask, `land` GeoJSON areas,
 * `differences` and `losses` one number a run.
 */
export const metricExamples: Readonly<Record<string, string>> = {
  meanError: 'meanError("surface_air_temperature", { keep: ["init_time", "lead_time"] })',
  meanAbsoluteError: 'meanAbsoluteError("surface_air_temperature", { weights: "none" })',
  meanSquaredError: 'meanSquaredError("surface_air_temperature")',
  rootMeanSquaredError:
    'rootMeanSquaredError("surface_air_temperature", { given: { above: "303.15 K", side: "target" } })',
  errorStandardDeviation: 'errorStandardDeviation("surface_air_temperature")',
  windVectorRootMeanSquaredError:
    'windVectorRootMeanSquaredError("surface_eastward_wind", "surface_northward_wind")',
  medianAbsoluteError: 'medianAbsoluteError("surface_air_temperature", { sketch: "0.01 K" })',
  meanAbsolutePercentageError: 'meanAbsolutePercentageError("surface_wind_speed")',
  symmetricMeanAbsolutePercentageError:
    'symmetricMeanAbsolutePercentageError("surface_wind_speed", { factor: 2 })',
  percentBias: 'percentBias("accumulated_precipitation")',
  multiplicativeBias: 'multiplicativeBias("accumulated_precipitation")',
  relativeIntensity: 'relativeIntensity("accumulated_precipitation", { weights: "none" })',
  percentWithin: 'percentWithin("surface_air_temperature", { tolerance: "2 K" })',
  errorExceedance: 'errorExceedance("surface_air_temperature", { thresholds: ["2 K", "5 K"] })',
  quantileScore: 'quantileScore("surface_wind_speed", { level: 0.9 })',
  expectileScore: 'expectileScore("surface_wind_speed", { level: 0.7 })',
  huberScore: 'huberScore("surface_air_temperature", { limit: "4 K" })',
  elementaryScore:
    'elementaryScore("surface_wind_speed", { functional: "quantile", level: 0.9, thetas: ["10 m s-1", "20 m s-1"] })',
  thresholdWeightedAbsoluteError:
    'thresholdWeightedAbsoluteError("surface_air_temperature", { interval: ["303 K", null] })',
  thresholdWeightedSquaredError:
    'thresholdWeightedSquaredError("surface_air_temperature", { interval: ["303 K", "313 K"], positive: ["300 K", "318 K"] })',
  thresholdWeightedQuantileScore:
    'thresholdWeightedQuantileScore("surface_wind_speed", { level: 0.9, interval: ["15 m s-1", null] })',
  thresholdWeightedExpectileScore:
    'thresholdWeightedExpectileScore("surface_wind_speed", { level: 0.7, interval: ["15 m s-1", null] })',
  thresholdWeightedHuberScore:
    'thresholdWeightedHuberScore("surface_wind_speed", { limit: "4 m s-1", interval: ["15 m s-1", null] })',
  firmScore:
    'firmScore("surface_wind_speed", { thresholds: ["17 m s-1", "24 m s-1"], risk: 0.7, thresholdWeights: [1, 3] })',
  pearsonCorrelation: 'pearsonCorrelation("geopotential", { keep: ["init_time", "lead_time"] })',
  spearmanCorrelation: 'spearmanCorrelation("accumulated_precipitation")',
  anomalyCorrelation:
    'anomalyCorrelation("surface_air_temperature", { climatology: climatologyQuantile(normals, 0.5) })',
  forecastActivity:
    'forecastActivity("surface_air_temperature", { climatology: climatologyQuantile(normals, 0.5) })',
  nashSutcliffeEfficiency: 'nashSutcliffeEfficiency("accumulated_precipitation")',
  klingGuptaEfficiency: 'klingGuptaEfficiency("accumulated_precipitation", { version: "2012", parts: true })',
  flipFlopIndex: 'flipFlopIndex("surface_air_temperature")',
  quantile: 'quantile("surface_air_temperature", { levels: [0.5, 0.95], sketch: "0.01 K" })',
  quantileQuantile: 'quantileQuantile("surface_wind_speed", { levels: [0.5, 0.9, 0.99] })',
  exceedanceFrequency: 'exceedanceFrequency("surface_wind_speed", { above: ["10 m s-1", "20 m s-1"] })',
  maximumError: 'maximumError("surface_wind_speed")',
  minimumError: 'minimumError("surface_air_temperature")',
  contingencyTable:
    'contingencyTable("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2", "20 kg m-2"] })',
  hits: 'hits("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2"] })',
  falseAlarms: 'falseAlarms("accumulated_precipitation", { above: "2 kg m-2" })',
  misses: 'misses("surface_air_temperature", { below: "273.15 K", strictly: true })',
  correctNegatives: 'correctNegatives("accumulated_precipitation", { above: "2 kg m-2" })',
  hitRate: 'hitRate("accumulated_precipitation", { above: "2 kg m-2" })',
  falseAlarmRatio: 'falseAlarmRatio("accumulated_precipitation", { above: "2 kg m-2" })',
  probabilityOfFalseDetection:
    'probabilityOfFalseDetection("accumulated_precipitation", { above: "2 kg m-2" })',
  successRatio: 'successRatio("accumulated_precipitation", { above: "2 kg m-2" })',
  specificity: 'specificity("accumulated_precipitation", { above: "2 kg m-2" })',
  negativePredictiveValue: 'negativePredictiveValue("accumulated_precipitation", { above: "2 kg m-2" })',
  baseRate: 'baseRate("accumulated_precipitation", { above: "2 kg m-2" })',
  forecastRate: 'forecastRate("accumulated_precipitation", { above: "2 kg m-2" })',
  frequencyBias: 'frequencyBias("accumulated_precipitation", { above: "2 kg m-2" })',
  criticalSuccessIndex:
    'criticalSuccessIndex("surface_air_temperature", { above: climatologyQuantile(normals, 0.85) })',
  equitableThreatScore:
    'equitableThreatScore("accumulated_precipitation", { above: "2 kg m-2", runs: "mean" })',
  heidkeSkillScore:
    'heidkeSkillScore("accumulated_precipitation", { edges: ["0 kg m-2", "0.1 kg m-2", "2 kg m-2", "Infinity kg m-2"] })',
  peirceSkillScore: 'peirceSkillScore("accumulated_precipitation", { above: "2 kg m-2" })',
  gerritySkillScore:
    'gerritySkillScore("accumulated_precipitation", { edges: ["0 kg m-2", "0.1 kg m-2", "2 kg m-2", "Infinity kg m-2"] })',
  accuracy: 'accuracy("accumulated_precipitation", { above: "2 kg m-2" })',
  f1Score: 'f1Score("accumulated_precipitation", { above: "2 kg m-2" })',
  oddsRatio: 'oddsRatio("accumulated_precipitation", { above: "2 kg m-2" })',
  oddsRatioSkillScore: 'oddsRatioSkillScore("accumulated_precipitation", { above: "2 kg m-2" })',
  matthewsCorrelation: 'matthewsCorrelation("accumulated_precipitation", { above: "2 kg m-2" })',
  extremeDependencyScore:
    'extremeDependencyScore("surface_wind_speed", { above: ownQuantile(0.95), strictly: true })',
  symmetricExtremeDependencyScore:
    'symmetricExtremeDependencyScore("accumulated_precipitation", { above: "20 kg m-2" })',
  extremalDependenceIndex: 'extremalDependenceIndex("accumulated_precipitation", { above: "20 kg m-2" })',
  symmetricExtremalDependenceIndex:
    'symmetricExtremalDependenceIndex("accumulated_precipitation", { above: "20 kg m-2" })',
  thresholdMetrics:
    'thresholdMetrics("accumulated_precipitation", { above: ["1 kg m-2", "5 kg m-2"], scores: ["hitRate", "falseAlarmRatio"] })',
  neighbourhoodContingency:
    'neighbourhoodContingency("accumulated_precipitation", { above: "4 kg m-2", window: 5, scores: ["criticalSuccessIndex"] })',
  seeps:
    'seeps("accumulated_precipitation", { dryProbability: 0.6, heavyThreshold: "5 kg m-2", masked: "none" })',
  riskMatrixScore:
    'riskMatrixScore(["moderate", "severe"], { probabilityThresholds: [0.1, 0.4], matrix: [[1, 2], [2, 3]] })',
  continuousRankedProbabilityScore:
    'continuousRankedProbabilityScore("surface_air_temperature", { estimator: "ecdf", parts: true })',
  thresholdWeightedContinuousRankedProbabilityScore:
    'thresholdWeightedContinuousRankedProbabilityScore("surface_air_temperature", { above: "303.15 K" })',
  quantileContinuousRankedProbabilityScore:
    'quantileContinuousRankedProbabilityScore("t", { quantiles: { 0.1: "t_q10", 0.5: "t_q50", 0.9: "t_q90" } })',
  weightedIntervalScore:
    'weightedIntervalScore("t", { quantiles: { 0.1: "t_q10", 0.5: "t_q50", 0.9: "t_q90" } })',
  cdfContinuousRankedProbabilityScore:
    'cdfContinuousRankedProbabilityScore("t", { cdf: { "270 K": "below_270", "290 K": "below_290", "310 K": "below_310" } })',
  gaussianContinuousRankedProbabilityScore:
    'gaussianContinuousRankedProbabilityScore("t", { mean: "t_mean", standardDeviation: "t_deviation" })',
  dawidSebastianiScore: 'dawidSebastianiScore("surface_air_temperature")',
  logarithmicScore: 'logarithmicScore("surface_air_temperature", { above: "303.15 K", unit: "bit" })',
  brierScore: 'brierScore("surface_air_temperature", { above: ["298.15 K", "303.15 K"] })',
  brierDecomposition:
    'brierDecomposition("surface_air_temperature", { above: "303.15 K", bins: [0, 0.2, 0.4, 0.6, 0.8, 1] })',
  reliabilityDiagram: 'reliabilityDiagram("surface_air_temperature", { above: "303.15 K", bins: 5 })',
  discriminationDiagram: 'discriminationDiagram("surface_air_temperature", { above: "303.15 K", bins: 5 })',
  rocCurve:
    'rocCurve("surface_air_temperature", { above: "303.15 K", thresholds: [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1] })',
  rocArea: 'rocArea("surface_air_temperature", { above: "303.15 K" })',
  rocSkillScore: 'rocSkillScore("surface_air_temperature", { above: "303.15 K" })',
  rankHistogram: 'rankHistogram("surface_air_temperature")',
  pitHistogram: 'pitHistogram("surface_air_temperature", { bins: 5 })',
  ensembleSpread: 'ensembleSpread("surface_air_temperature")',
  ensembleMeanRootMeanSquaredError: 'ensembleMeanRootMeanSquaredError("surface_air_temperature")',
  unbiasedEnsembleMeanRootMeanSquaredError:
    'unbiasedEnsembleMeanRootMeanSquaredError("surface_air_temperature")',
  spreadSkillRatio: 'spreadSkillRatio("surface_air_temperature", { ratio: "finite" })',
  rankedProbabilityScore:
    'rankedProbabilityScore("surface_air_temperature", { edges: ["283.15 K", "293.15 K", "303.15 K"] })',
  intervalScore: 'intervalScore("t", { lower: "t_q10", upper: "t_q90", coverage: 0.8, parts: true })',
  quantileIntervalScore:
    'quantileIntervalScore("t", { lower: "t_q10", upper: "t_q90", lowerLevel: 0.1, upperLevel: 0.9 })',
  energyScore:
    'energyScore("surface_eastward_wind", { components: ["surface_northward_wind"], weights: "none" })',
  variogramScore: 'variogramScore("surface_air_temperature", { order: [0.5, 1], weights: "none" })',
  relativeEconomicValue:
    'relativeEconomicValue("surface_air_temperature", { above: "303.15 K", costLossRatios: [0.1, 0.5] })',
  wassersteinDistance: 'wassersteinDistance("t", { analyses: ["t_analysis_1", "t_analysis_2"] })',
  fractionsSkillScore:
    'fractionsSkillScore("accumulated_precipitation", { above: ["1 kg m-2", "10 kg m-2"], window: [1, 5, 11, { rows: 3, columns: 5 }] })',
  centroidDisplacement:
    'centroidDisplacement("accumulated_precipitation", { above: "4 kg m-2", keep: ["init_time", "lead_time"] })',
  spatialDisplacement: 'spatialDisplacement("atmospheric_river_mask")',
  hausdorffDistance: 'hausdorffDistance("accumulated_precipitation", { above: "4 kg m-2" })',
  meanErrorDistance: 'meanErrorDistance("accumulated_precipitation", { above: "4 kg m-2" })',
  structureAmplitudeLocation:
    'structureAmplitudeLocation("accumulated_precipitation", { factor: 0.067, level: 0.95 })',
  objectErrors:
    'objectErrors("accumulated_precipitation", { above: "4 kg m-2", within: "1000 km", cells: 4 })',
  maximumMeanAbsoluteError: 'maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" })',
  minimumMeanAbsoluteError: 'minimumMeanAbsoluteError("surface_air_temperature", { within: "24 h" })',
  maximumLowestMeanAbsoluteError:
    'maximumLowestMeanAbsoluteError("surface_air_temperature", { within: "24 h" })',
  durationMeanError:
    'durationMeanError("surface_air_temperature", { above: climatologyQuantile(normals, 0.85) })',
  onsetMeanError: 'onsetMeanError("surface_air_temperature", { above: "303.15 K", strictly: true })',
  earlySignal: 'earlySignal("surface_air_temperature", { above: "303.15 K", space: "half", time: "any" })',
  landfallDisplacement:
    'landfallDisplacement("storm_wind", { latitude: "storm_latitude", longitude: "storm_longitude", coast: { land } })',
  landfallTimeMeanError:
    'landfallTimeMeanError("storm_wind", { latitude: "storm_latitude", longitude: "storm_longitude", coast: { land }, within: { shareOfLead: 0.5 } })',
  landfallIntensityMeanAbsoluteError:
    'landfallIntensityMeanAbsoluteError("storm_wind", { latitude: "storm_latitude", longitude: "storm_longitude", coast: { land }, approach: "next", keep: [] })',
  trackError: 'trackError("storm_wind", { latitude: "storm_latitude", longitude: "storm_longitude" })',
  skillScore: 'skillScore(meanSquaredError("surface_air_temperature"), climatologyQuantile(normals, 0.5))',
  difference:
    'difference(meanAbsoluteError("surface_air_temperature"), persistence(), { block: "5 days", seed: 1 })',
  bootstrapConfidenceInterval:
    'bootstrapConfidenceInterval(differences.length, meanOfDraw(differences), { resamples: 1000, seed: 1, interval: "bca" })',
  blockBootstrap: "blockBootstrap(differences, { block: 4, resamples: 1000, seed: 1 })",
  pairedTTest: "pairedTTest(differences)",
  dieboldMarianoTest: "dieboldMarianoTest(differences, { horizon: 2 })",
  signTest: "signTest(losses, otherLosses)",
  correlationSignificance: "correlationSignificance(losses, otherLosses)",
  falseDiscoveryRate: "falseDiscoveryRate([0.01, 0.04, 0.3], { level: 0.05 })",
  wilcoxonTest: "wilcoxonTest(differences)",
  moments: "moments(losses, otherLosses)",
  resampleDraws: 'resampleDraws(14, { resamples: 1000, block: 4, blocks: "circular", seed: 7 })',
  meanOfDraw: "meanOfDraw(differences)",
  bootstrapRows: "bootstrapRows(rows, { resamples: 1000, confidence: 0.95, seed: 1 })",
  by: 'by(skillScore(rootMeanSquaredError("surface_air_temperature"), persistence()), ["season", latitudeBand(30)])',
  where:
    'where(skillScore(rootMeanSquaredError("surface_air_temperature"), persistence()), { land: landShare })',
  withInterval:
    'withInterval(rootMeanSquaredError("surface_air_temperature"), { block: "5 days", resamples: 1000, seed: 1 })',
  leadBin: 'meanError("surface_air_temperature", { keep: [], by: [leadBin("24 h")] })',
  latitudeBand: 'meanError("surface_air_temperature", { by: ["season", latitudeBand(30)] })',
  regions:
    'meanError("surface_air_temperature", { by: [regions({ tropics: { south: -20, north: 20, west: -180, east: 180 } })] })',
  landSea: 'meanError("surface_air_temperature", { by: [landSea(landShare)] })',
  altitudeClass: 'meanError("surface_air_temperature", { by: [altitudeClass(altitude, [0, 500, 1500])] })',
  persistence: 'skillScore(rootMeanSquaredError("surface_air_temperature"), persistence())',
  otherForecast: 'skillScore(rootMeanSquaredError("surface_air_temperature"), otherForecast(model))',
  namedReference: 'skillScore(rootMeanSquaredError("surface_air_temperature"), namedReference("model-b"))',
  climatologyQuantile: 'hitRate("surface_air_temperature", { above: climatologyQuantile(normals, 0.85) })',
  ownQuantile:
    'extremalDependenceIndex("surface_wind_speed", { above: [ownQuantile(0.9), ownQuantile(0.95)] })',
};

/** ExtremeWeatherBench 1.1.0's numbers, defects included, behind our interfaces: `ewb/compat/ewb11`. */
export { climatologyQuantile } from "../../operators/metrics/climatologyQuantile.ts";
export { onsetMeanError } from "../../operators/metrics/runs/onset.ts";
export { ewb11Metric, ewb11ValueType } from "./columns.ts";
export { spatialDisplacement } from "./displacement.ts";
export { durationMeanError, type PeerDurationOptions } from "./duration.ts";
export { earlySignal, type PeerEarlySignalOptions } from "./earlySignal.ts";
export {
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallTimeMeanError,
  type PeerCoast,
  type PeerLandfallMetric,
  type PeerLandfallOptions,
} from "./landfall.ts";
export { landfallMetric, type PeerLandfallMetricOptions, type PeerLandfallPart } from "./landfallMetric.ts";
export type { LandfallPairing } from "./landfallPairs.ts";
export { maximumLowestMeanAbsoluteError } from "./lowest.ts";
export { ewb11Matching } from "./matching.ts";
export type { PeerOptions } from "./options.ts";
export { pairs } from "./pairs.ts";
export { maximumMeanAbsoluteError, minimumMeanAbsoluteError, type PeerPeakOptions } from "./peak.ts";
export { meanAbsoluteError, meanError, meanSquaredError, rootMeanSquaredError } from "./pointwise.ts";
export {
  accuracy,
  criticalSuccessIndex,
  falseAlarmRatio,
  falseNegatives,
  falsePositives,
  type PeerTableMetric,
  type PeerTableOptions,
  receiverOperatingCharacteristic,
  receiverOperatingCharacteristicSkillScore,
  trueNegatives,
  truePositives,
} from "./tables.ts";
export { type PeerTablePart, type PeerThresholdOptions, thresholdMetric } from "./thresholdMetric.ts";

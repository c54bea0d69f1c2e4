import type { Row } from "../../model/row.ts";

/** What ExtremeWeatherBench 1.1.0 writes into its columns `metric` and `value`: names and types of its classes. */
const NAMES: Readonly<Record<string, string>> = {
  "mean error": "MeanError",
  "mean absolute error": "MeanAbsoluteError",
  "mean squared error": "MeanSquaredError",
  "root mean squared error": "RootMeanSquaredError",
  "maximum mean absolute error": "MaximumMeanAbsoluteError",
  "minimum mean absolute error": "MinimumMeanAbsoluteError",
  "warmest-night error": "MaximumLowestMeanAbsoluteError",
  "duration mean error": "DurationMeanError",
  "onset mean error": "OnsetMeanError",
  "early signal": "EarlySignal",
  "critical success index": "CriticalSuccessIndex",
  "false alarm ratio": "FalseAlarmRatio",
  "true positives": "TruePositives",
  "false positives": "FalsePositives",
  "true negatives": "TrueNegatives",
  "false negatives": "FalseNegatives",
  accuracy: "Accuracy",
  "ROC skill score": "ReceiverOperatingCharacteristicSkillScore",
  "spatial displacement": "spatial_displacement",
  "landfall displacement": "landfall_displacement",
  "landfall time error": "landfall_time_me",
  "landfall intensity error": "landfall_intensity_mae",
};

/** Name of a row's metric there; its own term where the peer has no such metric. */
export const ewb11Metric = ({ metric }: Pick<Row, "metric">): string =>
  Object.hasOwn(NAMES, metric) ? NAMES[metric]! : metric;

/** Type of a row's value there. */
export const ewb11ValueType = ({ metric }: Pick<Row, "metric">): "bool" | "float64" =>
  metric === "early signal" ? "bool" : "float64";

/** The metrics of a unit case among those of `ewb/compat/ewb11`. */
import {
  accuracy,
  criticalSuccessIndex,
  durationMeanError,
  earlySignal,
  falseAlarmRatio,
  falseNegatives,
  falsePositives,
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallMetric,
  landfallTimeMeanError,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  minimumMeanAbsoluteError,
  receiverOperatingCharacteristic,
  receiverOperatingCharacteristicSkillScore,
  rootMeanSquaredError,
  spatialDisplacement,
  thresholdMetric,
  trueNegatives,
  truePositives,
} from "../../src/compat/ewb11/index.ts";
import type { Metric } from "../../src/model/metric.ts";
import { climatologyField, type LabelledArray, type UnitCase, VARIABLE } from "./unitCase.ts";
import type { MetricSetting } from "./unitMetric.ts";

const names: Readonly<Record<string, string>> = {
  preserve_dims: "preserveDims",
  interval_where_one: "intervalWhereOne",
  interval_where_positive: "intervalWherePositive",
  forecast_variable: "forecastVariable",
  target_variable: "targetVariable",
  weights: "weights",
  tolerance_range_hours: "toleranceRangeHours",
  reduce_spatial_dims: "reduceSpatialDims",
  threshold_criteria: "thresholdCriteria",
  op_func: "opFunc",
  product_time_resolution_hours: "productTimeResolutionHours",
  comparison_operator: "comparisonOperator",
  forecast_threshold: "forecastThreshold",
  overlap_target_threshold: "overlapTargetThreshold",
  spatial_aggregation: "spatialAggregation",
  temporal_aggregation: "temporalAggregation",
  aggregation_order: "aggregationOrder",
  target_threshold: "targetThreshold",
  approach: "approach",
  exclude_post_landfall: "excludePostLandfall",
  min_target_separation_hours: "minTargetSeparationHours",
  max_time_mismatch_hours: "maxTimeMismatchHours",
  landfall_time_filter: "landfallTimeFilter",
};

/** The metrics there are, by the class name of the cases. */
export const peerFactories: Readonly<Record<string, (variable: any, options: any) => Metric<any>>> = {
  Accuracy: accuracy,
  CriticalSuccessIndex: criticalSuccessIndex,
  FalseAlarmRatio: falseAlarmRatio,
  FalseNegatives: falseNegatives,
  FalsePositives: falsePositives,
  ReceiverOperatingCharacteristic: receiverOperatingCharacteristic,
  ReceiverOperatingCharacteristicSkillScore: receiverOperatingCharacteristicSkillScore,
  SpatialDisplacement: spatialDisplacement,
  TrueNegatives: trueNegatives,
  TruePositives: truePositives,
  DurationMeanError: durationMeanError,
  EarlySignal: earlySignal,
  LandfallDisplacement: landfallDisplacement,
  LandfallIntensityMeanAbsoluteError: landfallIntensityMeanAbsoluteError,
  LandfallTimeMeanError: landfallTimeMeanError,
  MaximumLowestMeanAbsoluteError: maximumLowestMeanAbsoluteError,
  MaximumMeanAbsoluteError: maximumMeanAbsoluteError,
  MeanAbsoluteError: meanAbsoluteError,
  MeanError: meanError,
  MeanSquaredError: meanSquaredError,
  MinimumMeanAbsoluteError: minimumMeanAbsoluteError,
  RootMeanSquaredError: rootMeanSquaredError,
};

/** A metric and what the peer's rows call it. */
export interface NamedMetric {
  readonly name: string;
  readonly metric: Metric<any>;
}

/** What a composite of the case lists: classes by name, or with parameters of their own. */
export interface MetricPart {
  readonly class: string;
  readonly parameters?: Readonly<Record<string, any>>;
}

/** The parts of a composite; undefined: it is none. */
export const partsOf = ({ class: name, parameters }: UnitCase["metric"]): MetricPart[] | undefined =>
  Object.hasOwn(composites, name)
    ? ((parameters.metrics ?? []) as (string | MetricPart)[]).map((part) =>
        typeof part === "string" ? { class: part } : part,
      )
    : undefined;

const composites: Readonly<Record<string, (variable: any, options: any) => Metric<any>[]>> = {
  LandfallMetric: landfallMetric,
  ThresholdMetric: thresholdMetric,
};

/** What the peer's rows call the metric of a class. */
export const rowName = (name: string): string => rowNames[name] ?? name;

const rowNames: Readonly<Record<string, string>> = {
  LandfallDisplacement: "landfall_displacement",
  LandfallIntensityMeanAbsoluteError: "landfall_intensity_mae",
  LandfallTimeMeanError: "landfall_time_me",
  SpatialDisplacement: "spatial_displacement",
};

type Peer = Pick<UnitCase, "metric"> & Partial<Pick<UnitCase, "forecast" | "land" | "ocean">>;
type Setting = Pick<MetricSetting, "variable" | "climatology">;

const madeUp: Setting = { variable: VARIABLE, climatology: climatologyField };

/** The metrics of a case: one, or those of a composite. Throws what the factories throw. */
export const peerMetrics = (one: Peer, setting: Setting = madeUp): NamedMetric[] => {
  const parts = partsOf(one.metric);
  if (parts === undefined) {
    return [{ name: rowName(one.metric.class), metric: peerMetric(one, setting) }];
  }
  const { metrics: _, ...shared } = optionsOf(one, setting);
  const made = composites[one.metric.class]!(setting.variable, {
    ...shared,
    metrics: parts.map(({ class: name, parameters }) => {
      const factory = peerFactories[name];
      return parameters === undefined
        ? factory
        : [factory, optionsOf({ metric: { class: name, parameters } }, setting)];
    }),
  });
  return made.map((metric, i) => ({ name: rowName(parts[i]!.class), metric }));
};

/** The metric of a case of one. `forecast` says in which order its leads are listed. */
export const peerMetric = (one: Peer, setting: Setting = madeUp): Metric<any> =>
  peerFactories[one.metric.class]!(setting.variable, optionsOf(one, setting));

const optionsOf = ({ metric, forecast, land, ocean }: Peer, setting: Setting): Record<string, unknown> => {
  const options: Record<string, unknown> =
    land === undefined ? {} : { coast: { name: "made-up", land, ocean } };
  for (const [key, value] of Object.entries(metric.parameters)) {
    options[names[key] ?? key] = optionOf(key, value, setting.climatology);
  }
  const leads = (forecast?.coords.lead_time ?? []) as number[];
  if (leads.some((lead, i) => i > 0 && lead < leads[i - 1]!)) options.leadOrder = leads;
  return options;
};

const optionOf = (key: string, value: unknown, climatology: MetricSetting["climatology"]): unknown => {
  if (key === "threshold_criteria" && typeof value === "object") return climatology;
  if (key.startsWith("interval")) {
    return (value as (number | string)[]).map((end) =>
      end === "inf" ? Infinity : end === "-inf" ? -Infinity : Number(end),
    );
  }
  if (key === "weights") {
    const { dims, coords, data } = value as LabelledArray;
    return { dims, coords, data };
  }
  return value;
};

/** The metric of a unit case among those of `ewb/compat/ewb11`. */
import {
  durationMeanError,
  earlySignal,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  minimumMeanAbsoluteError,
  rootMeanSquaredError,
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
};

/** The metrics there are, by the class name of the cases. */
export const peerFactories: Readonly<Record<string, (variable: any, options: any) => Metric<any>>> = {
  DurationMeanError: durationMeanError,
  EarlySignal: earlySignal,
  MaximumLowestMeanAbsoluteError: maximumLowestMeanAbsoluteError,
  MaximumMeanAbsoluteError: maximumMeanAbsoluteError,
  MeanAbsoluteError: meanAbsoluteError,
  MeanError: meanError,
  MeanSquaredError: meanSquaredError,
  MinimumMeanAbsoluteError: minimumMeanAbsoluteError,
  RootMeanSquaredError: rootMeanSquaredError,
};

/** Throws what the factory throws. `forecast` says in which order its leads are listed. */
export const peerMetric = (
  { metric, forecast }: Pick<UnitCase, "metric"> & { readonly forecast?: LabelledArray },
  setting: Pick<MetricSetting, "variable" | "climatology"> = {
    variable: VARIABLE,
    climatology: climatologyField,
  },
): Metric<any> => {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metric.parameters)) {
    options[names[key] ?? key] = optionOf(key, value, setting.climatology);
  }
  const leads = (forecast?.coords.lead_time ?? []) as number[];
  if (leads.some((lead, i) => i > 0 && lead < leads[i - 1]!)) options.leadOrder = leads;
  return peerFactories[metric.class]!(setting.variable, options);
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

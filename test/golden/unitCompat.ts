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

type V = { x: "K" };

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

const factories: Readonly<Record<string, (variable: any, options: any) => Metric<any>>> = {
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

/** Throws what the factory throws. */
export const peerMetric = ({ metric, forecast }: UnitCase): Metric<V> => {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(metric.parameters)) {
    options[names[key] ?? key] = optionOf(key, value);
  }
  const leads = forecast.coords.lead_time as number[];
  if (leads.some((lead, i) => i > 0 && lead < leads[i - 1]!)) options.leadOrder = leads;
  return factories[metric.class]!(VARIABLE, options);
};

const optionOf = (key: string, value: unknown): unknown => {
  if (key === "threshold_criteria" && typeof value === "object") return climatologyField;
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

/** The metric of a unit case among ours: `undefined` where ours has no such option, with the reason. */
import type { Metric } from "../../src/model/metric.ts";
import type { ClimatologyField } from "../../src/model/pair.ts";
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
} from "../../src/operators/metrics/index.ts";
import { climatologyField, type LabelledArray, UNIT, type UnitCase, VARIABLE } from "./unitCase.ts";

type V = { x: "K" };

/** What a metric is made for: a variable and its unit, and the climatology that stands for one in the case. */
export interface MetricSetting {
  readonly variable: any;
  readonly unit: string;
  readonly climatology: ClimatologyField<any>;
}

const madeUp: MetricSetting = { variable: VARIABLE, unit: UNIT, climatology: climatologyField };

/** Ours with the peer's definitions chosen: no weights. Throws what the factory throws. */
export const ourMetric = (
  { metric }: Pick<UnitCase, "metric">,
  setting: MetricSetting = madeUp,
): Metric<any> | { readonly without: string } => {
  const { variable } = setting;
  const p = metric.parameters;
  if (p.interval_where_one !== undefined) return { without: "threshold-weighted errors" };
  if (p.forecast_variable !== undefined || p.target_variable !== undefined)
    return { without: "variable pairs" };
  const weights = weightsOf(p.weights);
  if (weights === undefined) return { without: "free weights" };
  const keep =
    p.preserve_dims === undefined ? {} : { keep: [p.preserve_dims].flat() as ("init_time" | "lead_time")[] };
  switch (metric.class) {
    case "MeanError":
      return meanError<V>(variable, { weights, ...keep });
    case "MeanAbsoluteError":
      return meanAbsoluteError<V>(variable, { weights, ...keep });
    case "MeanSquaredError":
      return meanSquaredError<V>(variable, { weights, ...keep });
    case "RootMeanSquaredError":
      return rootMeanSquaredError<V>(variable, { weights, ...keep });
    case "MaximumMeanAbsoluteError":
    case "MinimumMeanAbsoluteError":
    case "MaximumLowestMeanAbsoluteError": {
      if (p.reduce_spatial_dims !== undefined && p.reduce_spatial_dims.length < 2) {
        return { without: "extremes of several places" };
      }
      const within = `${p.tolerance_range_hours ?? 24} h` as const;
      const make = {
        MaximumMeanAbsoluteError: maximumMeanAbsoluteError,
        MinimumMeanAbsoluteError: minimumMeanAbsoluteError,
        MaximumLowestMeanAbsoluteError: maximumLowestMeanAbsoluteError,
      }[metric.class];
      return make<V>(variable, { within, weights });
    }
    case "DurationMeanError": {
      const space = p.reduce_spatial_dims?.length === 0 ? "each" : "mean";
      return durationMeanError<V>(variable, {
        ...criterion(p.op_func ?? ">=", p.threshold_criteria, setting),
        space,
        weights,
      });
    }
    case "EarlySignal": {
      if (p.threshold !== undefined) return earlySignal<V>(variable, { ...p } as any);
      const overlap = p.overlap_target_threshold;
      const operator = p.comparison_operator ?? ">=";
      return earlySignal<V>(variable, {
        ...criterion(operator, p.forecast_threshold ?? 0.5, setting),
        space: p.spatial_aggregation ?? "any",
        time: p.temporal_aggregation ?? "any",
        first: p.aggregation_order?.[0] === "temporal" ? "time" : "space",
        ...(overlap === undefined || overlap === null
          ? {}
          : { where: criterion(operator, overlap, setting) }),
        ...keep,
        weights,
      });
    }
    default:
      return { without: metric.class };
  }
};

const criterion = (
  operator: string,
  threshold: number | LabelledArray,
  { unit, climatology }: MetricSetting,
): any => {
  const value = typeof threshold === "number" ? `${threshold} ${unit}` : climatology;
  const strictly = !operator.includes("=");
  if (operator.startsWith(">")) return { above: value, strictly };
  if (operator.startsWith("<")) return { below: value, strictly };
  throw new Error(`operator ${operator}`);
};

const weightsOf = (weights: LabelledArray | undefined): "none" | "cosine" | undefined => {
  if (weights === undefined) return "none";
  const cosines = weights.coords.latitude?.map((degrees: number) => Math.cos((degrees * Math.PI) / 180));
  const same =
    weights.dims.join() === "latitude" &&
    (weights.data as number[]).every((value, i) => Math.abs(value - cosines[i]) < 1e-9);
  return same ? "cosine" : undefined;
};

/** The metric of a unit case among ours: `undefined` where ours has no such option, with the reason. */
import type { Metric } from "../../src/model/metric.ts";
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

/** Ours with the peer's definitions chosen: no weights. Throws what the factory throws. */
export const ourMetric = ({ metric }: UnitCase): Metric<V> | { readonly without: string } => {
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
      return meanError<V>(VARIABLE, { weights, ...keep });
    case "MeanAbsoluteError":
      return meanAbsoluteError<V>(VARIABLE, { weights, ...keep });
    case "MeanSquaredError":
      return meanSquaredError<V>(VARIABLE, { weights, ...keep });
    case "RootMeanSquaredError":
      return rootMeanSquaredError<V>(VARIABLE, { weights, ...keep });
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
      return make<V>(VARIABLE, { within, weights });
    }
    case "DurationMeanError": {
      const space = p.reduce_spatial_dims?.length === 0 ? "each" : "mean";
      return durationMeanError<V>(VARIABLE, {
        ...criterion(p.op_func ?? ">=", p.threshold_criteria),
        space,
        weights,
      });
    }
    case "EarlySignal": {
      if (p.threshold !== undefined) return earlySignal<V>(VARIABLE, { ...p } as any);
      const overlap = p.overlap_target_threshold;
      const operator = p.comparison_operator ?? ">=";
      return earlySignal<V>(VARIABLE, {
        ...criterion(operator, p.forecast_threshold ?? 0.5),
        space: p.spatial_aggregation ?? "any",
        time: p.temporal_aggregation ?? "any",
        first: p.aggregation_order?.[0] === "temporal" ? "time" : "space",
        ...(overlap === undefined || overlap === null ? {} : { where: criterion(operator, overlap) }),
        ...keep,
        weights,
      });
    }
    default:
      return { without: metric.class };
  }
};

const criterion = (operator: string, threshold: number | LabelledArray) => {
  const value = typeof threshold === "number" ? (`${threshold} ${UNIT}` as const) : climatologyField;
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

/** The metric of a unit case among ours: `undefined` where ours has no such option, with the reason. */
import type { Metric } from "../../src/model/metric.ts";
import type { ClimatologyField } from "../../src/model/pair.ts";
import {
  accuracy,
  correctNegatives,
  criticalSuccessIndex,
  durationMeanError,
  earlySignal,
  falseAlarmRatio,
  falseAlarms,
  hits,
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallTimeMeanError,
  maximumLowestMeanAbsoluteError,
  maximumMeanAbsoluteError,
  meanAbsoluteError,
  meanError,
  meanSquaredError,
  minimumMeanAbsoluteError,
  misses,
  peirceSkillScore,
  rootMeanSquaredError,
  spatialDisplacement,
  thresholdWeightedAbsoluteError,
  thresholdWeightedSquaredError,
} from "../../src/operators/metrics/index.ts";
import { climatologyField, type LabelledArray, UNIT, type UnitCase, VARIABLE } from "./unitCase.ts";
import { type NamedMetric, partsOf, rowName } from "./unitCompat.ts";

type V = { x: "K" };

/** What a metric is made for: a variable and its unit, and the climatology that stands for one in the case. */
export interface MetricSetting {
  readonly variable: any;
  readonly unit: string;
  readonly climatology: ClimatologyField<any>;
}

type OurCase = Pick<UnitCase, "metric"> & Partial<Pick<UnitCase, "land" | "ocean">>;

const madeUp: MetricSetting = { variable: VARIABLE, unit: UNIT, climatology: climatologyField };

/** The metrics of a case among ours: one, or those of a composite, whose parts keep the options they were given. */
export const ourMetrics = (
  { metric, ...rest }: OurCase,
  setting: MetricSetting = madeUp,
): NamedMetric[] | { readonly without: string } => {
  const { metrics: _, ...shared } = metric.parameters;
  const parts = partsOf(metric)?.map(({ class: name, parameters }) => ({
    class: name,
    parameters: { ...shared, ...parameters },
  })) ?? [metric];
  if (parts.length === 0) throw new Error("a composite of no metrics");
  const all: NamedMetric[] = [];
  for (const part of parts) {
    const made = ourMetric({ metric: part, ...rest }, setting);
    if ("without" in made) return made;
    all.push({ name: rowName(part.class), metric: made });
  }
  return all;
};

/** Ours with the peer's definitions chosen: no weights. Throws what the factory throws. */
export const ourMetric = (
  { metric, land, ocean }: OurCase,
  setting: MetricSetting = madeUp,
): Metric<any> | { readonly without: string } => {
  const { variable } = setting;
  const p = metric.parameters;
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
      return p.interval_where_one === undefined
        ? meanAbsoluteError<V>(variable, { weights, ...keep })
        : thresholdWeightedAbsoluteError<V>(variable, { weights, ...keep, ...intervals(p, setting) });
    case "MeanSquaredError":
      return p.interval_where_one === undefined
        ? meanSquaredError<V>(variable, { weights, ...keep })
        : thresholdWeightedSquaredError<V>(variable, { weights, ...keep, ...intervals(p, setting) });
    case "RootMeanSquaredError":
      return rootMeanSquaredError<V>(variable, { weights, ...keep });
    case "MaximumMeanAbsoluteError":
    case "MinimumMeanAbsoluteError":
    case "MaximumLowestMeanAbsoluteError": {
      if (p.reduce_spatial_dims !== undefined && p.reduce_spatial_dims.length < 2) {
        return { without: "extremes of several places" };
      }
      if (p.interval_where_one !== undefined) return { without: "extremes of threshold-weighted errors" };
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
    case "SpatialDisplacement":
      return spatialDisplacement<V>(variable, { ...keep });
    case "LandfallDisplacement":
    case "LandfallTimeMeanError":
    case "LandfallIntensityMeanAbsoluteError": {
      if (land === undefined) return { without: "landfalls without a coast" };
      const make = {
        LandfallDisplacement: landfallDisplacement,
        LandfallTimeMeanError: landfallTimeMeanError,
        LandfallIntensityMeanAbsoluteError: landfallIntensityMeanAbsoluteError,
      }[metric.class];
      return make<V>(variable, landfall(p, land, ocean));
    }
    case "CriticalSuccessIndex":
      return criticalSuccessIndex<V>(variable, { ...events(p, setting), ...keep });
    case "FalseAlarmRatio":
      return falseAlarmRatio<V>(variable, { ...events(p, setting), ...keep });
    case "Accuracy":
      return accuracy<V>(variable, { ...events(p, setting), ...keep });
    // Of forecasts that are 0 or 1 the area below the curve has the form (1 + hit rate - false detections) / 2.
    case "ReceiverOperatingCharacteristicSkillScore":
      return peirceSkillScore<V>(variable, { ...events(p, setting), ...keep });
    case "TruePositives":
      return share(hits<V>(variable, { ...events(p, setting), ...keep }));
    case "FalsePositives":
      return share(falseAlarms<V>(variable, { ...events(p, setting), ...keep }));
    case "FalseNegatives":
      return share(misses<V>(variable, { ...events(p, setting), ...keep }));
    case "TrueNegatives":
      return share(correctNegatives<V>(variable, { ...events(p, setting), ...keep }));
    default:
      return { without: metric.class };
  }
};

/** How landfalls are paired; distances of several observed ones and mismatches say nothing of the first. */
const landfall = (
  p: Readonly<Record<string, any>>,
  land: UnitCase["land"],
  ocean: UnitCase["ocean"],
): any => {
  const [method, within] =
    p.landfall_time_filter === undefined ? ["window", 24] : (p.landfall_time_filter ?? []);
  const approach = p.approach ?? "first";
  const isNumber = (value: unknown) => approach === "next" && typeof value === "number";
  return {
    coast: { land, ...(ocean === undefined ? {} : { ocean }) },
    approach,
    within: method === undefined ? "any" : method === "window" ? `${within} h` : { shareOfLead: within },
    ...(isNumber(p.min_target_separation_hours) ? { separation: `${p.min_target_separation_hours} h` } : {}),
    ...(isNumber(p.max_time_mismatch_hours) ? { mismatch: `${p.max_time_mismatch_hours} h` } : {}),
  };
};

/** Events of both sides: at least 0.5 unless said. */
const events = (p: Readonly<Record<string, any>>, { unit }: MetricSetting): any => ({
  above: `${p.forecast_threshold ?? 0.5} ${unit}`,
  target: `${p.target_threshold ?? 0.5} ${unit}`,
});

/** A count as a share of all pairs. */
const share = (metric: Metric<any>): Metric<any> => ({
  ...metric,
  finish: (state: any) => metric.finish(state).map((row) => ({ ...row, value: row.value / row.n })),
});

/** Bounds with their unit; infinite ones are none. */
const intervals = (p: Readonly<Record<string, any>>, { unit }: MetricSetting): any => {
  const bounds = (interval: readonly (number | string)[]) =>
    interval.map((bound) => (Number.isFinite(Number(bound)) ? `${bound} ${unit}` : null));
  return {
    interval: bounds(p.interval_where_one),
    ...(p.interval_where_positive === undefined ? {} : { positive: bounds(p.interval_where_positive) }),
  };
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

/**
 * Errors of values against numbers of independent libraries: every key of every case of the families' files whose metric
 * is one of these. What a key means follows from its name and the case's parameters.
 */

import { afterAll, describe, expect, test } from "vitest";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../../src/model/pair.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";
import { continuousDocs } from "../../../src/operators/metrics/values/continuousDocs.ts";
import {
  differences,
  goldenPairs,
  isAt,
  rowsOfMetric,
  type ScienceCase,
  scienceFamily,
} from "../goldenPairs.ts";
import { Tally } from "../tally.ts";
import type { LabelledArray } from "../unitCase.ts";
import { klingGuptaVersion, stationPlace } from "./statisticsWording.ts";

type Options = Record<string, any>;
type Labels = Readonly<Record<string, string | number>>;
/** The metric a key is a value of, with its own options, and which of its rows hold it. */
interface Reading {
  readonly name: string;
  readonly options?: Options;
  is?(row: MetricRow, labels: Labels): boolean;
  value?(row: MetricRow): number;
}

const factories = metrics as unknown as Record<string, (...inputs: any[]) => Metric<any>>;
const isOurs = ({ metric }: ScienceCase): boolean => continuousDocs.some(({ name }) => name === metric);
const keepNames: Readonly<Record<string, string>> = { init_time: "init_time", lead_hours: "lead_time" };
const weightNames: Readonly<Record<string, string>> = { none: "none", cosine: "cosine", "cell-area": "area" };
const operators: Readonly<Record<string, (threshold: string) => Options>> = {
  ">=": (above) => ({ above }),
  ">": (above) => ({ above, strictly: true }),
  "<=": (below) => ({ below }),
  "<": (below) => ({ below, strictly: true }),
};
const climatology: ClimatologyField<"K"> = {
  kind: "climatology",
  source: { role: "climatology", name: "c", format: "memory", address: "c", variables: { x: "K" } },
  variable: "x",
  unit: "K",
  text: "c",
};

/** A number of a case with its unit; no bound where it is infinite. */
const quantity = (value: number | string): string => `${value} K`;
const bound = (value: number | string): string | null =>
  Number.isFinite(Number(value)) ? quantity(value) : null;

/** Options that have the same name for every metric. */
const commonOptions = ({ parameters }: ScienceCase): Options => ({
  ...(parameters.keep && { keep: parameters.keep.map((dim: string) => keepNames[dim]!) }),
  ...(parameters.circular && { circular: quantity(parameters.circular) }),
});

/** Options of the metric from the parameters of a case. */
const ownOptions = (name: string, key: string, one: ScienceCase): Options => {
  const { parameters: p } = one;
  const thresholdWeighted = {
    interval: p.interval?.map(bound),
    ...(p.positive && { positive: p.positive.map(bound) }),
  };
  switch (name) {
    case "anomalyCorrelation":
      return {
        climatology,
        centred: key.startsWith("centred"),
        runs: key.endsWith("MeanOfRuns") ? "mean" : "pooled",
      };
    case "forecastActivity":
      return {
        climatology,
        centred: key.endsWith("Centred"),
        side: key.startsWith("observation") ? "target" : "forecast",
      };
    case "quantileScore":
    case "expectileScore":
      return { level: p.level };
    case "huberScore":
      return { limit: quantity(p.huber_a) };
    case "elementaryScore":
      return {
        functional: p.functional,
        level: p.level,
        thetas: p.theta.map(quantity),
        ...(p.huber_a === undefined ? {} : { limit: quantity(p.huber_a) }),
        parts: true,
      };
    case "thresholdWeightedAbsoluteError":
    case "thresholdWeightedSquaredError":
      return thresholdWeighted;
    case "thresholdWeightedQuantileScore":
      return { ...thresholdWeighted, level: p.level_quantile };
    case "thresholdWeightedExpectileScore":
      return { ...thresholdWeighted, level: p.level_expectile };
    case "thresholdWeightedHuberScore":
      return { ...thresholdWeighted, limit: quantity(p.huber_a) };
    case "firmScore":
      return {
        thresholds: p.thresholds.map(quantity),
        thresholdWeights: p.threshold_weights,
        risk: p.risk_parameter,
        discount: quantity(p.discount_distance),
        onThreshold: p.threshold_assignment === "lower" ? "below" : "above",
        parts: true,
      };
    case "klingGuptaEfficiency":
      return { version: klingGuptaVersion(one), parts: true };
    case "percentBias":
      return {
        difference: key === "observationMinusForecast" ? "target - forecast" : "forecast - target",
      };
    case "symmetricMeanAbsolutePercentageError":
      return { factor: key.endsWith("Twice") ? 2 : 1 };
    case "percentWithin":
      return { tolerance: quantity(p.tolerance), strictly: key === "exclusive" };
    case "errorExceedance":
      return { thresholds: (p.thresholds ?? [p.threshold]).map(quantity) };
    case "relativeIntensity":
      return { epsilon: key === "withoutEpsilon" ? 0 : p.epsilon };
    case "flipFlopIndex":
      return {
        ...(p.thresholds && { thresholds: p.thresholds.map(quantity) }),
        space: p.thresholds === undefined ? "each" : "mean",
      };
    case "quantile":
      return { levels: p.levels, method: key };
    case "quantileQuantile":
      return { levels: p.levels };
    case "exceedanceFrequency":
      return { above: p.thresholds.map(quantity) };
    case "maximumError":
    case "minimumError":
      return { absolute: key.endsWith("AbsoluteError") };
    case "pearsonCorrelation":
      return { squared: key === "squaredCorrelation" };
    case "meanError":
    case "meanAbsoluteError":
    case "meanSquaredError":
    case "rootMeanSquaredError": {
      const side = givenSides[key];
      return {
        runs: key === "meanOfRuns" ? "mean" : "pooled",
        ...(side && {
          given: { ...operators[p.operator ?? ">="]!(quantity(p.threshold)), side },
        }),
      };
    }
    default:
      return {};
  }
};

const givenSides: Readonly<Record<string, string>> = {
  observed: "target",
  forecasted: "forecast",
  either: "either",
  maeObserved: "target",
  nObserved: "target",
};

/** Keys that name a metric beside the one the case is of. */
const otherMetrics: Readonly<Record<string, string>> = {
  pearson: "pearsonCorrelation",
  squaredCorrelation: "pearsonCorrelation",
  smapeTwice: "symmetricMeanAbsolutePercentageError",
  maeObserved: "meanAbsoluteError",
  absolute: "thresholdWeightedAbsoluteError",
  squared: "thresholdWeightedSquaredError",
  quantile: "thresholdWeightedQuantileScore",
  expectile: "expectileScore",
  huber: "huberScore",
};

const metricOf = (one: ScienceCase, key: string): string => {
  if (one.metric.startsWith("thresholdWeighted")) {
    const kind = `${key[0]!.toUpperCase()}${key.slice(1)}`;
    const found = continuousDocs.find(({ name }) => name.startsWith(`thresholdWeighted${kind}`));
    return found?.name ?? one.metric;
  }
  if (partNames[key] !== undefined) return one.metric;
  if (/^(maximum|minimum)Mean/.test(key)) return key.startsWith("maximum") ? "maximumError" : "minimumError";
  const named = continuousDocs.find(
    ({ name, short = [] }) => name === key || short.includes(key.toLowerCase()),
  );
  return named?.name ?? otherMetrics[key] ?? one.metric;
};

const partNames: Readonly<Record<string, string>> = {
  overforecast: "overforecast",
  underforecast: "underforecast",
  correlation: "correlation",
  bias: "bias",
  variability: "variability",
};

/** Whether a row is of a label beside run and lead: its parameter or its place. */
const hasLabel = (one: ScienceCase, row: MetricRow, labels: Labels): boolean =>
  Object.entries(labels).every(([dim, label]) => {
    if (dim === "init_time" || dim === "lead_hours") return true;
    if (dim === "station") return row.by === `latitude=0;longitude=${stationPlace(one, label)}`;
    const text = row.parameters?.[dim === "quantile" ? "level" : dim];
    return text !== undefined && Number.parseFloat(text) === Number(label);
  });

const readingOf = (one: ScienceCase, key: string): Reading => {
  const name = metricOf(one, key);
  const part = ["firmScore", "elementaryScore", "klingGuptaEfficiency"].includes(name)
    ? partNames[key]
    : undefined;
  const sides = name === "exceedanceFrequency" || name === "quantileQuantile";
  const side = sides ? (key === "observation" ? "target" : "forecast") : undefined;
  return {
    name,
    options: ownOptions(name, key, one),
    is: (row, labels) =>
      isAt(row, labels) &&
      hasLabel(one, row, labels) &&
      (part === undefined ? row.term === undefined : (row.term ?? "").endsWith(`, ${part}`)) &&
      (side === undefined || row.parameters?.side === side),
    ...(/^n[A-Z]?/.test(key) && (key === "n" || key === "nObserved") ? { value: ({ n }) => n } : {}),
  };
};

/** An array of points or samples as one by column. */
const asColumns = (array: LabelledArray, dim: string): LabelledArray => ({
  ...array,
  dims: array.dims.map((name) => (name === dim ? "x" : name)),
});

const pairsOf = (one: ScienceCase): Pair[] => {
  const { forecast, observation, climatology, sample, forecast_u, forecast_v } = one.inputs;
  if (forecast_u && forecast_v) {
    const { observation_u, observation_v } = one.inputs;
    return goldenPairs({
      variables: {
        u: { forecast: forecast_u, target: observation_u! },
        v: { forecast: forecast_v, target: observation_v! },
      },
    });
  }
  if (sample) {
    const column = asColumns(sample, sample.dims[0]!);
    return goldenPairs({ variables: { x: { forecast: column, target: column } } });
  }
  const { along } = one.parameters;
  if (along !== undefined) {
    // Forecasts of one valid time: one run each.
    const leads: number[] = forecast!.coords[along];
    const ofLeads: LabelledArray = {
      ...asColumns(forecast!, "station"),
      dims: forecast!.dims.map((dim) => (dim === along ? "lead_hours" : dim === "station" ? "x" : dim)),
      coords: { lead_hours: leads.map((lead) => 24 * lead) },
    };
    return goldenPairs({ variables: { x: { forecast: ofLeads, target: ofLeads } } }).map((pair) => ({
      ...pair,
      initTime: -pair.leadHours * 3_600_000,
      validTime: 0,
    }));
  }
  return goldenPairs({
    variables: { x: { forecast: forecast!, target: observation! } },
    ...(climatology && { climatologies: { c: climatology } }),
  });
};

/** What of a case is wrong: nothing, or texts. */
const troublesOf = (one: ScienceCase, key: string, pairs: readonly Pair[]): string[] => {
  const kind = weightNames[one.parameters.weights ?? "none"]!;
  if (key === "weights") {
    const { places } = pairs[0]!;
    const weights = places.weights(kind as "none" | "cosine" | "area");
    return differences(one, key, ({ latitude }) => weights[places.latitude.indexOf(Number(latitude))]);
  }
  const { name, options, is, value = (row) => row.value } = readingOf(one, key);
  const variables = pairs[0]!.forecast.u ? ["u", "v"] : ["x"];
  const every = { ...commonOptions(one), weights: kind, ...options };
  const known = Object.entries(every).filter(([option]) => accepts(name, option));
  const metric = factories[name]!(...variables, Object.fromEntries(known));
  const rows = rowsOfMetric(metric, pairs);
  return differences(one, key, (labels) => {
    const found = rows.filter((row) => is!(row, labels));
    return found.length === 1 ? value(found[0]!) : undefined;
  });
};

/** Samples and fields have no weights; what looks at runs of one time has no `keep`. */
const accepts = (name: string, option: string): boolean =>
  option === "weights"
    ? ![
        "quantile",
        "quantileQuantile",
        "medianAbsoluteError",
        "spearmanCorrelation",
        "maximumError",
        "minimumError",
      ].includes(name)
    : option !== "keep" || name !== "flipFlopIndex";

const tally = new Tally("errors of values");
for (const family of ["deterministic", "extremes"]) {
  for (const one of scienceFamily(family)) {
    const id = `${family}/${one.id}`;
    if (!isOurs(one)) continue;
    tally.add(id, family);
    describe(family, () => {
      test(`${one.id}: ${Object.keys(one.expected).join(", ")}`, () => {
        const pairs = pairsOf(one);
        expect(Object.keys(one.expected).flatMap((key) => troublesOf(one, key, pairs))).toEqual([]);
        tally.compared(id);
      });
    });
  }
}
test("no case of deterministic.json is of another family", () => {
  expect(scienceFamily("deterministic").filter((one) => !isOurs(one))).toEqual([]);
});

afterAll(() => {
  console.log(tally.text());
});

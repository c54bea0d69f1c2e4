/**
 * Golden numbers of independent libraries for ensembles and probabilities: every key of every case of
 * `science-metrics/probabilistic.json`, by the name of the metric and the parameters of the case.
 */
import { afterAll, describe, expect, test } from "vitest";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { Pair } from "../../../src/model/pair.ts";
import {
  brierDecomposition,
  brierScore,
  cdfContinuousRankedProbabilityScore,
  continuousRankedProbabilityScore,
  dawidSebastianiScore,
  discriminationDiagram,
  energyScore,
  ensembleMeanRootMeanSquaredError,
  ensembleSpread,
  gaussianContinuousRankedProbabilityScore,
  intervalScore,
  logarithmicScore,
  pitHistogram,
  quantileContinuousRankedProbabilityScore,
  quantileIntervalScore,
  rankedProbabilityScore,
  rankHistogram,
  relativeEconomicValue,
  reliabilityDiagram,
  rocArea,
  rocCurve,
  rocSkillScore,
  spreadSkillRatio,
  thresholdWeightedContinuousRankedProbabilityScore,
  unbiasedEnsembleMeanRootMeanSquaredError,
  variogramScore,
  wassersteinDistance,
  weightedIntervalScore,
} from "../../../src/operators/metrics/probabilistic/index.ts";
import {
  differences,
  goldenPairs,
  isAt,
  labelsOf,
  rowsOfMetric,
  type ScienceCase,
  scienceFamily,
  sizesOf,
} from "../goldenPairs.ts";
import { Tally } from "../tally.ts";
import { instant, type LabelledArray, type Nested } from "../unitCase.ts";
import { binsOf, placeOf } from "./wording.ts";

type Labels = Readonly<Record<string, string | number>>;
type V = Record<string, "K">;

/** Which metric over which pairs gives a key, and which number of which row it is. */
interface Plan {
  readonly metrics: readonly Metric<any>[];
  readonly pairs: readonly Pair[];
  /** Beside the times. */
  is?(row: MetricRow, labels: Labels): boolean;
  value?(row: MetricRow): number;
}

const START = Date.UTC(2020, 0, 1);
const HOUR = 3_600_000;
const initOf = (sample: number): string => new Date(START + sample * HOUR).toISOString();

/** A case's array with dimensions that pairs have: samples are runs where they are kept, else places. */
const arranged = (array: LabelledArray, isKept: boolean): LabelledArray => {
  const sample = array.dims.indexOf("sample");
  const dims = array.dims.map((dim) =>
    dim === "sample" ? (isKept ? "init_time" : "x") : dim === "point" ? "x" : dim,
  );
  const inits =
    sample >= 0 && isKept
      ? { init_time: Array.from({ length: sizesOf(array)[sample]! }, (_, i) => initOf(i)) }
      : {};
  return { ...array, dims, coords: { ...array.coords, ...inits } };
};

/** One of several along a dimension. */
const slice = (array: LabelledArray, dim: string, index: number): LabelledArray => {
  const k = array.dims.indexOf(dim);
  const at = (data: Nested, depth: number): Nested =>
    depth === k ? (data as Nested[])[index]! : (data as Nested[]).map((part) => at(part, depth + 1));
  return { ...array, dims: array.dims.filter((name) => name !== dim), data: at(array.data, 0) };
};

const keepNames: Readonly<Record<string, "init_time" | "lead_time">> = {
  init_time: "init_time",
  sample: "init_time",
  lead_hours: "lead_time",
};

const pooling = ({ parameters }: ScienceCase, key: string) => {
  const weights = key === "weighted" ? "cell-area" : (parameters.weights ?? "none");
  return {
    keep: ((parameters.keep ?? []) as string[]).map((dim) => keepNames[dim]!),
    weights: weights === "cell-area" ? "area" : weights === "cosine" ? "cosine" : "none",
  } as const;
};

const kelvin = (value: number) => `${value} K` as const;

/** `above` or `below` with the operator of the case. */
const criterionOf = ({ parameters }: ScienceCase): any => {
  const { threshold, thresholds, operator = ">=" } = parameters;
  const values = [thresholds ?? threshold].flat().map(kelvin);
  return {
    [operator.startsWith("<") ? "below" : "above"]: values,
    ...(operator.length === 1 ? { strictly: true } : {}),
  };
};

/** Beyond the keys of a part: rows that carry a term. */
const termIs =
  (term: string | undefined) =>
  (row: MetricRow): boolean =>
    row.term === term;

const isThreshold = (row: MetricRow, { threshold }: Labels): boolean =>
  threshold === undefined ||
  row.parameters?.threshold === undefined ||
  row.parameters.threshold === `${threshold} K`;

const planOf = (one: ScienceCase, key: string): Plan | undefined => {
  const { inputs, parameters, metric } = one;
  const isKept = ((parameters.keep ?? []) as string[]).includes("sample");
  const array = (name: string) => arranged(inputs[name]!, isKept);
  const pool = pooling(one, key);
  const value = (factory: Metric<any>, pairs: readonly Pair[], more: Partial<Plan> = {}): Plan => ({
    metrics: [factory],
    pairs,
    ...more,
  });

  if (inputs.forecast?.dims.includes("member")) {
    const forecast = array("forecast");
    const observed = array("observation");
    if (observed.dims.includes("member")) {
      const analyses = Array.from(
        { length: sizesOf(observed)[observed.dims.indexOf("member")]! },
        (_, k) => `a${k}`,
      );
      const pairs = goldenPairs({
        variables: {
          t: { forecast, target: slice(observed, "member", 0) },
          ...Object.fromEntries(
            analyses.map((name, k) => {
              const analysis = slice(observed, "member", k);
              return [name, { forecast: analysis, target: analysis }];
            }),
          ),
        },
      });
      if (key === "wasserstein" || key === metric)
        return value(wassersteinDistance<V>("t", { analyses, ...pool }), pairs);
      return key === "crpsDistance"
        ? value(wassersteinDistance<V>("t", { analyses, distance: "crps", ...pool }), pairs)
        : undefined;
    }
    const pairs = goldenPairs({ variables: { t: { forecast, target: observed } } });
    return ensemblePlan(one, key, (factory, more) => value(factory, pairs, more));
  }

  if (inputs.probability?.dims.includes("category")) {
    const probability = array("probability");
    const count = sizesOf(probability)[probability.dims.indexOf("category")]!;
    const categories = Array.from({ length: count }, (_, k) => `p${k}`);
    const target = array("category");
    const pairs = goldenPairs({
      variables: Object.fromEntries([
        ...categories.map((name, k) => [name, { forecast: slice(probability, "category", k), target }]),
        ["category", { forecast: target, target }],
      ]),
      unit: "1",
    });
    const rps = (normalised: boolean) =>
      rankedProbabilityScore<any>("category", { categories, normalised, ...pool });
    if (key === "value" || key === "normalised") return value(rps(key === "normalised"), pairs);
    return undefined;
  }

  if (inputs.probability !== undefined) {
    // A key that is the name of an array is the score with this one as the truth, or as the forecast of its event.
    const isForecast = inputs[`${key}Event`] !== undefined;
    const isTruth = !isForecast && inputs[key] !== undefined && key !== "probability" && key !== "event";
    const target = array(isTruth ? key : isForecast ? `${key}Event` : "event");
    const probability = array(isForecast ? key : "probability");
    const pairs = goldenPairs({ variables: { e: { forecast: probability, target } }, unit: "1" });
    const plan = probabilityPlan(one, isTruth || isForecast ? "value" : key, (factory, more) =>
      value(factory, pairs, more),
    );
    return plan;
  }

  const observation = () => array("observation");
  const several = (names: readonly string[]) => {
    const target = observation();
    return goldenPairs({
      variables: Object.fromEntries([
        ["t", { forecast: target, target }],
        ...names.map((name) => [name, { forecast: array(name), target }]),
      ]),
    });
  };
  const along = (name: string, dim: string, labels: readonly number[]) => {
    const target = observation();
    const forecast = array(name);
    return goldenPairs({
      variables: Object.fromEntries([
        ["t", { forecast: target, target }],
        ...labels.map((label, k) => [`v${label}`, { forecast: slice(forecast, dim, k), target }]),
      ]),
    });
  };
  if (parameters.levels !== undefined) {
    const levels: number[] = parameters.levels;
    const quantiles = Object.fromEntries(levels.map((level) => [level, `v${level}`]));
    const pairs = along("forecast", "level", levels);
    const factory =
      metric === "weightedIntervalScore" ? weightedIntervalScore : quantileContinuousRankedProbabilityScore;
    return key === "value" ? value(factory<V>("t", { quantiles, ...pool }), pairs) : undefined;
  }
  if (inputs.lower !== undefined) {
    const pairs = several(["lower", "upper"]);
    const ends = { lower: "lower", upper: "upper", parts: true, ...pool } as const;
    const factory =
      metric === "intervalScore"
        ? intervalScore<V>("t", { coverage: parameters.coverage, ...ends })
        : quantileIntervalScore<V>("t", {
            lowerLevel: parameters.lower_level,
            upperLevel: parameters.upper_level,
            ...ends,
          });
    const terms: Readonly<Record<string, string | undefined>> = {
      total: undefined,
      width: "interval width",
      interval_width_penalty: "interval width",
      overprediction: "overprediction penalty",
      overprediction_penalty: "overprediction penalty",
      underprediction: "underprediction penalty",
      underprediction_penalty: "underprediction penalty",
      coverage: "interval coverage",
    };
    return key in terms ? value(factory, pairs, { is: termIs(terms[key]) }) : undefined;
  }
  if (inputs.cdf !== undefined) {
    const thresholds: number[] = inputs.cdf.coords.threshold;
    const pairs = along("cdf", "threshold", thresholds);
    const cdf = Object.fromEntries(thresholds.map((threshold) => [kelvin(threshold), `v${threshold}`]));
    const terms: Readonly<Record<string, string | undefined>> = {
      total: undefined,
      underforecast_penalty: "underforecast penalty",
      overforecast_penalty: "overforecast penalty",
    };
    const factory = cdfContinuousRankedProbabilityScore<V>("t", { cdf, parts: true, ...pool });
    return key in terms ? value(factory, pairs, { is: termIs(terms[key]) }) : undefined;
  }
  if (inputs.mean !== undefined && inputs.standardDeviation !== undefined) {
    const pairs = several(["mean", "standardDeviation"]);
    const normal = { mean: "mean", standardDeviation: "standardDeviation", ...pool } as const;
    if (metric === "gaussianContinuousRankedProbabilityScore" && key === "value") {
      return value(gaussianContinuousRankedProbabilityScore<V>("t", normal), pairs);
    }
    if (metric === "dawidSebastianiScore" && key === "value") {
      return value(dawidSebastianiScore<V>("t", normal), pairs);
    }
    if (metric === "logarithmicScore" && (key === "nats" || key === "value")) {
      return value(logarithmicScore<V>("t", normal), pairs);
    }
    if (metric === "logarithmicScore" && key === "bits") {
      return value(logarithmicScore<V>("t", { unit: "bit", ...normal }), pairs);
    }
    if (metric === "logarithmicScore" && key === "natsNear") return undefined;
  }
  return undefined;
};

type Made = (factory: Metric<any>, more?: Partial<Plan>) => Plan;

/** Keys of forecasts with members. */
const ensemblePlan = (one: ScienceCase, key: string, made: Made): Plan | undefined => {
  const { parameters, metric } = one;
  const pool = pooling(one, key);
  const t = "t" as const;
  const crpsTerms: Readonly<Record<string, string>> = {
    total: "continuous ranked probability score",
    underforecast_penalty: "underforecast penalty",
    overforecast_penalty: "overforecast penalty",
    ...("total" in one.expected ? { spread: "spread part" } : {}),
  };
  // Keys that say which metric they are of.
  switch (key) {
    case "n":
      return made(continuousRankedProbabilityScore<V>(t, pool), { value: ({ n }) => n });
    case "mae":
    case "ensembleMeanRmse":
      return key === "mae"
        ? made(continuousRankedProbabilityScore<V>(t, { estimator: "ecdf", ...pool }))
        : made(ensembleMeanRootMeanSquaredError<V>(t, pool));
    case "brierFair":
      return made(brierScore<V>(t, { ...criterionOf(one), ...pool }));
    case "meanStandardDeviation":
      return made(ensembleSpread<V>(t, { average: "standard deviation", ...pool }));
    case "unbiasedEnsembleMeanRmse":
      return made(unbiasedEnsembleMeanRootMeanSquaredError<V>(t, pool));
    case "unbiasedEnsembleMeanMse":
      return made(unbiasedEnsembleMeanRootMeanSquaredError<V>(t, { root: false, ...pool }));
    case "ratio":
      return made(spreadSkillRatio<V>(t, { ratio: "plain", ...pool }));
    case "ratioFortin":
      return made(spreadSkillRatio<V>(t, { ratio: "finite", ...pool }));
    case "ratioUnbiasedCommonPoints":
      return made(spreadSkillRatio<V>(t, pool));
    case "ratioUnbiased":
      // Beside a ratio over common points it is that with the spread of all forecasts.
      return made(spreadSkillRatio<V>(t, { ...(hasAllPoints(one) ? { points: "forecast" } : {}), ...pool }));
  }
  if (key === "spread" && crpsTerms.spread === undefined) {
    return made(ensembleSpread<V>(t, { ...(hasAllPoints(one) ? { points: "forecast" } : {}), ...pool }));
  }
  switch (metric) {
    case "continuousRankedProbabilityScore":
      if (key in crpsTerms) {
        const factory = continuousRankedProbabilityScore<V>(t, { estimator: "ecdf", parts: true, ...pool });
        return made(factory, { is: termIs(crpsTerms[key]) });
      }
      return key === "fair" || key === "ecdf"
        ? made(continuousRankedProbabilityScore<V>(t, { estimator: key, ...pool }))
        : undefined;
    case "thresholdWeightedContinuousRankedProbabilityScore": {
      const { threshold, tail, lower_threshold, upper_threshold } = parameters;
      const of = (region: object, estimator: "fair" | "ecdf") =>
        thresholdWeightedContinuousRankedProbabilityScore<V>(t, { ...region, estimator, ...pool } as any);
      const upper = { above: kelvin(threshold) };
      const lower = { below: kelvin(threshold) };
      if (key === "sum")
        return { ...made(of(upper, "ecdf")), metrics: [of(upper, "ecdf"), of(lower, "ecdf")] };
      if (key !== "fair" && key !== "ecdf") return undefined;
      if (lower_threshold !== undefined) {
        return made(of({ above: kelvin(lower_threshold), below: kelvin(upper_threshold) }, key));
      }
      return made(of(tail === "lower" ? lower : upper, key));
    }
    case "brierScore": {
      const estimators: Readonly<Record<string, "fair" | "ecdf" | "fair or ecdf">> = {
        fair: "fair",
        fairUndefined: "fair",
        fairFallsBack: "fair or ecdf",
        ecdf: "ecdf",
        ecdfStrict: "ecdf",
        fairStrict: "fair",
      };
      if (estimators[key] === undefined) return undefined;
      const strictly = key.endsWith("Strict") ? { strictly: true } : {};
      const estimator = estimators[key];
      return made(brierScore<V>(t, { ...criterionOf(one), ...strictly, estimator, ...pool }), {
        is: isThreshold,
      });
    }
    case "rankedProbabilityScore": {
      const found = /^(left|right)Closed(Fair)?$/.exec(key);
      if (found === null) return undefined;
      const factory = rankedProbabilityScore<V>(t, {
        edges: parameters.edges.map(kelvin),
        strictly: found[1] === "right",
        estimator: found[2] === "Fair" ? "fair" : "ecdf",
        ...pool,
      });
      return made(factory);
    }
    case "rocArea":
      return key === "value" || key === "weighted"
        ? made(rocArea<V>(t, { ...criterionOf(one), ...pool }), { is: isThreshold })
        : undefined;
    case "rankHistogram": {
      if (!["value", "shared", "lowest"].includes(key)) return undefined;
      // Ranks count from 1; without labels their places do from 0.
      const first = (one.expected[key] as LabelledArray).coords.rank === undefined ? 1 : 0;
      return made(rankHistogram<V>(t, { ties: key === "lowest" ? "lowest" : "shared", ...pool }), {
        is: (row, { rank }) => row.by === `rank=${Number(rank) + first}`,
      });
    }
    case "pitHistogram": {
      const factory = pitHistogram<V>(t, { bins: parameters.bins, ...pool });
      if (key === "expectedValue") return made(factory, { is: termIs("mean of the PIT") });
      return key === "value" ? made(factory, { is: isBin }) : undefined;
    }
    case "dawidSebastianiScore":
      return key === "value" ? made(dawidSebastianiScore<V>(t, pool)) : undefined;
    case "energyScore":
      return key === "fair" || key === "ecdf"
        ? made(energyScore<V>(t, { estimator: key, ...pool }))
        : undefined;
    case "variogramScore": {
      const order = [parameters.order].flat().find((p) => key === "value" || Number(key.slice(2)) === p);
      return order === undefined ? undefined : made(variogramScore<V>(t, { order, ...pool }));
    }
  }
  return undefined;
};

const hasAllPoints = ({ expected }: ScienceCase): boolean => "ratioUnbiasedCommonPoints" in expected;

/** Bins are numbered in their order. */
const isBin = (row: MetricRow, { bin }: Labels): boolean =>
  row.by !== undefined && row.by !== null && binNumbers.get(row.by) === bin;
const binNumbers = new Map<string, number>();
const numberBins = (edges: readonly number[]): void => {
  binNumbers.clear();
  for (let k = 0; k + 1 < edges.length; k++) binNumbers.set(`bin=${edges[k]}..${edges[k + 1]}`, k);
};

/** Keys of forecasts that are probabilities of an event. */
const probabilityPlan = (one: ScienceCase, key: string, made: Made): Plan | undefined => {
  const { parameters, metric } = one;
  const probability = { probability: "e", ...pooling(one, key) } as const;
  const e = "e" as const;
  const aboveThreshold = parameters.operator === ">";
  switch (metric) {
    case "brierScore":
      if (key === "skillScore") {
        return made(brierDecomposition<any>(e, probability), { is: termIs("Brier skill score") });
      }
      return key === "value" ? made(brierScore<any>(e, probability)) : undefined;
    case "brierDecomposition": {
      const terms: Readonly<Record<string, string>> = {
        brier: "Brier score",
        reliability: "reliability",
        resolution: "resolution",
        uncertainty: "uncertainty",
        withinBinVariance: "within-bin variance",
        withinBinCovariance: "within-bin covariance",
        pointwiseReliability: "pointwise reliability",
        miscalibration: "miscalibration",
        discrimination: "discrimination",
        recalibrated: "recalibrated probability",
      };
      const bins = binsOf(parameters);
      if (terms[key] === undefined) return undefined;
      const given = one.inputs.probability!.data as readonly number[];
      return made(brierDecomposition<any>(e, { ...(bins === undefined ? {} : { bins }), ...probability }), {
        is: (row, { sample }) =>
          row.term === terms[key] &&
          (sample === undefined || row.by === `probability=${given[sampleOf(one, key, sample)]}`),
      });
    }
    case "reliabilityDiagram": {
      const found = /^(left|right)Closed(Frequency|Count|MeanProbability)$/.exec(key);
      if (found === null) return undefined;
      const closed = found[1] as "left" | "right";
      const terms = {
        Frequency: "observed frequency",
        Count: "samples",
        MeanProbability: "mean probability",
      };
      const term = terms[found[2] as keyof typeof terms];
      return made(
        reliabilityDiagram<any>(e, { bins: parameters.edges ?? parameters.bins, closed, ...probability }),
        {
          is: (row, labels) => row.term === term && isBin(row, labels),
        },
      );
    }
    case "discriminationDiagram": {
      const terms: Readonly<Record<string, string>> = {
        event: "share given the event",
        nonEvent: "share given no event",
      };
      return terms[key] === undefined
        ? undefined
        : made(discriminationDiagram<any>(e, { bins: parameters.edges ?? parameters.bins, ...probability }), {
            is: (row, labels) => row.term === terms[key] && isBin(row, labels),
          });
    }
    case "rocCurve": {
      const { thresholds } = parameters;
      if (key === "area") return made(rocArea<any>(e, { thresholds, aboveThreshold, ...probability }));
      const terms: Readonly<Record<string, string>> = {
        hitRate: "probability of detection",
        falseDetection: "probability of false detection",
      };
      return terms[key] === undefined
        ? undefined
        : made(rocCurve<any>(e, { thresholds, aboveThreshold, ...probability }), {
            is: (row, { threshold }) =>
              row.term === terms[key] && row.parameters?.probabilities === `${threshold}`,
          });
    }
    case "rocArea":
      return key === "value" || key === "weighted" ? made(rocArea<any>(e, probability)) : undefined;
    case "rocSkillScore":
      return key === "value" ? made(rocSkillScore<any>(e, probability)) : undefined;
    case "logarithmicScore":
      if (key === "nats" || key === "value") return made(logarithmicScore<any>(e, probability));
      return key === "bits" ? made(logarithmicScore<any>(e, { unit: "bit", ...probability })) : undefined;
    case "relativeEconomicValue": {
      const factory = relativeEconomicValue<any>(e, {
        costLossRatios: parameters.cost_loss_ratios,
        thresholds: parameters.probability_thresholds,
        aboveThreshold,
        ...probability,
      });
      const isLargest = key === "maximum";
      if (!isLargest && key !== "value") return undefined;
      return made(factory, {
        is: (row, labels) =>
          (row.term !== undefined) === isLargest &&
          row.parameters?.cost_loss === `${labels.cost_loss_ratio}` &&
          (isLargest || row.parameters?.probabilities === `${labels.probability_threshold}`),
      });
    }
  }
  return undefined;
};

/** The same case with only those samples that a key keeps: a key for a part of the data. */
const nearOnly = (one: ScienceCase): ScienceCase => {
  const all = (one.expected.nats as LabelledArray).data as number[];
  const near = (one.expected.natsNear as LabelledArray).data as number[];
  const kept = all.flatMap((value, i) => (near.includes(value) ? [i] : []));
  const inputs = Object.fromEntries(
    Object.entries(one.inputs).map(([name, array]) => [
      name,
      { ...array, data: kept.map((i) => (array.data as number[])[i]!) },
    ]),
  );
  return { ...one, inputs, expected: { nats: one.expected.natsNear! } };
};

const tally = new Tally("science-metrics/probabilistic");
const keys = { compared: 0, all: 0 };

for (const one of scienceFamily("probabilistic")) {
  tally.add(one.id, one.metric);
  describe(one.metric, () => {
    for (const key of Object.keys(one.expected)) {
      keys.all += 1;
      const isPart = key === "natsNear";
      const seen = isPart ? nearOnly(one) : one;
      const name = isPart ? "nats" : key;
      const edges = one.parameters.edges ?? one.parameters.bins;
      const plan = planOf(seen, name);
      if (plan === undefined) {
        tally.leftOut(one.id, `key ${key}`);
        test(`${one.id}: ${key}`, () => expect.fail(`nothing of ours gives the key ${key}`));
        continue;
      }
      test(`${one.id}: ${key}`, () => {
        numberBins(
          typeof edges === "number" ? Array.from({ length: edges + 1 }, (_, k) => k / edges) : (edges ?? []),
        );
        const rows = plan.metrics.map((metric) => rowsOfMetric(metric, plan.pairs));
        const found = differences(seen, name, (labels) => {
          const values = rows.map((some) => {
            const times = labels.sample === undefined ? labels : timesOf(seen, name, labels);
            const of = some.filter((row) => isAt(row, times) && (plan.is?.(row, labels) ?? true));
            return of.length === 1 ? (plan.value?.(of[0]!) ?? of[0]!.value) : undefined;
          });
          return values.includes(undefined) ? undefined : values.reduce((sum, value) => sum! + value!, 0);
        });
        expect(found).toEqual([]);
        const wanted = seen.expected[name]!;
        if (typeof wanted === "object") expect(labelsOf(wanted).length).toBeGreaterThan(0);
        keys.compared += 1;
        tally.compared(one.id);
      });
    }
  });
}

/** Samples that are kept are runs. */
const timesOf = (one: ScienceCase, key: string, labels: Labels): Labels =>
  ((one.parameters.keep ?? []) as string[]).includes("sample")
    ? { init_time: new Date(instant(initOf(sampleOf(one, key, labels.sample!)))).toISOString() }
    : {};

/** Which sample a label is. */
const sampleOf = ({ inputs, expected }: ScienceCase, key: string, label: string | number): number =>
  placeOf("sample", label, [...Object.values(inputs), expected[key] as LabelledArray]);

afterAll(() => {
  console.log(`${tally.text()}\n${keys.compared} of ${keys.all} keys`);
});

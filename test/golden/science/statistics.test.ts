/** Golden numbers of intervals, tests of significance and skill scores: every key of every case of the family. */
import { afterAll, describe, expect, test } from "vitest";
import { blockBootstrap } from "../../../src/kernels/statistics/blockBootstrap.ts";
import {
  type BootstrapOptions,
  bootstrapConfidenceInterval,
  INTERVALS,
  type IntervalKind,
  meanOfDraw,
} from "../../../src/kernels/statistics/bootstrapConfidenceInterval.ts";
import { correlationSignificance } from "../../../src/kernels/statistics/correlationSignificance.ts";
import { dieboldMarianoTest } from "../../../src/kernels/statistics/dieboldMarianoTest.ts";
import { falseDiscoveryRate } from "../../../src/kernels/statistics/falseDiscoveryRate.ts";
import { moments } from "../../../src/kernels/statistics/moments.ts";
import { pairedTTest } from "../../../src/kernels/statistics/pairedTTest.ts";
import { signTest, wilcoxonTest } from "../../../src/kernels/statistics/signTest.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../../src/model/pair.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";
import { continuousRankedProbabilityScore } from "../../../src/operators/metrics/probabilistic/crps.ts";
import { namedReference } from "../../../src/operators/metrics/uncertainty/reference.ts";
import { skillScore } from "../../../src/operators/metrics/uncertainty/skill.ts";
import {
  differences,
  goldenPairs,
  labelsOf,
  rowDifferences,
  rowsOfMetric,
  type ScienceCase,
  scienceFamily,
  sizesOf,
} from "../goldenPairs.ts";
import { Tally } from "../tally.ts";
import { flat, type LabelledArray, numberOf } from "../unitCase.ts";
import { dieboldMarianoMethod, horizonOf, tTestMethod } from "./statisticsWording.ts";

const tally = new Tally("science-metrics/statistics");

/** The numbers under a key, in the order of its array; one number of a scalar. */
type Numbers = ArrayLike<number> | number;

const listOf = (array: LabelledArray): number[] => flat(array.data).map(numberOf);

/** One list for each label of the first dimension. */
const rowsOfArray = (array: LabelledArray): number[][] => {
  const values = listOf(array);
  const [count = 1] = sizesOf(array);
  const width = values.length / count;
  return Array.from({ length: count }, (_, i) => values.slice(i * width, (i + 1) * width));
};

const differenceOf = ({ inputs }: ScienceCase): number[] => {
  const { lossA, lossB, difference } = inputs;
  if (difference !== undefined) return listOf(difference);
  const b = listOf(lossB!);
  return listOf(lossA!).map((value, i) => decimal(value - b[i]!));
};

/** Losses are decimals, and so are their differences: replicates that equal the mean are told from those below it. */
const decimal = (value: number): number => Number(value.toPrecision(12));

const confidenceOf = ({ parameters }: ScienceCase) =>
  parameters.confidence === undefined ? {} : { confidence: parameters.confidence as number };

const statisticOf = (one: ScienceCase): { n: number; statistic: (draw: ArrayLike<number>) => number } => {
  const { squaredErrorA, squaredErrorB, pairs } = one.inputs;
  if (squaredErrorA === undefined) {
    const d = differenceOf(one);
    return { n: d.length, statistic: meanOfDraw(d) };
  }
  const [a, b, n] = [listOf(squaredErrorA), listOf(squaredErrorB!), listOf(pairs!)];
  return {
    n: n.length,
    statistic: (draw) => {
      let [sa, sb, count] = [0, 0, 0];
      for (let i = 0; i < draw.length; i++) {
        sa += a[draw[i]!]!;
        sb += b[draw[i]!]!;
        count += n[draw[i]!]!;
      }
      return Math.sqrt(sa / count) - Math.sqrt(sb / count);
    },
  };
};

const bootstrap = (one: ScienceCase, key: string): Numbers => {
  const { n, statistic } = statisticOf(one);
  const options: BootstrapOptions = {
    ...confidenceOf(one),
    ...(INTERVALS.includes(key as IntervalKind) ? { interval: key as IntervalKind } : {}),
    draws: rowsOfArray(one.inputs.draws!),
  };
  const got = bootstrapConfidenceInterval(n, statistic, options);
  const parts: Record<string, Numbers> = {
    mean: got.value,
    value: got.value,
    replicateMeans: got.replicates,
    replicates: got.replicates,
    standardError: got.standardError,
  };
  return parts[key] ?? [got.lower, got.upper];
};

const tTest = (one: ScienceCase, key: string): Numbers => {
  const { parameters, inputs } = one;
  const options = {
    method: tTestMethod(one),
    ...confidenceOf(one),
    ...(parameters.lags === undefined ? {} : { lags: parameters.lags }),
    ...(parameters.v0 === undefined ? {} : { v0: parameters.v0 }),
  };
  if (inputs[key] !== undefined) return pairedTTest(listOf(inputs[key]!), options).pValue;
  return pairedTTest(differenceOf(one), options)[key as "mean"];
};

const dieboldMariano = (one: ScienceCase, key: string): Numbers => {
  const method = dieboldMarianoMethod(one);
  return rowsOfArray(one.inputs.difference!).map(
    (values, i) =>
      dieboldMarianoTest(values, { horizon: horizonOf(one, i), method, ...confidenceOf(one) })[key as "mean"],
  );
};

const sign = (one: ScienceCase, key: string): Numbers => {
  if (key === "wilcoxonP") return wilcoxonTest(differenceOf(one)).pValue;
  if (key === "wilcoxonStatistic") return wilcoxonTest(differenceOf(one)).statistic;
  const d = differenceOf(one);
  const { lossA, lossB } = one.inputs;
  const got = signTest(
    lossA === undefined ? d : listOf(lossA),
    lossB === undefined ? d.map(() => 0) : listOf(lossB),
    confidenceOf(one),
  );
  return key === "signP" ? got.pValue : got[key as "walk"];
};

const correlation = ({ inputs }: ScienceCase, key: string): Numbers => {
  const [a, b] = Object.values(inputs).map(listOf);
  const found = { ...moments(a!, b!), ...correlationSignificance(a!, b!) };
  return found[key as "correlation"];
};

const discoveries = ({ inputs, parameters }: ScienceCase, key: string): Numbers => {
  const { adjusted, significant } = falseDiscoveryRate(listOf(inputs.pValues!), {
    level: parameters.level,
    method: key === "holm" ? "holm" : "benjamini-hochberg",
  });
  return key === "significant" ? significant : adjusted;
};

const functions: Readonly<Record<string, (one: ScienceCase, key: string) => Numbers>> = {
  bootstrapConfidenceInterval: bootstrap,
  blockBootstrap: (one) =>
    blockBootstrap(differenceOf(one), { block: one.parameters.block, draws: rowsOfArray(one.inputs.draws!) }),
  pairedTTest: tTest,
  dieboldMarianoTest: dieboldMariano,
  signTest: sign,
  pearsonCorrelation: correlation,
  falseDiscoveryRate: discoveries,
};

const scores = {
  mse: metrics.meanSquaredError,
  mae: metrics.meanAbsoluteError,
  rmse: metrics.rootMeanSquaredError,
  bias: metrics.meanError,
};
const keepNames: Readonly<Record<string, "init_time" | "lead_time">> = {
  init_time: "init_time",
  lead_hours: "lead_time",
};
const weightNames: Readonly<Record<string, "none" | "cosine" | "area">> = {
  none: "none",
  cosine: "cosine",
  "cell-area": "area",
};

const normals: ClimatologyField<"K"> = {
  kind: "climatology",
  source: { role: "climatology", name: "normals", format: "memory", address: "", variables: { x: "K" } },
  variable: "x",
  unit: "K",
  text: "normals",
};

/** A skill score by its key: the score, what it is measured against, over whose pairs. */
const skill = (one: ScienceCase, key: string): string[] => {
  const { inputs, parameters } = one;
  const options = {
    keep: (parameters.keep as string[]).map((name) => keepNames[name]!),
    weights: weightNames[parameters.weights ?? "none"]!,
  };
  const against = /Climatology/.test(key)
    ? "climatology"
    : /Persistence/.test(key)
      ? "persistence"
      : "reference";
  const base = metricOf(key, options);
  const metric = skillScore(base, against === "climatology" ? normals : namedReference("ref"), {
    pairs: /OwnPairs$/.test(key) ? "own" : "same",
  });
  const forecast = key === "perfect" ? inputs.observation! : inputs.forecast!;
  const arrays = (array: LabelledArray) =>
    goldenPairs({ variables: { x: { forecast: array, target: inputs.observation! } } });
  const shape = inputs[against]!;
  const others = against === "climatology" ? [] : arrays(shape.dims.includes("init_time") ? shape : forecast);
  const climatologies = inputs.climatology === undefined ? {} : { normals: inputs.climatology };
  const pairs = goldenPairs({
    variables: { x: { forecast, target: inputs.observation! } },
    climatologies,
  }).map((pair, i): Pair => ({ ...pair, reference: (_, variable) => others[i]!.forecast[variable]! }));
  return rowDifferences(one, key, rowsOfMetric(metric, pairs));
};

type Options = Pick<metrics.PointwiseOptions, "keep" | "weights">;

const metricOf = (key: string, options: Options): Metric<{ x: "K" }> => {
  if (key === "fair" || key === "ecdf") {
    return continuousRankedProbabilityScore<{ x: "K" }>("x", { ...options, estimator: key });
  }
  const word = Object.keys(scores).find((name) => key.startsWith(name)) ?? "mse";
  return scores[word as "mse"]<{ x: "K" }>("x", options);
};

const numbersAt = (one: ScienceCase, key: string, got: Numbers): string[] => {
  const wanted = one.expected[key]!;
  if (typeof got === "number") return differences(one, key, () => got);
  const labels = typeof wanted === "object" ? labelsOf(wanted as LabelledArray) : [{}];
  const texts = labels.map((label) => JSON.stringify(label));
  if (got.length !== texts.length) return [`${key}: ${got.length} numbers, expected ${texts.length}`];
  return differences(one, key, (label) => got[texts.indexOf(JSON.stringify(label))]);
};

for (const one of scienceFamily("statistics")) {
  tally.add(one.id, one.metric);
  describe(`${one.metric}: ${one.id}`, () => {
    test.each(Object.keys(one.expected))("%s", (key) => {
      const found =
        one.metric === "skillScore" ? skill(one, key) : numbersAt(one, key, functions[one.metric]!(one, key));
      expect(found).toEqual([]);
      tally.compared(one.id);
    });
  });
}

afterAll(() => {
  console.log(tally.text());
});

/**
 * Tables of events and categories against numbers of independent libraries: every key of every case of the families'
 * files whose metric is one of these. What a key means follows from its name and the case's parameters.
 */
import { afterAll, describe, expect, test } from "vitest";
import { sortedQuantile } from "../../../src/kernels/scores/sortedQuantile.ts";
import type { Metric, MetricRow } from "../../../src/model/metric.ts";
import type { MetricDoc } from "../../../src/model/metricDoc.ts";
import type { ClimatologyField, Pair } from "../../../src/model/pair.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";
import { allTableScores, type TableScoreName } from "../../../src/operators/metrics/tables/allTableScores.ts";
import {
  differences,
  fieldAt,
  goldenPairs,
  isAt,
  rowsOfMetric,
  type ScienceCase,
  scienceFamily,
  sizesOf,
} from "../goldenPairs.ts";
import { flat, instant, type LabelledArray, numberOf } from "../unitCase.ts";
import { isUpperAssignment, placeOf, tableAlong } from "./wording.ts";

type Options = Record<string, any>;
type Labels = Readonly<Record<string, string | number>>;
/** What the value of a key is read from, and the term of the row that holds it, where rows have one. */
interface Reading {
  readonly rows: readonly MetricRow[];
  readonly term?: string;
  value?(row: MetricRow): number;
}

const factories = metrics as unknown as Record<string, (variable: any, options: Options) => Metric<any>>;
const others = [
  "contingencyTable",
  "gerritySkillScore",
  "riskMatrixScore",
  "seeps",
  "neighbourhoodContingency",
];
const isOurs = ({ metric }: ScienceCase): boolean => metric in allTableScores || others.includes(metric);

const keepNames: Readonly<Record<string, string>> = { init_time: "init_time", lead_hours: "lead_time" };
const weightNames: Readonly<Record<string, string>> = { none: "none", cosine: "cosine", "cell-area": "area" };

const day = (index: number): string => new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 19);
const climatology = (text: string): ClimatologyField<"K"> => ({
  kind: "climatology",
  source: { role: "climatology", name: text, format: "memory", address: text, variables: { x: "K" } },
  variable: "x",
  unit: "K",
  text,
});

/** The score a key names: in full, or by a short name. */
const scoreOf = (key: string): TableScoreName | undefined =>
  (Object.keys(allTableScores) as TableScoreName[]).find((name) => {
    const { short = [] }: MetricDoc = allTableScores[name].doc;
    return name === key || short.includes(key.toLowerCase());
  });

/** Options that follow from the parameters of a case, the same for all its keys. */
const pooling = ({ parameters }: ScienceCase): Options => ({
  keep: (parameters.keep ?? []).map((dim: string) => keepNames[dim] ?? "init_time"),
  weights: weightNames[parameters.weights ?? "none"],
});

const eventsOf = ({ parameters, inputs }: ScienceCase): Options => {
  const { operator = ">=", threshold, thresholds, forecast_threshold, level, levels } = parameters;
  const side = operator.startsWith(">") ? "above" : "below";
  const strictly = operator.length === 1 ? { strictly: true } : {};
  const unit = (number: number) => `${number} K`;
  if (inputs.climatology_sample !== undefined) return { [side]: climatology("own"), ...strictly };
  if (level !== undefined) return { [side]: metrics.ownQuantile(level), ...strictly };
  if (levels !== undefined) return { [side]: levels.map(metrics.ownQuantile), ...strictly };
  if (thresholds !== undefined) return { [side]: thresholds.map(unit), ...strictly };
  if (forecast_threshold !== undefined) {
    return { [side]: unit(forecast_threshold), target: unit(parameters.observation_threshold), ...strictly };
  }
  return { [side]: unit(threshold ?? 1), ...strictly };
};

/** The quantile of a sample along its first dimension, cell by cell, without what is missing. */
const quantileField = (sample: LabelledArray, level: number): LabelledArray => {
  const [first, ...dims] = sample.dims;
  const fields = Array.from({ length: sizesOf(sample)[0]! }, (_, k) => fieldAt(sample, { [first!]: k }));
  const data = Array.from(fields[0]!, (_, i) =>
    sortedQuantile(
      fields.flatMap((field) => (Number.isNaN(field[i]!) ? [] : [field[i]!])).sort((a, b) => a - b),
      level,
    ),
  );
  const [, , columns] = sizesOf(sample);
  const rows = Array.from({ length: data.length / columns! }, (_, r) =>
    data.slice(r * columns!, (r + 1) * columns!),
  );
  return { dims, coords: sample.coords, data: rows };
};

/** Pairs of a case: runs of fields, or one run for each of some tables or samples. */
const pairsOf = (one: ScienceCase): Pair[] => {
  const { inputs, parameters } = one;
  if (inputs.hits !== undefined) {
    const [a, b, c, d] = ["hits", "falseAlarms", "misses", "correctNegatives"].map((name) =>
      flat(inputs[name]!.data).map(numberOf),
    );
    return a!.flatMap((_, t) => {
      const values = (parts: number[]) => ({
        dims: ["init_time", "x"],
        coords: { init_time: [day(t)] },
        data: [parts.flatMap((value, k) => new Array([a!, b!, c!, d!][k]![t]!).fill(value))],
      });
      return goldenPairs({
        variables: { x: { forecast: values([1, 1, 0, 0]), target: values([1, 0, 1, 0]) } },
      });
    });
  }
  const { forecast, observation: target } = inputs as Record<string, LabelledArray>;
  if (one.metric === "riskMatrixScore") {
    const init_time = tableAlong(forecast!, "severity")[0]!.map((_, k) => day(k));
    const severity = (array: LabelledArray, s: number): LabelledArray => ({
      dims: ["init_time"],
      coords: { init_time },
      data: tableAlong(array, "severity")[s]!,
    });
    const variables = tableAlong(forecast!, "severity").map((_, s) => [
      `s${s}`,
      { forecast: severity(forecast!, s), target: severity(target!, s) },
    ]);
    return goldenPairs({ variables: Object.fromEntries(variables) });
  }
  const { climatology_sample: sample, ...fields } = inputs;
  return goldenPairs({
    variables: { x: { forecast: forecast!, target: target! } },
    climatologies: sample === undefined ? fields : { own: quantileField(sample, parameters.level) },
  });
};

/** Whether a row lies at all labels of a value; the row of one threshold alone does not name it. */
const lies = (row: MetricRow, labels: Labels, arrays: readonly LabelledArray[]): boolean =>
  isAt(row, labels) &&
  Object.entries(labels).every(([dim, label]) => {
    const threshold = row.parameters?.threshold;
    if (dim === "threshold") return threshold === undefined || threshold === `${label} K`;
    if (dim === "level") return threshold === undefined || threshold === `own quantile ${label}`;
    if (dim === "table" || dim === "sample")
      return row.initTime === instant(day(placeOf(dim, label, arrays)));
    return dim === "init_time" || dim === "lead_hours";
  });

const score = (one: ScienceCase, pairs: Pair[], name: string, more: Options = {}): Reading => {
  const events =
    name === "gerritySkillScore" || one.parameters.edges !== undefined ? edgesOf(one) : eventsOf(one);
  const keep = one.inputs.hits === undefined ? pooling(one) : { keep: ["init_time"] };
  return { rows: rowsOfMetric(factories[name]!("x", { ...events, ...keep, ...more }), pairs) };
};

const edgesOf = ({ parameters }: ScienceCase): Options => ({
  edges: parameters.edges.map((edge: number | string) => `${numberOf(edge)} K`),
});

const termed = (reading: Reading, term: string): Reading => ({ ...reading, term });

const neighbourhood = (one: ScienceCase, pairs: Pair[], key: string): Reading | undefined => {
  const { window } = one.parameters;
  const name = key === "observedNearCount" ? "observedNear" : key === "value" ? "criticalSuccessIndex" : key;
  if (name !== "observedNear" && name !== "successRatioNear" && scoreOf(name) === undefined) return undefined;
  const size = {
    window: { rows: window[0], columns: window[1] },
    scores: [scoreOf(name) ?? name],
    border: "inside",
  };
  return score(one, pairs, "neighbourhoodContingency", size);
};

const seeps = (one: ScienceCase, pairs: Pair[], key: string): Reading | undefined => {
  const { dry_threshold, masked } = one.parameters;
  const heavy = /AtLeast/.test(key) ? { heavy: "at least" } : {};
  if (!/^(value|heavyIs(Above|AtLeast)(AllCells)?)$/.test(key)) return undefined;
  const options = {
    dryProbability: climatology("dryProbability"),
    heavyThreshold: climatology("heavyThreshold"),
    ...(dry_threshold === undefined ? {} : { dryThreshold: `${dry_threshold} K` }),
    ...(key.endsWith("AllCells") ? { masked: "none" } : masked === undefined ? {} : { masked }),
    ...heavy,
    ...pooling(one),
  };
  return { rows: rowsOfMetric(factories.seeps!("x", options), pairs) };
};

const riskMatrix = (one: ScienceCase, pairs: Pair[]): Reading => {
  const { parameters, inputs } = one;
  const options = {
    probabilityThresholds: parameters.probability_thresholds,
    matrix: tableAlong(inputs.weights!, "pt"),
    ...(isUpperAssignment(one) ? { onThreshold: "below" } : {}),
    ...pooling(one),
  };
  const names = Object.keys(pairs[0]!.forecast);
  return { rows: rowsOfMetric(factories.riskMatrixScore!(names, options), pairs) };
};

/** What a key is; undefined: nothing of ours. */
const readingOf = (one: ScienceCase, pairs: Pair[], key: string): Reading | undefined => {
  const { metric, parameters } = one;
  if (metric === "neighbourhoodContingency") return neighbourhood(one, pairs, key);
  if (metric === "seeps") return seeps(one, pairs, key);
  if (metric === "riskMatrixScore") return key === "value" ? riskMatrix(one, pairs) : undefined;
  const of = parameters.edges === undefined ? undefined : categoryKeys[key];
  if (of !== undefined) return score(one, pairs, of);
  switch (key) {
    case "value":
    case "pooled":
    case "unclipped":
    case "undefinedIsNaN":
      return score(one, pairs, metric);
    case "n":
      return { ...score(one, pairs, metric), value: ({ n }) => n };
    case "meanOfRuns":
      return score(one, pairs, metric, { runs: "mean" });
    case "clipped":
      return score(one, pairs, metric, { clip: parameters.clip });
    case "zeroWhenUndefined":
      return score(one, pairs, metric, { whenUndefined: "zero" });
    case "forecastThreshold":
      return termed(score(one, pairs, "contingencyTable"), "forecast threshold");
    case "observationThreshold":
      return termed(score(one, pairs, "contingencyTable"), "target threshold");
  }
  const named = scoreOf(key);
  if (named === undefined) return undefined;
  const { term } = allTableScores[named].doc;
  return termed(
    score(one, pairs, "thresholdMetrics", { scores: [named, "hits", "accuracy"].filter(unique) }),
    term,
  );
};

const unique = (value: string, k: number, all: readonly string[]): boolean => all.indexOf(value) === k;

const categoryKeys: Readonly<Record<string, string>> = {
  value: "heidkeSkillScore",
  accuracy: "accuracy",
  heidke: "heidkeSkillScore",
  peirce: "peirceSkillScore",
  gerrity: "gerritySkillScore",
};

const counted = { cases: 0, keys: 0 };
const leftOut: string[] = [];

/** All differences of one key; keys below a key say what is done with missing values. */
const check = (one: ScienceCase, pairs: Pair[], key: string): string[] => {
  const wanted = one.expected[key] as any;
  if (typeof wanted === "object" && wanted.dims === undefined) {
    const missing = key === "missingIsNonEvent" ? { missing: "nonEvent" } : {};
    return Object.keys(wanted).flatMap((inner) => {
      counted.keys += 1;
      const rows = rowsOfMetric(
        factories[inner]!("x", { ...eventsOf(one), ...pooling(one), ...missing }),
        pairs,
      );
      return differencesOf({ ...one, expected: wanted }, inner, { rows });
    });
  }
  counted.keys += 1;
  if (key === "threshold") {
    const field = quantileField(one.inputs.climatology_sample!, one.parameters.level);
    const [latitude, longitude] = ["latitude", "longitude"].map((dim) => wanted.coords[dim] as number[]);
    return differences(one, key, (labels) => {
      const row = (field.data as number[][])[latitude!.indexOf(Number(labels.latitude))]!;
      return row[longitude!.indexOf(Number(labels.longitude))];
    });
  }
  const reading = readingOf(one, pairs, key);
  if (reading === undefined) {
    leftOut.push(`${one.metric} ${key}`);
    return [`${key}: no option and no part of ours`];
  }
  return differencesOf(one, key, reading);
};

const differencesOf = (one: ScienceCase, key: string, { rows, term, value }: Reading): string[] => {
  const arrays = [...Object.values(one.inputs), one.expected[key] as LabelledArray];
  return differences(one, key, (labels) => {
    const found = rows.filter(
      (row) => (term === undefined || row.term === term) && lies(row, labels, arrays),
    );
    return found.length === 1 ? (value?.(found[0]!) ?? found[0]!.value) : undefined;
  });
};

/** A case of one threshold or level with a list of it, and its value along that list. */
const asList = (one: ScienceCase): ScienceCase[] => {
  const { threshold, level, ...parameters } = one.parameters;
  const { value } = one.expected;
  const isSample = one.inputs.climatology_sample !== undefined;
  if ((threshold === undefined && level === undefined) || value === undefined || isSample) return [];
  const [dim, label] = threshold === undefined ? ["level", level] : ["threshold", threshold];
  const { dims, coords, data } = typeof value === "object" ? value : { dims: [], coords: {}, data: value };
  const expected = { dims: [dim, ...dims], coords: { ...coords, [dim]: [label] }, data: [data] as any };
  return [
    { ...one, parameters: { ...parameters, [`${dim}s`]: [label] }, expected: { value: expected as any } },
  ];
};

describe.each(["categorical", "extremes", "spatial"])("%s", (family) => {
  const cases = scienceFamily(family).filter(isOurs);
  test("has cases", () => expect(cases.length).toBeGreaterThan(2));
  test("one threshold in a list is read as one without", () => {
    const lists = cases.filter(({ metric }) => metric in allTableScores).flatMap(asList);
    expect(lists.length > 0 || family !== "categorical").toBe(true);
    expect(lists.flatMap((one) => check(one, pairsOf(one), "value"))).toEqual([]);
  });
  test.each(cases.map((one) => [one.id, one] as const))("%s", (_, one) => {
    counted.cases += 1;
    const pairs = pairsOf(one);
    expect(Object.keys(one.expected).flatMap((key) => check(one, pairs, key))).toEqual([]);
  });
});

afterAll(() => {
  console.log(
    `science-metrics, tables: ${counted.cases} cases, ${counted.keys} keys; left out: ${leftOut.join(", ") || "nothing"}`,
  );
});

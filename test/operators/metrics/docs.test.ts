import { describe, expect, test } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { ClimatologyField } from "../../../src/model/pair.ts";
import type { Row } from "../../../src/model/row.ts";
import type { Source } from "../../../src/model/source.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";
import { compile } from "../../types/compile.ts";

const { metricDocs, metricCombinators } = metrics;

const source = (role: Source["role"], name: string): Source => ({
  role,
  name,
  format: "memory",
  address: name,
  variables: { surface_air_temperature: "K" },
});
const field = (name: string, unit: string): ClimatologyField => ({
  kind: "climatology",
  source: source("climatology", name),
  variable: name,
  unit,
  text: name,
});

/** What the unquoted names of the examples stand for. */
const given = {
  normals: source("climatology", "normals"),
  model: source("forecast", "model"),
  landShare: field("land_share", "1"),
  land: {
    type: "Polygon",
    coordinates: [
      [
        [-80, 20],
        [-60, 20],
        [-60, 45],
        [-80, 20],
      ],
    ],
  },
  altitude: field("altitude", "m"),
  differences: [0.1, -0.2, 0.3, 0.4],
  losses: [1.2, 0.8, 0.7, 0.9],
  otherLosses: [1.1, 1, 0.9, 0.8],
  rows: [] as Row[],
};

const made = (example: string): any => {
  const known = { ...metrics, ...given };
  return new Function(...Object.keys(known), `return ${example}`)(...Object.values(known));
};

const all = [...metricDocs, ...metricCombinators];

test("every function of ewb/metrics is told of exactly once, and nothing else is", () => {
  const functions = Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === "function" && name !== "defineMetric" ? [name] : [],
  );
  expect(all.map(({ name }) => name).sort()).toEqual(functions.sort());
});

describe.each(metricDocs)("$name", (doc) => {
  test("says formula, unit, range and reference", () => {
    for (const text of [doc.term, doc.formula, doc.unit, doc.family]) expect(text.trim()).not.toBe("");
    expect(doc.reference).toMatch(/doi:10\.\d{4,}\/\S+|https:\/\/\S+/);
    expect(doc.range[0]).toBeLessThan(doc.range[1]);
    if (doc.perfect !== null) {
      expect(doc.perfect).toBeGreaterThanOrEqual(doc.range[0]);
      expect(doc.perfect).toBeLessThanOrEqual(doc.range[1]);
    }
    expect(doc.example).toContain(`${doc.name}(`);
  });
});

/** Metrics of several numbers have the term of the first; a difference has that of its score before it. */
const rowTerms: Readonly<Record<string, string>> = {
  brierDecomposition: "Brier score",
  reliabilityDiagram: "observed frequency",
  discriminationDiagram: "share given the event",
  quantile: "quantile of the forecast",
  difference: "mean absolute error difference",
};

test.each(metricDocs.filter(({ ofNumbers }) => ofNumbers !== true))(
  "$name is the metric that its example makes",
  (doc) => {
    const metric: Metric = made(doc.example);
    expect(metric.name).toBe(doc.name);
    expect(metric.term).toBe(rowTerms[doc.name] ?? doc.term);
    const units: Record<string, string> = { "[x]": "K", "1": "1", "%": "%", km: "km", h: "h" };
    // Objects have a row in each of three units.
    if (doc.unit in units && doc.name !== "objectErrors") expect(metric.unit("K")).toBe(units[doc.unit]);
  },
);

test.each(metricDocs.filter(({ ofNumbers }) => ofNumbers === true))(
  "the example of $name gives something",
  ({ example }) => {
    expect(made(example)).toBeDefined();
  },
);

test.each(metricCombinators)("the example of $name runs", ({ name, says, example }) => {
  expect(says).not.toBe("");
  expect(example).toContain(`${name}(`);
  expect(made(example)).toBeDefined();
});

test("names, terms and short names are one metric's each, and short names are lower case", () => {
  const words = new Map<string, string>();
  for (const { name, term, short = [] } of metricDocs) {
    for (const word of short) expect(word).toBe(word.toLowerCase());
    for (const word of new Set([name, term, ...short].map((one) => one.toLowerCase()))) {
      expect(words.get(word), `${word} of ${name}`).toBeUndefined();
      words.set(word, name);
    }
  }
});

test("the examples compile where the variables are known", () => {
  const calls = metricDocs.filter(({ ofNumbers }) => ofNumbers !== true).map(({ example }) => example);
  const others = [...metricDocs.filter(({ ofNumbers }) => ofNumbers === true), ...metricCombinators];
  const metricsOfThese = ["by", "where", "withInterval", "skillScore", "hitRate", "extremalDependenceIndex"];
  const isMetric = (text: string) => metricsOfThese.some((name) => text.startsWith(`${name}(`));
  const more = others.map(({ example }) => example).filter(isMetric);
  const rest = others.map(({ example }) => example).filter((text) => !isMetric(text));
  const names = [...calls, ...more, ...rest].flatMap((text) =>
    [...text.matchAll(/\b([a-z]\w*)\(/gi)].map(([, name]) => name!),
  );
  const errors = compile({
    examples: [
      `import { ${[...new Set(names)].join(", ")} } from "ewb/metrics";`,
      'import type { Metric, Row } from "ewb";',
      "type Weather = {",
      '  surface_air_temperature: "K"; accumulated_precipitation: "kg m-2"; geopotential: "m2 s-2";',
      '  surface_wind_speed: "m s-1"; surface_eastward_wind: "m s-1"; surface_northward_wind: "m s-1";',
      '  atmospheric_river_mask: "1"; moderate: "1"; severe: "1"; t: "K"; t_mean: "K"; t_deviation: "K";',
      '  t_q10: "K"; t_q50: "K"; t_q90: "K"; below_270: "1"; below_290: "1"; below_310: "1";',
      '  t_analysis_1: "K"; t_analysis_2: "K";',
      '  storm_wind: "m s-1"; storm_latitude: "degrees_north"; storm_longitude: "degrees_east";',
      "};",
      "type Reads = Parameters<typeof climatologyQuantile<{ surface_air_temperature: 'K' }, 'surface_air_temperature'>>[0];",
      "declare const normals: Reads;",
      "declare const model: Parameters<typeof otherForecast>[0];",
      "declare const land: Parameters<typeof landfallDisplacement>[1]['coast']['land'];",
      "declare const landShare: Parameters<typeof landSea>[0];",
      "declare const altitude: Parameters<typeof altitudeClass>[0];",
      "declare const differences: number[]; declare const losses: number[]; declare const otherLosses: number[];",
      "declare const rows: Row[];",
      `export const all: Metric<Weather>[] = [\n${[...calls, ...more].join(",\n")},\n];`,
      `export const rest: unknown[] = [\n${rest.join(",\n")},\n];`,
    ].join("\n"),
  });
  expect(errors.filter(({ name }) => name === "examples")).toEqual([]);
}, 60_000);

describe("defineMetric", () => {
  const good = {
    name: "forecastCount",
    term: "forecast count",
    definition: "number of present forecasts",
    variable: "t" as const,
    zero: () => 0,
    observe: () => 1,
    merge: (a: number, b: number) => a + b,
    finish: (n: number) => (n === 0 ? [] : [{ value: n, n }]),
  };

  test("fills in what is usual", () => {
    const metric = metrics.defineMetric<{ t: "K" }, number>(good);
    expect(metric.name).toBe("forecastCount");
    expect(metric.parameters).toEqual({});
    expect(metric.needs).toEqual({ variables: ["t"] });
    expect(metric.unit("K")).toBe("K");
    expect(metric.finish(metric.merge(1, 2))).toEqual([{ value: 3, n: 3 }]);
    const own = metrics.defineMetric<{ t: "K" }, number>({
      ...good,
      unit: () => "1",
      parameters: { limit: "2 K" },
      needs: { variables: ["t"], members: true },
    });
    expect(own.unit("K")).toBe("1");
    expect(own.parameters).toEqual({ limit: "2 K" });
    expect(own.needs.members).toBe(true);
  });

  test.each<[object, RegExp]>([
    [{ name: "forecast count" }, /name is "forecast count"; expected one word in camelCase/],
    [{ term: " " }, /forecastCount: term is " "; expected words/],
    [{ definition: undefined }, /definition is undefined; expected a sentence/],
    [{ observe: undefined }, /observe is undefined; expected a function, \(pair\) => State/],
    [{ needs: { variables: ["u"] } }, /needs\.variables is \[u\]; expected its variable t among them/],
    [{ parameters: { limit: 2 } }, /parameters\.limit is 2; expected text, like \{ limit: "2" \}/],
  ])("refuses %o", (change, message) => {
    const define = () => metrics.defineMetric<{ t: "K" }, number>({ ...good, ...change } as typeof good);
    expect(define).toThrow(message);
    expect(define).toThrow(EwbError);
  });
});

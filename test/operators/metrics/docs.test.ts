import { describe, expect, test } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import type { BreakdownKind, Metric } from "../../../src/model/metric.ts";
import { ofPlaces, ofTimes } from "../../../src/operators/metrics/groups/breakdown.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";
import { compile } from "../../types/compile.ts";
import { made, weather } from "./examples.ts";

const { metricDocs, metricCombinators } = metrics;

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

const declared = [
  'import type { Metric, Row } from "ewb";',
  `type Weather = {${Object.entries(weather)
    .map(([name, unit]) => ` ${name}: "${unit}";`)
    .join("")} };`,
  "type Reads = Parameters<typeof climatologyQuantile<{ surface_air_temperature: 'K' }, 'surface_air_temperature'>>[0];",
  "declare const normals: Reads;",
  "declare const model: Parameters<typeof otherForecast>[0];",
  "declare const land: Parameters<typeof landfallDisplacement>[1]['coast']['land'];",
  "declare const landShare: Parameters<typeof landSea>[0];",
  "declare const altitude: Parameters<typeof altitudeClass>[0];",
  "declare const differences: number[]; declare const losses: number[]; declare const otherLosses: number[];",
  "declare const rows: Row[];",
];

/** A text around calls, with the functions that they use imported. */
const program = (lines: readonly string[]): string => {
  const names = [...declared, ...lines].flatMap((text) =>
    [...text.matchAll(/\b([a-z]\w*)\(|typeof (\w+)/gi)].map(([, called, named]) => (called ?? named)!),
  );
  return [`import { ${[...new Set(names)].join(", ")} } from "ewb/metrics";`, ...declared, ...lines].join(
    "\n",
  );
};

/** How each break-down is asked for. */
const words: Readonly<Record<BreakdownKind, string>> = {
  init_time: '"init_time"',
  lead_time: '"lead_time"',
  valid_time: '"valid_time"',
  hour: '"hour"',
  month: '"month"',
  season: '"season"',
  leadBin: 'leadBin("24 h")',
  latitudeBand: "latitudeBand(30)",
  region: "regions({ north: { south: 0, north: 90, west: -180, east: 180 } })",
  landSea: "landSea(landShare)",
  altitude: "altitudeClass(altitude, [500])",
  station: '"station"',
};
const kinds = [...ofTimes, ...ofPlaces];

test("the examples compile where the variables are known, and no break-down does that a metric has not", () => {
  const ofPairs = metricDocs.filter(({ ofNumbers }) => ofNumbers !== true);
  const calls = ofPairs.map(({ example }) => example);
  const others = [...metricDocs.filter(({ ofNumbers }) => ofNumbers === true), ...metricCombinators];
  const metricsOfThese = [
    "by",
    "where",
    "withInterval",
    "skillScore",
    "hitRate",
    "extremalDependenceIndex",
    "meanError",
  ];
  const isMetric = (text: string) => metricsOfThese.some((name) => text.startsWith(`${name}(`));
  const more = others.map(({ example }) => example).filter(isMetric);
  const rest = others.map(({ example }) => example).filter((text) => !isMetric(text));
  const grouped = ofPairs
    .filter(({ name }) => name !== "skillScore" && name !== "difference")
    .flatMap(({ example }) => {
      const { breakdowns, needs }: Metric = made(example);
      const allowed = breakdowns ?? (needs.whole === true ? ofTimes : kinds);
      const asking = (options: string): string =>
        `score(${example.endsWith(" })") ? example.slice(0, -3) : `${example.slice(0, -1)}, { keep: []`}, ${options} }));`.replace(
          "{ keep: [], ",
          "{ ",
        );
      return [
        asking(`by: [${allowed.map((kind) => words[kind]).join(", ")}], where: [{ sea: landShare }]`),
        ...kinds
          .filter((kind) => !allowed.includes(kind))
          .flatMap((kind) => ["// @ts-expect-error", asking(`by: [${words[kind]}]`)]),
        "// @ts-expect-error",
        asking('where: { variable: "no_such_variable", above: "1 K" }'),
      ];
    });
  const errors = compile({
    examples: program([
      `export const all: Metric<Weather>[] = [\n${[...calls, ...more].join(",\n")},\n];`,
      `export const rest: unknown[] = [\n${rest.join(",\n")},\n];`,
    ]),
    groups: program(["declare const score: (metric: Metric<Weather>) => void;", ...grouped]).replace(
      " score,",
      "",
    ),
  });
  expect(errors.filter(({ name }) => name === "examples" || name === "groups")).toEqual([]);
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

/** Tables of events and categories obey the laws of metrics, and those of two-by-two tables. */
import { describe, expect, test } from "vitest";
import type { Metric, MetricRow } from "../../src/model/metric.ts";
import type { ClimatologyField, Pair, Places } from "../../src/model/pair.ts";
import * as metrics from "../../src/operators/metrics/index.ts";
import { allTableScores } from "../../src/operators/metrics/tables/allTableScores.ts";
import { randomPairs } from "../../src/testing/randomPairs.ts";
import { metricLaws } from "./laws.ts";

type T = { t: "K" };
const {
  accuracy,
  contingencyTable,
  gerritySkillScore,
  heidkeSkillScore,
  neighbourhoodContingency,
  ownQuantile,
  peirceSkillScore,
  riskMatrixScore,
  seeps,
  symmetricExtremalDependenceIndex,
  thresholdMetrics,
} = metrics;

const field = (text: string, unit = "K"): ClimatologyField<any> => ({
  kind: "climatology",
  source: { role: "climatology", name: text, format: "memory", address: text, variables: { t: unit } },
  variable: "t",
  unit,
  text,
});
const normals = field("normals");

const factories = metrics as unknown as Record<string, (variable: string, options: object) => Metric<any>>;
const names = Object.keys(allTableScores) as (keyof typeof allTableScores)[];
const perfectOf = (name: keyof typeof allTableScores) => allTableScores[name].doc.perfect;

describe("the laws of metrics", () => {
  const numbers = { above: "290 K" };
  test.each(names)("%s", (name) => metricLaws(factories[name]!("t", numbers), { perfect: perfectOf(name) }));

  const events: Record<string, object> = {
    "several thresholds": { above: ["280 K", "300 K", "290 K"], target: ["281 K", "299 K", "290 K"] },
    "area, strictly": { above: ["280 K", "290 K"], strictly: true, weights: "area" },
    "cosine, below": { below: ["280 K", "290 K"], weights: "cosine" },
    "below, strictly, by run": { below: "290 K", strictly: true, keep: ["init_time"] },
    climatology: { above: normals },
    "climatology and numbers": { below: [normals, "290 K"], target: ["290 K", normals], weights: "area" },
    "mean of runs": { above: "290 K", runs: "mean", weights: "area" },
    "mean of runs of everything": { above: ["290 K", "280 K"], runs: "mean", keep: [] },
    "own quantiles": { above: [ownQuantile(0.5), ownQuantile(0.9)], keep: [] },
    "own quantiles below": { below: ownQuantile(0.25), target: ownQuantile(0.3), strictly: true },
  };
  test.each(Object.keys(events))("threshold metrics: %s", (name) =>
    metricLaws(
      thresholdMetrics<T>("t", {
        ...(events[name] as { above: "290 K" }),
        scores: ["hits", "frequencyBias", "heidkeSkillScore"],
      }),
      { perfect: null },
    ),
  );
  test.each(Object.keys(events))("perfect: %s", (name) => {
    const { target: _, ...same } = events[name] as { above: "290 K"; target: "290 K" };
    metricLaws(heidkeSkillScore<T>("t", same), { runs: 40, perfect: 1 });
  });
  test("contingency table", () =>
    metricLaws(contingencyTable<T>("t", { above: [ownQuantile(0.5)], runs: "mean" }), { perfect: null }));
  test("missing values as non-events", () =>
    metricLaws(contingencyTable<T>("t", { below: ["290 K", normals], missing: "nonEvent" }), {
      perfect: null,
      missingIsAbsent: false,
    }));
  test("clipped rates", () =>
    metricLaws(symmetricExtremalDependenceIndex<T>("t", { above: "290 K", clip: 1e-6 }), { perfect: null }));

  const edges = ["-Infinity K", "280 K", "290 K", "300 K", "Infinity K"] as const;
  for (const make of [accuracy, heidkeSkillScore, peirceSkillScore, gerritySkillScore]) {
    for (const weights of ["none", "area"] as const) {
      test(`${make.name} of categories, weights ${weights}`, () =>
        metricLaws(make<T>("t", { edges, weights }), { perfect: 1 }));
    }
  }
  test("categories of some values only, mean of runs", () =>
    metricLaws(heidkeSkillScore<T>("t", { edges: ["275 K", "290 K", "295 K"], runs: "mean" }), {
      perfect: 1,
    }));

  const dryProbability = field("dry", "1");
  const probable = (seed: number): Pair[] => {
    const pairs = randomPairs(seed, { variables: { t: "K" } });
    return pairs.map((pair) => ({
      ...pair,
      climatology: (wanted: ClimatologyField) => {
        const { values } = pair.climatology(wanted);
        return wanted.text === "dry"
          ? { unit: "1", values: values.map((value) => (value - 260) / 60) }
          : { unit: "K", values };
      },
    }));
  };
  test.each([{}, { heavy: "at least", masked: "none", weights: "cosine" }] as const)("seeps %j", (more) =>
    metricLaws(seeps<T>("t", { dryProbability, heavyThreshold: normals, dryThreshold: "275 K", ...more }), {
      pairs: probable,
    }),
  );

  test("risk matrix score", () => {
    const pairs = (seed: number): Pair[] =>
      randomPairs(seed, { variables: { a: "1", b: "1" }, range: [0, 1] }).map((pair) => ({
        ...pair,
        target: Object.fromEntries(
          Object.entries(pair.target).map(([name, { unit, values }]) => [
            name,
            { unit, values: values.map((value) => (Number.isNaN(value) ? value : Number(value > 0.5))) },
          ]),
        ),
      }));
    const matrix = [
      [1, 2],
      [3, 0.1],
    ];
    for (const onThreshold of ["above", "below"] as const) {
      metricLaws(
        riskMatrixScore<{ a: "1"; b: "1" }>(["a", "b"], {
          probabilityThresholds: [0.1, 0.7],
          matrix,
          onThreshold,
        }),
        { pairs },
      );
    }
  });

  /** The whole field as one leaf: a unit is never cut for a metric that needs all of it. */
  const uncut = (seed: number): Pair[] =>
    randomPairs(seed, { variables: { t: "K" } }).flatMap((pair) => {
      if (pair.places.kind === "points") return [];
      const places: Places = {
        ...pair.places,
        leaves: Uint32Array.of(0, pair.places.leaves.at(-1)!),
        weights: () => Float64Array.of(0.7),
      };
      return [{ ...pair, places }];
    });
  test.each([
    { above: "300 K", window: 3 },
    { below: ["280 K", normals], window: { rows: 1, columns: 5 }, weights: "area", runs: "mean" },
  ] as const)("neighbourhood %j", (options) =>
    metricLaws(neighbourhoodContingency<T>("t", options), { pairs: uncut, perfect: null }),
  );
});

/** Values of a metric by its keys and rows, over random pairs. */
const rowsOf = (metric: Metric<any>, pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero()));
const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);
const pairsOf = (seed: number): Pair[] => randomPairs(seed, { variables: { t: "K" } });
const valuesOf = (name: string, options: object, pairs: readonly Pair[]): number[] =>
  rowsOf(factories[name]!("t", options), pairs).map(({ value }) => value);
const close = (got: readonly number[], wanted: readonly number[]): void => {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of got.entries()) {
    if (Number.isNaN(value) || Number.isNaN(wanted[i]!)) continue;
    expect(value).toBeCloseTo(wanted[i]!, 9);
  }
};

describe("the laws of two-by-two tables", () => {
  const options = { above: ["280 K", "290 K", "300 K"], weights: "area" };
  const each = (name: string, check: (value: (name: string) => number[], pairs: Pair[]) => void): void =>
    test(name, () => {
      for (const seed of seeds) {
        const pairs = pairsOf(seed);
        check((score) => valuesOf(score, options, pairs), pairs);
      }
    });
  const zip = (a: readonly number[], b: readonly number[], of: (x: number, y: number) => number) =>
    a.map((x, i) => of(x, b[i]!));

  test("counts add up to n, hits do not grow with the threshold", () => {
    let seen = 0;
    for (const seed of seeds) {
      const rows = rowsOf(contingencyTable<T>("t", { above: ["280 K", "290 K", "300 K"] }), pairsOf(seed));
      for (let i = 0; i < rows.length; i += 12) {
        const tables = [0, 4, 8].map((at) => rows.slice(i + at, i + at + 4));
        for (const table of tables) {
          if (table[0]!.n === 0) continue;
          seen += 1;
          expect(table.reduce((sum, { value }) => sum + value, 0)).toBe(table[0]!.n);
        }
        const [low, middle, high] = tables.map((table) => table[0]!.value);
        if (table0(rows[i]!)) expect([low! >= middle!, middle! >= high!]).toEqual([true, true]);
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
  const table0 = ({ n }: MetricRow): boolean => n > 0;
  each("1 / CSI = 1 / POD + 1 / SR - 1", (value) =>
    close(
      value("criticalSuccessIndex").map((csi) => 1 / csi),
      zip(value("hitRate"), value("successRatio"), (pod, sr) => 1 / pod + 1 / sr - 1).map((x) =>
        Number.isFinite(x) ? x : Number.NaN,
      ),
    ),
  );
  each("F1 = 2 CSI / (1 + CSI)", (value) =>
    close(
      value("f1Score"),
      value("criticalSuccessIndex").map((csi) => (2 * csi) / (1 + csi)),
    ),
  );
  each("ETS = HSS / (2 - HSS), at least -1/3", (value) => {
    const ets = value("equitableThreatScore");
    close(
      ets,
      value("heidkeSkillScore").map((hss) => hss / (2 - hss)),
    );
    for (const one of ets) expect(one < -1 / 3 - 1e-12).toBe(false);
  });
  each("frequency bias = POD / SR", (value) =>
    close(
      value("frequencyBias").map((x) => (Number.isFinite(x) && x > 0 ? x : Number.NaN)),
      zip(value("hitRate"), value("successRatio"), (pod, sr) => pod / sr),
    ),
  );
  each("Peirce = POD - POFD, Yule's Q from the odds ratio", (value) => {
    close(
      value("peirceSkillScore"),
      zip(value("hitRate"), value("probabilityOfFalseDetection"), (pod, pofd) => pod - pofd),
    );
    close(
      value("oddsRatioSkillScore"),
      value("oddsRatio").map((ratio) => (ratio - 1) / (ratio + 1)),
    );
  });
  test.each([
    "accuracy",
    "heidkeSkillScore",
    "peirceSkillScore",
    "oddsRatio",
    "oddsRatioSkillScore",
    "matthewsCorrelation",
    "symmetricExtremalDependenceIndex",
  ])("%s does not see event and non-event exchanged", (name) => {
    for (const seed of seeds) {
      const pairs = pairsOf(seed);
      close(
        valuesOf(name, { above: ["285 K", "290 K"] }, pairs),
        valuesOf(name, { below: ["285 K", "290 K"], strictly: true }, pairs),
      );
    }
  });
  test("two categories are a table of events", () => {
    const edges = ["-Infinity K", "290 K", "Infinity K"];
    for (const name of ["accuracy", "heidkeSkillScore", "peirceSkillScore"]) {
      for (const seed of seeds) {
        const pairs = pairsOf(seed);
        close(valuesOf(name, { edges }, pairs), valuesOf(name, { above: "290 K" }, pairs));
      }
    }
  });
  test("several thresholds in one pass are each by itself", () => {
    for (const seed of seeds) {
      const pairs = pairsOf(seed);
      for (const weights of ["none", "area"]) {
        const alone = ["300 K", "280 K", "285.5 K"].map((above) =>
          valuesOf("contingencyTable", { above, weights, keep: [] }, pairs),
        );
        const all = { above: ["300 K", "280 K", "285.5 K"], weights, keep: [] };
        expect(valuesOf("contingencyTable", all, pairs)).toEqual(alone.flat());
      }
    }
  });
  test("above own quantiles without ties there is no bias: SEDS is EDS", () => {
    const above = { above: [ownQuantile(0.6), ownQuantile(0.8)], strictly: true, keep: [] };
    for (const seed of seeds) {
      let next = 0;
      const untied = pairsOf(seed).map((pair): Pair => {
        const own = (fields: Pair["forecast"]) => ({
          t: { unit: "K", values: Float64Array.from(fields.t!.values, (value) => value + ++next * 1e-6) },
        });
        return { ...pair, forecast: own(pair.forecast), target: own(pair.target) };
      });
      for (const bias of valuesOf("frequencyBias", above, untied)) {
        if (!Number.isNaN(bias)) expect(bias).toBe(1);
      }
      close(
        valuesOf("symmetricExtremeDependencyScore", above, untied),
        valuesOf("extremeDependencyScore", above, untied),
      );
    }
  });
  test("a neighbourhood of one place is the table; the success ratio nearby grows with the window", () => {
    let grown = 0;
    for (const seed of seeds) {
      const pairs = pairsOf(seed).filter(({ places }) => places.kind === "grid");
      const of = (window: number, name: string) =>
        valuesOf("neighbourhoodContingency", { above: "300 K", window, scores: [name] }, pairs);
      expect(of(1, "hits")).toEqual(valuesOf("hits", { above: "300 K" }, pairs));
      expect(of(1, "successRatioNear")).toEqual(valuesOf("successRatio", { above: "300 K" }, pairs));
      const [small, large] = [of(1, "successRatioNear"), of(3, "successRatioNear")];
      for (const [i, value] of small.entries()) {
        expect(large[i]! < value).toBe(false);
        if (large[i]! > value) grown += 1;
      }
    }
    expect(grown).toBeGreaterThan(20);
  });
});

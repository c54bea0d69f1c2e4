/** Intervals, differences and skill from kept states, against the same by hand. */
import { describe, expect, test } from "vitest";
import { gridPlaces } from "../../../src/kernels/places.ts";
import { intervalOf } from "../../../src/kernels/statistics/bootstrapConfidenceInterval.ts";
import { dieboldMarianoTest } from "../../../src/kernels/statistics/dieboldMarianoTest.ts";
import { randomNumbers } from "../../../src/kernels/statistics/randomNumbers.ts";
import { resampleDraws } from "../../../src/kernels/statistics/resampleDraws.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { Pair } from "../../../src/model/pair.ts";
import type { Row } from "../../../src/model/row.ts";
import { latitudeBand } from "../../../src/operators/metrics/groups/breakdown.ts";
import { by } from "../../../src/operators/metrics/groups/by.ts";
import { where } from "../../../src/operators/metrics/groups/where.ts";
import {
  continuousRankedProbabilityScore,
  criticalSuccessIndex,
  earlySignal,
  energyScore,
  maximumError,
  meanError,
  meanSquaredError,
  pearsonCorrelation,
  relativeIntensity,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";
import { type Keyed, keyedRows } from "../../../src/operators/metrics/keyed.ts";
import { bootstrapRows } from "../../../src/operators/metrics/uncertainty/bootstrapRows.ts";
import { difference } from "../../../src/operators/metrics/uncertainty/difference.ts";
import { withInterval } from "../../../src/operators/metrics/uncertainty/interval.ts";
import { namedReference, persistence } from "../../../src/operators/metrics/uncertainty/reference.ts";
import { skillScore } from "../../../src/operators/metrics/uncertainty/skill.ts";
import { rowsOfMetric } from "../../golden/goldenPairs.ts";

type T = { t: "K" };
const HOUR = 3_600_000;
const RUNS = 12;
const START = Date.UTC(2022, 0, 1);
const next = randomNumbers(9);
const axis = Float64Array.of(0, 1, 2);
const places = gridPlaces(
  { latitude: axis, longitude: axis },
  { rows: { start: 0, stop: 3 }, columns: [{ start: 0, stop: 3 }] },
);
const values = (scale: number) => Float64Array.from({ length: 9 }, () => (next() - 0.4) * scale);
const pairs: Pair[] = Array.from({ length: RUNS }, (_, run) =>
  [0, 24].map((leadHours): Pair => {
    const other = values(3);
    // The reference lacks a place of some runs.
    if (run % 3 === 0) other[4] = Number.NaN;
    return {
      event: {
        id: 1,
        title: "",
        type: "",
        start: 0,
        end: 1,
        region: { south: 0, north: 2, west: 0, east: 2 },
      },
      initTime: START + run * 12 * HOUR,
      leadHours,
      validTime: START + (run * 12 + leadHours) * HOUR,
      matched: true,
      places,
      forecast: { t: { unit: "K", values: values(1 + run / 5) } },
      target: { t: { unit: "K", values: new Float64Array(9) } },
      climatology: ({ unit }) => ({ unit, values: new Float64Array(9) }),
      reference: () => ({ unit: "K", values: other }),
    };
  }),
).flat();
const ofRuns = (draw: ArrayLike<number>, lead: number): Pair[] =>
  Array.from(draw).flatMap((run) =>
    pairs.filter(({ initTime, leadHours }) => initTime === START + run * 12 * HOUR && leadHours === lead),
  );
/** The value of a metric over drawn runs, each as often as it was drawn. */
const drawn = (metric: Metric<T>, draw: ArrayLike<number>, lead: number): number =>
  rowsOfMetric(metric, ofRuns(draw, lead))[0]!.value;
const rmse = rootMeanSquaredError<T>("t");
const all = Uint32Array.from({ length: RUNS }, (_, i) => i);

describe("intervals", () => {
  for (const interval of ["percentile", "basic", "norm", "bca"] as const) {
    test(`${interval} is that of whole runs drawn by hand`, () => {
      const draws = resampleDraws(RUNS, { resamples: 40, seed: 3, block: 4 });
      const rows = rowsOfMetric(
        withInterval(rmse, { resamples: 40, seed: 3, block: "2 days", interval }),
        pairs,
      );
      expect(rows.map(({ leadHours }) => leadHours)).toEqual([0, 24]);
      for (const [k, lead] of [0, 24].entries()) {
        const replicates = draws.map((draw) => drawn(rmse, draw, lead));
        const leftOut = Array.from(all, (left) =>
          drawn(
            rmse,
            all.filter((run) => run !== left),
            lead,
          ),
        );
        const value = drawn(rmse, all, lead);
        const wanted = intervalOf(value, replicates, { interval, confidence: 0.95, leftOut });
        expect(rows[k]).toMatchObject({ value, confidence: 0.95, n: 9 * RUNS });
        expect(rows[k]!.lower).toBeCloseTo(wanted.lower, 12);
        expect(rows[k]!.upper).toBeCloseTo(wanted.upper, 12);
      }
    });
  }
  test("sums that add up give the interval that merged states give", () => {
    for (const metric of [rmse, skillScore(rmse, persistence())]) {
      const summed = metric.additive === undefined ? { ...rmse, additive: additiveOf(rmse) } : metric;
      const { additive: _, ...merged } = summed;
      const options = { resamples: 50, block: 3, interval: "bca" } as const;
      const [a, b] = [summed, merged].map((each) =>
        rowsOfMetric(withInterval(each as Metric<T>, options), pairs),
      );
      for (const [i, row] of a!.entries()) {
        expect(row.value).toBe(b![i]!.value);
        expect(row.lower).toBeCloseTo(b![i]!.lower!, 12);
        expect(row.upper).toBeCloseTo(b![i]!.upper!, 12);
      }
    }
  });
  test("skill of sums that add up adds up", () => {
    const additive = { ...rmse, additive: additiveOf(rmse) };
    const [a, b] = [additive, rmse].map((metric) =>
      rowsOfMetric(
        withInterval(skillScore(metric as Metric<T>, namedReference("b")), { resamples: 30 }),
        pairs,
      ),
    );
    for (const [i, row] of a!.entries()) {
      expect(row.value).toBe(b![i]!.value);
      expect(row.lower).toBeCloseTo(b![i]!.lower!, 12);
    }
  });
  test("a run without samples is no run, and a row of one run has no interval", () => {
    const blank = { ...pairs[0]!, initTime: START - 12 * HOUR, forecast: { t: missing() } };
    const metric = withInterval(rmse, { resamples: 20 });
    expect(rowsOfMetric(metric, [...pairs, blank])).toEqual(rowsOfMetric(metric, pairs));
    const kept = withInterval(rootMeanSquaredError<T>("t", { keep: ["init_time"] }));
    expect(rowsOfMetric(kept, pairs)[0]).not.toHaveProperty("lower");
  });
  test.each([
    { block: 0 },
    { block: "5 weeks" as never },
    { block: "0 h" as const },
    { confidence: 95 },
    { resamples: 0 },
    { seed: 0.5 },
    { over: "case" as never },
    { interval: "t" as never },
    { blocks: "any" as never },
    { resample: 5 } as never,
  ])("%j is refused", (options) => expect(() => withInterval(rmse, options)).toThrow(/withInterval: /));
});

const missing = () => ({ unit: "K", values: new Float64Array(9).fill(Number.NaN) });

/** What a metric of sums would say of its state. */
const additiveOf = (metric: Metric<T>): NonNullable<Metric["additive"]> => ({
  totals: (state: Keyed<any>) =>
    keyedRows(state, (entry) => ({ ...entry, value: 0 }) as any).map((entry: any) => ({
      initTime: entry.initTime,
      leadHours: entry.leadHours,
      validTime: entry.validTime,
      n: entry.n,
      weight: entry.weight.reduce((sum: number, part: number) => sum + part, 0),
      sums: (entry.sums ?? [entry.sum]).map((sum: number[]) => sum.reduce((a, b) => a + b, 0)),
    })),
  rows: ({ initTime, leadHours, validTime, n, weight, sums }) =>
    metric.name === "rootMeanSquaredError"
      ? [
          {
            initTime: initTime ?? null,
            leadHours: leadHours ?? null,
            validTime: validTime ?? null,
            value: Math.sqrt(sums[0]! / weight),
            n,
          },
        ]
      : [],
});

describe("skill and difference", () => {
  const other = (pair: Pair): Pair => {
    const field = pair.reference!(persistence(), "t");
    return { ...pair, forecast: { t: field } };
  };
  const common = (pair: Pair): Pair => {
    const lacks = other(pair).forecast.t!.values;
    const kept = pair.forecast.t!.values.map((value, i) => (Number.isNaN(lacks[i]!) ? Number.NaN : value));
    return { ...pair, forecast: { t: { unit: "K", values: kept } } };
  };
  const mse = meanSquaredError<T>("t");
  const [own, theirs] = [common, other].map((change) => rowsOfMetric(mse, pairs.map(change)));
  test("skill is over the pairs that both have", () => {
    const rows = rowsOfMetric(skillScore(mse, persistence()), pairs);
    expect(rows.map(({ value }) => value)).toEqual(own!.map(({ value }, i) => 1 - value / theirs![i]!.value));
    expect(rows.map(({ n }) => n)).toEqual(theirs!.map(({ n }) => n));
    expect(rows[0]).toMatchObject({ reference: "persistence", n: 9 * RUNS - 4 });
    const [wide] = rowsOfMetric(skillScore(mse, persistence(), { pairs: "own" }), pairs);
    expect(wide!.n).toBe(9 * RUNS);
  });
  test("skill of a score that is best at another value than 0", () => {
    const of = {
      ...mse,
      finish: (state: any) => mse.finish(state).map((row) => ({ ...row, value: 1 - row.value })),
    };
    const rows = rowsOfMetric(skillScore(of, persistence(), { perfect: 1 }), pairs);
    const plain = rowsOfMetric(skillScore(mse, persistence()), pairs);
    for (const [i, row] of rows.entries()) expect(row.value).toBeCloseTo(plain[i]!.value, 12);
  });
  test("difference, its share of better draws and the test of Diebold and Mariano", () => {
    const rows = rowsOfMetric(difference(mse, persistence(), { resamples: 60, seed: 2 }), pairs);
    const draws = resampleDraws(RUNS, { resamples: 60, seed: 2 });
    for (const [k, lead] of [0, 24].entries()) {
      const value = own![k]!.value - theirs![k]!.value;
      expect(rows[k]!.value).toBe(value);
      const of = (draw: ArrayLike<number>): number => {
        const chosen = ofRuns(draw, lead);
        const [a, b] = [common, other].map((change) => rowsOfMetric(mse, chosen.map(change))[0]!.value);
        return a! - b!;
      };
      const replicates = draws.map(of);
      const wanted = intervalOf(value, replicates, { interval: "percentile", confidence: 0.95 });
      expect(rows[k]!.lower).toBeCloseTo(wanted.lower, 12);
      expect(rows[k]!.upper).toBeCloseTo(wanted.upper, 12);
      expect(rows[k]!.shareBetter).toBe(replicates.filter((one) => one < 0).length / 60);
      // Runs are 12 h apart: 24 h are two steps.
      const dm = dieboldMarianoTest(
        Array.from(all, (run) => of([run])),
        { horizon: lead === 0 ? 1 : 2 },
      );
      expect(rows[k]!.extra!.diebold_mariano).toBeCloseTo(dm.statistic, 12);
      expect(rows[k]!.extra!.p_value).toBeCloseTo(dm.pValue, 12);
    }
    const high = rowsOfMetric(
      difference(mse, persistence(), { resamples: 60, seed: 2, better: "high" }),
      pairs,
    );
    expect(high[0]!.shareBetter).toBeCloseTo(1 - rows[0]!.shareBetter!, 12);
  });
  test("what is missing or in another unit is refused", () => {
    const metric = skillScore(mse, persistence());
    const { reference: _, ...alone } = pairs[0]!;
    expect(() => metric.observe(alone as any)).toThrow("needs.references");
    const celsius = { ...pairs[0]!, reference: () => ({ unit: "degC", values: new Float64Array(9) }) };
    expect(() => metric.observe(celsius as any)).toThrow("in degC");
    expect(() => skillScore(mse, {} as never)).toThrow("there is no reference for t");
    expect(() => skillScore(mse, "persistence" as never)).toThrow("expected persistence()");
    expect(() => difference(mse, persistence(), { horizon: 0 })).toThrow("horizon");
    expect(() => skillScore(mse, persistence(), { better: "low" } as never)).toThrow("no option");
  });
  test("needs what the metric and the reference need", () => {
    expect(skillScore(mse, persistence()).needs.references).toEqual([persistence()]);
    expect(withInterval(skillScore(mse, persistence())).needs.references).toHaveLength(1);
  });
  describe("conditions on the forecast", () => {
    const reference = (pair: Pair): Pair => ({ ...other(pair), judgedBy: common(pair).forecast });
    const above = { above: "0.2 K" } as const;
    for (const [name, metric] of [
      ["where", where(mse, { variable: "t", side: "forecast", ...above })],
      ["given forecast", meanSquaredError<T>("t", { given: { side: "forecast", ...above } })],
      ["given either", meanSquaredError<T>("t", { given: { side: "either", ...above } })],
      ["of a part", by(where(mse, { variable: "t", side: "forecast", ...above }), [latitudeBand(1)])],
    ] as const) {
      test(`${name}: both are scored over the pairs that the forecast chooses`, () => {
        const [ofOwn, ofOther] = [common, reference].map((change) => rowsOfMetric(metric, pairs.map(change)));
        // By hand: the sum over the places where the forecast meets it.
        const chosen = pairs.filter(({ leadHours }) => leadHours === 0);
        let [n, sum] = [0, 0];
        for (const pair of chosen) {
          const [f, o] = [common(pair).forecast.t!.values, other(pair).forecast.t!.values];
          for (let i = 0; i < f.length; i++) {
            if (!(f[i]! >= 0.2)) continue;
            n += 1;
            sum += o[i]! * o[i]!;
          }
        }
        if (name !== "of a part") {
          expect(ofOther![0]!.n).toBe(n);
          expect(ofOther![0]!.value).toBeGreaterThan((sum / n) * 0.99);
          expect(ofOther![0]!.value).toBeLessThan((sum / n) * 1.01);
        }
        const rows = rowsOfMetric(skillScore(metric as Metric<T>, persistence()), pairs);
        expect(rows.map(({ value }) => value)).toEqual(
          ofOwn!.map(({ value }, i) => 1 - value / ofOther![i]!.value),
        );
        const alike = rowsOfMetric(difference(metric as Metric<T>, persistence(), { resamples: 5 }), pairs);
        expect(alike.map(({ value }) => value)).toEqual(
          ofOwn!.map(({ value }, i) => value - ofOther![i]!.value),
        );
        expect(ofOther!.map((row) => row.n)).toEqual(ofOwn!.map((row) => row.n));
      });
    }
    test("own pairs are chosen by each itself", () => {
      const metric = where(mse, { variable: "t", side: "forecast", ...above });
      const [alone, ofOther] = [(pair: Pair) => pair, other].map((change) =>
        rowsOfMetric(metric, pairs.map(change)),
      );
      const rows = rowsOfMetric(skillScore(metric, persistence(), { pairs: "own" }), pairs);
      expect(rows.map(({ value }) => value)).toEqual(
        alone!.map(({ value }, i) => 1 - value / ofOther![i]!.value),
      );
    });
  });
  describe("a place that some members lack", () => {
    const members = [values(1), values(1), values(1)];
    for (const member of members.slice(1)) member[7] = Number.NaN;
    members[2]![3] = Number.NaN;
    const pair = { ...pairs[4]!, forecast: { t: { unit: "K", values: members[0]!, members } } };
    const nOf = (metric: Metric<T>): readonly number[] => {
      const seen: number[] = [];
      const spy: Metric<T> = {
        ...metric,
        observe: (view) => {
          seen.push(view.forecast.t.values.filter((value) => !Number.isNaN(value)).length);
          return metric.observe(view);
        },
      };
      rowsOfMetric(skillScore(spy, persistence()), [pair]);
      return seen;
    };
    test("counts as often as the metric wants members", () => {
      expect(nOf(meanError<T>("t"))).toEqual([9, 9]);
      expect(nOf(continuousRankedProbabilityScore<T>("t", { estimator: "ecdf" }))).toEqual([9, 9]);
      expect(nOf(continuousRankedProbabilityScore<T>("t"))).toEqual([8, 8]);
      expect(nOf(energyScore<T>("t"))).toEqual([7, 7]);
      const [row] = rowsOfMetric(
        skillScore(continuousRankedProbabilityScore<T>("t", { estimator: "ecdf" }), persistence()),
        [pair],
      );
      expect(row!.n).toBe(9);
    });
  });
});

describe("the mean of the scores of each run", () => {
  const scores: readonly Metric<T>[] = [
    rootMeanSquaredError<T>("t", { runs: "mean" }),
    criticalSuccessIndex<T>("t", { above: ["0.1 K", "5 K"], runs: "mean" }),
    pearsonCorrelation<T>("t", { keep: ["lead_time"], runs: "mean" }),
    maximumError<T>("t", { absolute: true }),
    relativeIntensity<T>("t", { weights: "none", keep: [] }),
    earlySignal<T>("t", { above: "0.1 K", space: "half", time: "half", keep: [] }),
    by(rootMeanSquaredError<T>("t", { runs: "mean" }), [latitudeBand(1), "hour"]),
    by(by(criticalSuccessIndex<T>("t", { above: "0.1 K", runs: "mean" }), [latitudeBand(1)]), ["month"]),
    skillScore(rootMeanSquaredError<T>("t", { runs: "mean" }), persistence()),
    skillScore(criticalSuccessIndex<T>("t", { above: "0.1 K", runs: "mean" }), persistence(), { perfect: 1 }),
    by(skillScore(by(rootMeanSquaredError<T>("t", { runs: "mean" }), [latitudeBand(1)]), persistence()), [
      "month",
    ]),
  ];
  // Targets with events and with variance; the second run has no event.
  const varied = pairs.map((pair): Pair => {
    const target = pair.forecast.t!.values.map((value, i) => value * 0.5 + (i % 3) / 5 - 0.2);
    const none = pair.initTime === START + 12 * HOUR;
    return { ...pair, target: { t: { unit: "K", values: none ? target.map(() => -9) : target } } };
  });
  const stateOf = (metric: Metric<T>) =>
    varied.reduce((state, pair) => metric.merge(state, metric.observe(pair as Pair<T>)), metric.zero());
  const sorted = (rows: readonly object[]): string[] =>
    rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
  for (const metric of scores) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}: rows of totals are those of the state`, () => {
      const { additive } = metric;
      const state = stateOf(metric);
      const rows = additive!.totals(state).flatMap((total) => additive!.rows(total));
      expect(sorted(rows)).toEqual(sorted(metric.finish(state)));
    });
  }
  const means = [
    [rootMeanSquaredError<T>("t", { runs: "mean" }), rootMeanSquaredError<T>("t")],
    [
      criticalSuccessIndex<T>("t", { above: "0.1 K", runs: "mean" }),
      criticalSuccessIndex<T>("t", { above: "0.1 K" }),
    ],
    [pearsonCorrelation<T>("t", { runs: "mean" }), pearsonCorrelation<T>("t")],
    [maximumError<T>("t"), maximumError<T>("t")],
    [relativeIntensity<T>("t"), relativeIntensity<T>("t")],
    [
      by(rootMeanSquaredError<T>("t", { runs: "mean" }), [latitudeBand(3)]),
      by(rootMeanSquaredError<T>("t"), [latitudeBand(3)]),
    ],
  ] as const;
  for (const [metric, ofRun] of means) {
    test(`${metric.name} ${JSON.stringify(metric.parameters)}: a run drawn twice counts twice`, () => {
      const draws = resampleDraws(RUNS, { resamples: 50, seed: 5 });
      const first = (run: number): Pair[] =>
        varied.filter(({ initTime, leadHours }) => initTime === START + run * 12 * HOUR && leadHours === 0);
      const values = Array.from(all, (run) => rowsOfMetric(ofRun as Metric<T>, first(run))[0]!.value);
      const meanOf = (draw: ArrayLike<number>): number => {
        const present = Array.from(draw, (run) => values[run]!).filter((value) => !Number.isNaN(value));
        return present.reduce((sum, value) => sum + value, 0) / present.length;
      };
      const value = meanOf(all);
      const wanted = intervalOf(value, draws.map(meanOf), { interval: "percentile", confidence: 0.95 });
      const [row] = rowsOfMetric(withInterval(metric as Metric<T>, { resamples: 50, seed: 5 }), varied);
      expect(row!.value).toBeCloseTo(value, 12);
      expect(row!.lower).toBeCloseTo(wanted.lower, 12);
      expect(row!.upper).toBeCloseTo(wanted.upper, 12);
      expect(row!.upper).toBeGreaterThan(row!.lower!);
    });
  }
  test("their differences have intervals too", () => {
    const metric = criticalSuccessIndex<T>("t", { above: "0.1 K", runs: "mean" });
    for (const score of [metric, rootMeanSquaredError<T>("t", { runs: "mean" })]) {
      const [row] = rowsOfMetric(difference(score, persistence(), { resamples: 50 }), varied);
      expect(row!.upper).toBeGreaterThan(row!.lower!);
    }
  });
});

test("rows over cases: the mean of their values and an interval of whole cases", () => {
  const row = (case_id: number, value: number, forecast = "a"): Row =>
    ({
      case_id,
      event_type: "heat_wave",
      forecast,
      target: "t",
      metric: "m",
      variable: "x",
      value,
      n: 10,
    }) as Row;
  const found = bootstrapRows(
    [row(1, 1), row(1, 3), row(2, 4), row(3, Number.NaN), row(4, 6), row(1, 8, "b")],
    { resamples: 200, seed: 4 },
  );
  expect(found).toHaveLength(2);
  expect(found[0]).toMatchObject({ forecast: "a", value: 4, n_cases: 3, n: 40, confidence: 0.95 });
  expect(found[0]!.lower).toBeGreaterThanOrEqual(2);
  expect(found[0]!.lower).toBeLessThan(4);
  expect(found[0]!.upper).toBeGreaterThan(4);
  expect(found[1]).toMatchObject({ forecast: "b", value: 8, lower: 8, upper: 8, n_cases: 1 });
});

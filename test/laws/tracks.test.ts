import { describe, expect, test } from "vitest";
import type { Metric, MetricRow } from "../../src/model/metric.ts";
import type { Pair } from "../../src/model/pair.ts";
import {
  landfallDisplacement,
  landfallIntensityMeanAbsoluteError,
  landfallTimeMeanError,
  trackError,
} from "../../src/operators/metrics/index.ts";
import { scoreAll } from "../golden/unitCase.ts";
import { metricLaws } from "./laws.ts";
import { coast, randomStorms, type Storm } from "./trackPairs.ts";

const landfallMetrics: Metric<any>[] = [
  landfallDisplacement<Storm>("wind", { coast }),
  landfallDisplacement<Storm>("wind", { coast: { land: coast.land }, approach: "next", within: "any" }),
  landfallTimeMeanError<Storm>("wind", { coast, within: { shareOfLead: 0.5 } }),
  landfallTimeMeanError<Storm>("wind", { coast, approach: "next", separation: "6 h", mismatch: "12 h" }),
  landfallIntensityMeanAbsoluteError<Storm>("wind", { coast, keep: [], within: "any" }),
];
const errorMetrics: Metric<any>[] = [
  trackError<Storm>("wind"),
  trackError<Storm>("wind", { absolute: true, keep: ["init_time"] }),
  trackError<Storm>("wind", { keep: [] }),
  trackError<Storm>("wind", { keep: ["lead_time", "init_time"] }),
];
const named = (metrics: readonly Metric<any>[]) =>
  metrics.map((metric) => [`${metric.name} ${JSON.stringify(metric.parameters)}`, metric] as const);

const ofOneRun = (pairs: readonly Pair[]): Pair[] =>
  pairs.filter(({ initTime }) => initTime === pairs[0]!.initTime);

const rowsWithNumber = (metric: Metric<any>, seeds: number): number =>
  Array.from({ length: seeds }, (_, i) => scoreAll(metric, randomStorms(i + 1)))
    .flat()
    .filter(({ n }) => n > 0).length;

describe("landfalls", () => {
  test.each(named(landfallMetrics))("%s obeys the laws", (_, metric) => {
    // A later run does not see the landfall that all runs are measured by.
    metricLaws(metric, { pairs: randomStorms, perfect: null });
    expect(rowsWithNumber(metric, 100)).toBeGreaterThan(10);
  });

  test.each(named(landfallMetrics))("%s is 0 for a run that is the truth", (_, metric) =>
    metricLaws(metric, { pairs: (seed) => ofOneRun(randomStorms(seed)) }),
  );
});

describe("track errors", () => {
  test.each(named(errorMetrics))("%s obeys the laws", (_, metric) => {
    metricLaws(metric, { pairs: randomStorms });
    expect(rowsWithNumber(metric, 100)).toBeGreaterThan(100);
  });

  test("along and cross are no longer than the total, and make it but for the earth's curve", () => {
    const metric = trackError<Storm>("wind", { keep: ["lead_time", "init_time"] });
    let seen = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const rows = scoreAll(metric, randomStorms(seed)).filter(({ value }) => !Number.isNaN(value));
      const of = (term: string, { initTime, leadHours }: MetricRow) =>
        rows.find((row) => row.term === term && row.initTime === initTime && row.leadHours === leadHours)
          ?.value;
      for (const row of rows.filter(({ term }) => term === "track error")) {
        const [along, cross] = [of("along-track error", row), of("cross-track error", row)];
        if (along === undefined || cross === undefined) continue;
        seen++;
        for (const part of [along, cross]) {
          expect(Math.abs(part)).toBeLessThanOrEqual(row.value + 1e-6);
        }
        // A right-angled triangle on the sphere: cos c = cos a cos b.
        expect(Math.cos(along / 6371) * Math.cos(cross / 6371)).toBeCloseTo(Math.cos(row.value / 6371), 9);
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

test("longitudes of 0 to 360 give the same", () => {
  const turned = (pair: Pair): Pair => {
    const east = (fields: Pair["forecast"]): Pair["forecast"] => ({
      ...fields,
      longitude: { ...fields.longitude!, values: fields.longitude!.values.map((degrees) => degrees + 360) },
    });
    return { ...pair, forecast: east(pair.forecast), target: east(pair.target) };
  };
  const numbers = (rows: readonly MetricRow[]) =>
    rows.flatMap(({ value, n, extra = {} }) => [value, n, ...Object.values(extra)]);
  for (const metric of [...landfallMetrics, ...errorMetrics]) {
    for (let seed = 1; seed <= 100; seed++) {
      const pairs = randomStorms(seed);
      const got = numbers(scoreAll(metric, pairs.map(turned)));
      const wanted = numbers(scoreAll(metric, pairs));
      expect(got).toHaveLength(wanted.length);
      for (const [i, value] of wanted.entries()) {
        if (Number.isNaN(value)) expect(got[i]).toBeNaN();
        else expect(Math.abs(got[i]! - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      }
    }
  }
});

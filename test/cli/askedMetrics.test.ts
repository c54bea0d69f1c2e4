import { expect, test } from "vitest";
import { askedMetrics } from "../../src/cli/askedMetrics.ts";
import type { Metric } from "../../src/model/metric.ts";
import { describeMetric, metricId } from "../../src/operators/flow/rows.ts";
import { contingencyTable, defineMetric, hits, meanError } from "../../src/operators/metrics/index.ts";
import { row } from "../sinks/rows.ts";

type T = { t: "K" };
const table = contingencyTable<T>("t", { above: "300 K" });
const own = defineMetric<T, number>({
  name: "ownCount",
  term: "own count",
  definition: "number of pairs",
  variable: "t",
  zero: () => 0,
  observe: () => 1,
  merge: (a, b) => a + b,
  finish: (n) => [{ value: n, n }],
});
const alone: readonly Metric<T>[] = [meanError<T>("t"), hits<T>("t", { above: "300 K" }), own];
const rows = [
  ...["hits", "misses"].map((term) => row({ metric: term, metric_id: metricId(table, term) })),
  ...alone.map((metric) => row({ metric: metric.term, metric_id: metricId(metric) })),
];
const metadata = Object.fromEntries(
  [table, ...alone].map((metric) => [`ewb.metrics.${metricId(metric)}`, describeMetric(metric)]),
);
const chosen = (...texts: string[]) => {
  const isAsked = askedMetrics(texts, rows, metadata);
  return rows.flatMap((one, i) => (isAsked(one) ? [i] : []));
};

test.each<[string[], number[]]>([
  [["bias"], [2]],
  [["Mean Error"], [2]],
  // A metric of several numbers by its own name, one of them by its term: of any metric.
  [["contingencyTable"], [0, 1]],
  [["hits"], [0, 3]],
  [
    ["misses", "bias"],
    [1, 2],
  ],
  // What only the file knows.
  [["ownCount"], [4]],
  [["own count"], [4]],
])("%j", (texts, wanted) => {
  expect(chosen(...texts)).toEqual(wanted);
});

test("a name that neither the program nor the file knows is refused", () => {
  expect(() => askedMetrics(["owncuont"], rows, metadata)).toThrow(
    "--metric owncuont: no such metric; did you mean ownCount?",
  );
  expect(() => askedMetrics(["pairedTTest"], rows, metadata)).toThrow(/--metric pairedTTest: no such metric/);
});

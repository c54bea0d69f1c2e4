import type { MetricDoc } from "../../../model/metricDoc.ts";

const INF = Number.POSITIVE_INFINITY;
const PEER = (name: string): string =>
  `ExtremeWeatherBench 1.1, ${name}, https://github.com/brightbandtech/ExtremeWeatherBench`;
const EXTREME = { unit: "[x]", range: [0, INF], better: "low", perfect: 0 } as const;
const HOURS = { unit: "h", range: [-INF, INF], better: "zero", perfect: 0 } as const;

/** What is told of the metrics of a run's series: its extremes, and when its event begins and how long it lasts. */
export const seriesDocs: readonly MetricDoc[] = [
  {
    name: "maximumMeanAbsoluteError",
    term: "maximum mean absolute error",
    short: ["maximum-mae"],
    formula:
      "|max of mean f within a window around the time of max mean o - max mean o|, means over the region, a row a run",
    ...EXTREME,
    reference: PEER("MaximumMeanAbsoluteError"),
  },
  {
    name: "minimumMeanAbsoluteError",
    term: "minimum mean absolute error",
    short: ["minimum-mae"],
    formula:
      "|min of mean f within a window around the time of min mean o - min mean o|, means over the region, a row a run",
    ...EXTREME,
    reference: PEER("MinimumMeanAbsoluteError"),
  },
  {
    name: "maximumLowestMeanAbsoluteError",
    term: "warmest-night error",
    short: ["warmest-night"],
    formula:
      "|min of mean f within a window around the warmest daily minimum of mean o - that minimum|, whole days, a row a run",
    ...EXTREME,
    reference: PEER("MaximumLowestMeanAbsoluteError"),
  },
  {
    name: "durationMeanError",
    term: "duration mean error",
    short: ["duration"],
    formula: "hours in which f meets the criterion - hours in which o does, same samples, a row a run",
    ...HOURS,
    reference: PEER("DurationMeanError"),
  },
  {
    name: "onsetMeanError",
    term: "onset mean error",
    short: ["onset"],
    formula: "first time f meets the criterion - first time o does, a row a run",
    ...HOURS,
    reference: PEER("the criterion of DurationMeanError"),
  },
  {
    name: "earlySignal",
    term: "early signal",
    short: ["signal"],
    formula: "1 where f meets the criterion in any, all or half of space and time, else 0",
    unit: "1",
    range: [0, 1],
    better: "none",
    perfect: null,
    reference: PEER("EarlySignal"),
  },
];

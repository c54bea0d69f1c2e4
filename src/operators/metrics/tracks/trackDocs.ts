import type { MetricDoc } from "../../../model/metricDoc.ts";

const INF = Number.POSITIVE_INFINITY;
const PEER = (name: string): string =>
  `ExtremeWeatherBench 1.1, ${name}, https://github.com/brightbandtech/ExtremeWeatherBench`;

/** What is told of the metrics of tracks: position and intensity of a storm as three variables on one place. */
export const trackDocs: readonly MetricDoc[] = [
  {
    name: "landfallDisplacement",
    term: "landfall displacement",
    formula: "great circle between the landfalls of f and o, a row a run",
    unit: "km",
    range: [0, 20015],
    better: "low",
    perfect: 0,
    reference: PEER("LandfallDisplacement"),
  },
  {
    name: "landfallTimeMeanError",
    term: "landfall time error",
    formula: "time of the landfall of f - that of o, a row a run",
    unit: "h",
    range: [-INF, INF],
    better: "zero",
    perfect: 0,
    reference: PEER("LandfallTimeMeanError"),
  },
  {
    name: "landfallIntensityMeanAbsoluteError",
    term: "landfall intensity error",
    formula: "|intensity of f at its landfall - intensity of o at its own|, a row a run",
    unit: "[x]",
    range: [0, INF],
    better: "low",
    perfect: 0,
    reference: PEER("LandfallIntensityMeanAbsoluteError"),
  },
  {
    name: "trackError",
    term: "track error",
    formula:
      "great circle between the positions of f and o; its parts along (ahead is positive) and across (right is positive) the motion of o; intensity of f - o; means",
    unit: "km, [x]",
    range: [-INF, INF],
    better: "zero",
    perfect: 0,
    reference:
      "Cangialosi 2023, NHC Forecast Verification Report, https://www.nhc.noaa.gov/verification/verify3.shtml",
  },
];

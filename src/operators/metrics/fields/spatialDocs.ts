import type { MetricDoc } from "../../../model/metricDoc.ts";

const DISTANCE = { unit: "km", range: [0, 20015], better: "low", perfect: 0 } as const;
const GRID_LENGTHS = {
  unit: "grid lengths",
  range: [0, Number.POSITIVE_INFINITY],
  better: "low",
  perfect: 0,
} as const;

/** What is told of the metrics of fields and objects. */
export const spatialDocs: readonly MetricDoc[] = [
  {
    name: "fractionsSkillScore",
    term: "fractions skill score",
    short: ["fss"],
    formula: "1 - sum (Pf - Po)^2 / (sum Pf^2 + sum Po^2), P share of event cells of a window",
    unit: "1",
    range: [0, 1],
    better: "high",
    perfect: 1,
    reference: "Roberts and Lean 2008, doi:10.1175/2007MWR2123.1",
  },
  {
    name: "centroidDisplacement",
    term: "centroid displacement",
    formula:
      "mean great circle between sum x (lat, lon) / sum x of f and o, x the value where it is an event",
    ...DISTANCE,
    reference: "Wernli et al. 2008, doi:10.1175/2008MWR2415.1",
  },
  {
    name: "spatialDisplacement",
    term: "spatial displacement",
    formula: "mean great circle between the centres of mass of f and o, not rounded to cells",
    ...DISTANCE,
    reference: "ExtremeWeatherBench 1.1, https://github.com/brightbandtech/ExtremeWeatherBench",
  },
  {
    name: "hausdorffDistance",
    term: "Hausdorff distance",
    short: ["hausdorff"],
    formula: "largest distance from an event cell of one side to the nearest of the other",
    ...GRID_LENGTHS,
    reference: "Gilleland 2011, doi:10.1175/WAF-D-10-05045.1",
  },
  {
    name: "meanErrorDistance",
    term: "mean error distance",
    short: ["med"],
    formula: "mean distance from event cells of one side to the nearest of the other, each direction",
    ...GRID_LENGTHS,
    reference: "Gilleland 2017, doi:10.1175/WAF-D-16-0134.1",
  },
  {
    name: "structureAmplitudeLocation",
    term: "structure, amplitude and location",
    short: ["sal"],
    formula:
      "S = 2 (Vf - Vo) / (Vf + Vo), A = 2 (Df - Do) / (Df + Do), L = (|xf - xo| + 2 |rf - ro|) / d; V scaled volume of objects, D mean, x centre, r spread of objects",
    unit: "1",
    range: [-2, 2],
    better: "zero",
    perfect: 0,
    reference: "Wernli et al. 2008, doi:10.1175/2008MWR2415.1",
  },
  {
    name: "objectErrors",
    term: "object errors",
    formula:
      "centroid distance (km), area (km2) and intensity ([x]) of f - o, mean over matched objects; and their numbers",
    unit: "[x]",
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    better: "zero",
    perfect: 0,
    reference: "Davis et al. 2006, doi:10.1175/MWR3145.1",
  },
];

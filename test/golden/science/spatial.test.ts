/** Fields and objects against numbers of independent libraries: every case and every key of the family's file. */
import { afterAll, describe, expect, test } from "vitest";
import type { Metric } from "../../../src/model/metric.ts";
import { centroidDisplacement } from "../../../src/operators/metrics/fields/centroidDisplacement.ts";
import {
  hausdorffDistance,
  meanErrorDistance,
} from "../../../src/operators/metrics/fields/eventSetDistance.ts";
import { fractionsSkillScore } from "../../../src/operators/metrics/fields/fractionsSkillScore.ts";
import { structureAmplitudeLocation } from "../../../src/operators/metrics/fields/structureAmplitudeLocation.ts";
import {
  goldenPairs,
  rowDifferences,
  rowsOfMetric,
  type ScienceCase,
  scienceFamily,
} from "../goldenPairs.ts";
import { isOnSphere } from "./wording.ts";

type X = { x: "K" };
type Options = Record<string, any>;

/** How the value of a key is found: a metric, the arrays it compares, and what of its rows is the value. */
interface Reading {
  readonly metric: Metric<X>;
  readonly forecast?: string;
  readonly target?: string;
  readonly term?: string;
  /** An added column in place of the value. */
  readonly column?: string;
}

const comparisons: Readonly<Record<string, Options>> = {
  ">=": {},
  ">": { strictly: true },
  "<=": {},
  "<": { strictly: true },
};
const keepNames: Readonly<Record<string, string>> = { init_time: "init_time", lead_hours: "lead_time" };
const eachField = ["init_time", "lead_time"] as const;

const keepOf = ({ parameters }: ScienceCase): Options =>
  parameters.keep === undefined ? {} : { keep: parameters.keep.map((dim: string) => keepNames[dim]) };

/** The criterion of a case; `suffix` for quantiles. */
const eventOf = ({ parameters }: ScienceCase): Options => {
  const { threshold, level, operator = ">=" } = parameters;
  const side = operator.startsWith(">") ? "above" : "below";
  if (threshold !== undefined) return { [side]: `${threshold} K`, ...comparisons[operator] };
  return level === undefined ? {} : { [`${side}Quantile`]: level, ...comparisons[operator] };
};

const windowOf = ([rows, columns]: readonly [number, number]): Options => ({ window: { rows, columns } });

const borders = ["inside", "wrapLongitude", "zeroPadded", "zeroPaddedScores"];

const fractions = (one: ScienceCase, key: string): Reading | undefined => {
  const { window, border } = one.parameters;
  const make = (more: Options = {}): Metric<X> =>
    fractionsSkillScore<X>("x", {
      ...eventOf(one),
      ...keepOf(one),
      ...(window === undefined ? {} : windowOf(window)),
      ...(border === undefined ? {} : { border }),
      ...more,
    } as any);
  if (borders.includes(key)) return { metric: make({ border: key }) };
  switch (key) {
    case "value":
    case "pooled":
    case "windowsLeftOut":
    case "none":
      return { metric: make() };
    case "meanOfRuns":
      return { metric: make({ pool: "fields", withoutEvents: "zero" }) };
    case "eachRun":
      return { metric: make({ keep: eachField, withoutEvents: "zero" }) };
    case "noneInScores":
      return { metric: make({ withoutEvents: "zero" }) };
    case "oneSide":
      return { metric: make(), target: "observationWithEvents" };
    case "missingIsNonEvent":
      return { metric: make({ missing: "nonEvent" }) };
    case "meanOfMembers":
      return { metric: make({ ensemble: "members", withoutEvents: "zero" }) };
    case "forecastThreshold":
      return { metric: make({ keep: eachField }), column: "forecast_threshold" };
    case "observationThreshold":
      return { metric: make({ keep: eachField }), column: "target_threshold" };
    case "equal":
      return { metric: make({ window: 3 }), forecast: "observation" };
  }
  const shifted = /^shifted(\d+)$/.exec(key);
  return shifted === null ? undefined : { metric: make({ window: Number(shifted[1]) }), forecast: "shifted" };
};

const centroid = (one: ScienceCase, key: string): Reading | undefined => {
  const options = {
    ...eventOf(one),
    ...keepOf(one),
    ...(isOnSphere(one) ? { centre: "sphere" } : {}),
  };
  const columns: Readonly<Record<string, string>> = {
    forecastLatitude: "forecast_latitude",
    forecastLongitude: "forecast_longitude",
    observationLatitude: "target_latitude",
    observationLongitude: "target_longitude",
  };
  if (key === "distance") return { metric: centroidDisplacement<X>("x", options as any) };
  if (key === "meanDistance") {
    return { metric: centroidDisplacement<X>("x", { ...options, keep: ["lead_time"] } as any) };
  }
  return columns[key] === undefined
    ? undefined
    : { metric: centroidDisplacement<X>("x", options as any), column: columns[key] };
};

const eventSets = (one: ScienceCase, key: string): Reading | undefined => {
  const options = { ...eventOf(one), ...keepOf(one) } as any;
  if (key === "hausdorff") return { metric: hausdorffDistance<X>("x", options) };
  const directions: Readonly<Record<string, string>> = {
    medForecastToObservation: "mean error distance, forecast to observation",
    medObservationToForecast: "mean error distance, observation to forecast",
  };
  const term = directions[key];
  return term === undefined ? undefined : { metric: meanErrorDistance<X>("x", options), term };
};

const sal = (one: ScienceCase, key: string): Reading | undefined => {
  const terms: Readonly<Record<string, string>> = {
    structure: "structure",
    amplitude: "amplitude",
    location: "location",
    location1: "location, between centres",
    location2: "location, spread of objects",
    locationBetweenCentres: "location",
  };
  const { threshold_factor, threshold_level } = one.parameters;
  const term = terms[key];
  if (term === undefined) return undefined;
  const metric = structureAmplitudeLocation<X>("x", {
    ...(threshold_factor === undefined ? {} : { factor: threshold_factor }),
    ...(threshold_level === undefined ? {} : { level: threshold_level }),
    ...(key === "locationBetweenCentres" ? { distance: "cellCentres" } : {}),
    ...keepOf(one),
  } as any);
  return { metric, term };
};

const readings: Readonly<Record<string, (one: ScienceCase, key: string) => Reading | undefined>> = {
  fractionsSkillScore: fractions,
  centroidDisplacement: centroid,
  hausdorffDistance: eventSets,
  meanErrorDistance: eventSets,
  structureAmplitudeLocation: sal,
};

const left: string[] = [];
let [cases, keys] = [0, 0];

describe("science-metrics/spatial", () => {
  for (const one of scienceFamily("spatial")) {
    const reading = readings[one.metric];
    if (reading === undefined) continue;
    cases += 1;
    test(`${one.id}: ${Object.keys(one.expected).join(", ")}`, () => {
      const wrong = Object.keys(one.expected).flatMap((key) => {
        const found = reading(one, key);
        if (found === undefined) {
          left.push(`${one.id}: key ${key}`);
          return [];
        }
        keys += 1;
        const { metric, forecast = "forecast", target = "observation", term, column } = found;
        const pairs = goldenPairs({
          variables: { x: { forecast: one.inputs[forecast]!, target: one.inputs[target]! } },
        });
        const rows = rowsOfMetric(metric, pairs)
          .filter((row) => term === undefined || row.term === term)
          .map((row) => (column === undefined ? row : { ...row, value: row.extra?.[column] ?? Number.NaN }));
        return rowDifferences(one, key, rows);
      });
      expect(wrong).toEqual([]);
    });
  }

  test("every key of every case was compared", () => expect(left).toEqual([]));
});

afterAll(() => {
  console.log(
    `science-metrics/spatial: ${cases} cases, ${keys} keys compared, left out: ${left.join("; ") || "none"}`,
  );
});

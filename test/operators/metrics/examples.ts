/** What the examples of `ewb/metrics` stand for, and metrics made of them. */
import type { Metric } from "../../../src/model/metric.ts";
import type { ClimatologyField } from "../../../src/model/pair.ts";
import type { Row } from "../../../src/model/row.ts";
import type { Source } from "../../../src/model/source.ts";
import * as metrics from "../../../src/operators/metrics/index.ts";

/** Variables of the examples and their units. */
export const weather: Readonly<Record<string, string>> = {
  surface_air_temperature: "K",
  accumulated_precipitation: "kg m-2",
  geopotential: "m2 s-2",
  surface_wind_speed: "m s-1",
  surface_eastward_wind: "m s-1",
  surface_northward_wind: "m s-1",
  atmospheric_river_mask: "1",
  moderate: "1",
  severe: "1",
  t: "K",
  t_mean: "K",
  t_deviation: "K",
  t_q10: "K",
  t_q50: "K",
  t_q90: "K",
  below_270: "1",
  below_290: "1",
  below_310: "1",
  t_analysis_1: "K",
  t_analysis_2: "K",
  storm_wind: "m s-1",
  storm_latitude: "degrees_north",
  storm_longitude: "degrees_east",
};

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
export const givenToExamples = {
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

const all: Readonly<Record<string, unknown>> = { ...metrics, ...givenToExamples };

/** What an example makes; `known`: other functions of these names. */
export const made = (example: string, known: object = {}): any => {
  const named = { ...all, ...known };
  return new Function(...Object.keys(named), `return ${example}`)(...Object.values(named));
};

/** Makes the metric of an example with further options. */
export const makerOf = (name: string, example: string): ((more?: object) => Metric) => {
  const factory = all[name] as (...args: unknown[]) => Metric;
  const args: unknown[] = made(example, { [name]: (...args: unknown[]) => args });
  const last = args.at(-1);
  const hasOptions = typeof last === "object" && !Array.isArray(last);
  return (more) =>
    factory(...(hasOptions ? args.slice(0, -1) : args), { ...(hasOptions ? last : {}), ...more });
};

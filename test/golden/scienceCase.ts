/**
 * Golden cases made with independent libraries (`science-metrics/*.json`): forecast and observation by run and
 * lead through the whole program, and what is expected under each key. Keys, options and dimensions that have no
 * counterpart are told by rule.
 */
import { readdirSync, readFileSync } from "node:fs";
import { cases, eachCase, type Metric, pairs, score } from "ewb";
import { inMemory, type Role } from "ewb/catalog";
import { meanAbsoluteError, meanError, meanSquaredError, rootMeanSquaredError } from "ewb/metrics";
import { goldenPath } from "./goldenPath.ts";
import { dataSetOf, type Outcome, runProgram } from "./program.ts";
import { instant, type LabelledArray, type Nested } from "./unitCase.ts";

export interface ScienceCase {
  readonly id: string;
  readonly title: string;
  readonly metric: string;
  readonly inputs: Readonly<Record<string, LabelledArray>>;
  readonly parameters: Readonly<Record<string, any>>;
  readonly expected: Readonly<Record<string, number | string | LabelledArray>>;
  readonly default?: string;
  readonly tolerance: { readonly relative: number; readonly absolute: number };
}

/** All cases of all files, with the family they are of. */
export const scienceCases = (): { readonly family: string; readonly one: ScienceCase }[] =>
  readdirSync(goldenPath("science-metrics"))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) =>
      (JSON.parse(readFileSync(goldenPath("science-metrics", file), "utf8")) as ScienceCase[]).map((one) => ({
        family: file.slice(0, -5),
        one,
      })),
    );

const factories: Readonly<Record<string, typeof meanError>> = {
  meanError,
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
};

/** Keys that name a metric beside the one the case is of. */
const metricKeys: Readonly<Record<string, string>> = {
  mae: "meanAbsoluteError",
  meanError: "meanError",
  mse: "meanSquaredError",
  rmse: "rootMeanSquaredError",
};

const weightNames: Readonly<Record<string, "none" | "cosine" | "area">> = {
  none: "none",
  cosine: "cosine",
  "cell-area": "area",
};
const keepNames: Readonly<Record<string, "init_time" | "lead_time">> = {
  init_time: "init_time",
  lead_hours: "lead_time",
};
const dims = ["init_time", "lead_hours", "latitude", "longitude"];

/** The metric a key is a value of; undefined: none of ours. */
export const factoryOf = (one: ScienceCase, key: string): string | undefined => {
  if (metricKeys[key] !== undefined) return metricKeys[key];
  if (!Object.hasOwn(factories, one.metric)) return undefined;
  if (key === "n" || key === "weights" || key === "pooled") return one.metric;
  return key === (one.default ?? "value") ? one.metric : undefined;
};

/** Why a key of a case cannot be compared; undefined: it can. */
export const scienceRule = (one: ScienceCase, key: string): string | undefined => {
  const { inputs, parameters } = one;
  const isOurs = Object.hasOwn(factories, one.metric);
  if (factoryOf(one, key) === undefined) return isOurs ? `key ${key}` : `metric ${one.metric}`;
  const options = Object.keys(parameters).filter((name) => name !== "keep" && name !== "weights");
  if (options.length > 0) return `option ${options.join(" and ")}`;
  if (weightNames[parameters.weights ?? "none"] === undefined) return `weights ${parameters.weights}`;
  const keep: string[] = parameters.keep ?? [];
  const kept = keep.filter((dim) => keepNames[dim] === undefined);
  if (kept.length > 0) return `keep ${kept.join(" and ")}`;
  for (const name of ["forecast", "observation"]) {
    if (inputs[name]?.dims.join() !== dims.join()) return `${name} by ${inputs[name]?.dims.join() ?? "none"}`;
  }
  return hasOneTruth(inputs.observation!)
    ? undefined
    : "an observation that differs between runs of one time";
};

const HOUR = 3_600_000;

/** Observations by run and lead as a series by valid time. */
const seriesOf = ({ coords, data }: LabelledArray): Map<number, string> | undefined => {
  const series = new Map<number, string>();
  for (const [i, init] of (coords.init_time as string[]).entries()) {
    for (const [l, lead] of (coords.lead_hours as number[]).entries()) {
      const time = instant(init) + lead * HOUR;
      const field = JSON.stringify((data as Nested[][])[i]![l]);
      if ((series.get(time) ?? field) !== field) return undefined;
      series.set(time, field);
    }
  }
  return series;
};

const hasOneTruth = (observation: LabelledArray): boolean => seriesOf(observation) !== undefined;

const variable = "surface_air_temperature";
const variables = { [variable]: "K" } as const;

const sourceOf = (role: Role, dimensions: readonly string[], coords: any, data: readonly unknown[]) =>
  inMemory({
    role,
    name: role,
    variables,
    arrays: { [variable]: { dims: dimensions, coords, data } },
  });

/** The weight of each row, as a metric sees it. */
const weightsMetric = (kind: "none" | "cosine" | "area"): Metric<typeof variables, number[][]> => ({
  name: "weights",
  term: "weights",
  definition: "the weight of each row of the grid",
  variable,
  unit: () => "1",
  parameters: { weights: kind },
  needs: { variables: [variable] },
  zero: () => [],
  observe: ({ places }) => [
    Array.from(places.weights(kind), (weight, row) => [places.latitude[row]!, weight]).flat(),
  ],
  merge: (a, b) => (a.length > 0 ? a : b),
  finish: ([rows = []]) =>
    rows.flatMap((value, i) => (i % 2 === 0 ? [] : [{ by: `latitude=${rows[i - 1]}`, value, n: 1 }])),
});

/** Runs a case: every metric its keys name, and the weights. */
export const runScience = (one: ScienceCase, keys: readonly string[]): Promise<Outcome> => {
  const { forecast: f, observation: o } = one.inputs as Record<"forecast" | "observation", LabelledArray>;
  const { init_time, lead_hours, latitude, longitude } = f.coords;
  const forecast = sourceOf(
    "forecast",
    ["init_time", "lead_time", "latitude", "longitude"],
    { init_time, lead_time: lead_hours, latitude, longitude },
    f.data as unknown[],
  );
  const series = [...seriesOf(o)!].sort(([a], [b]) => a - b);
  const target = sourceOf(
    "target",
    ["valid_time", "latitude", "longitude"],
    {
      valid_time: series.map(([time]) => new Date(time).toISOString()),
      latitude: o.coords.latitude,
      longitude: o.coords.longitude,
    },
    series.map(([, field]) => JSON.parse(field)),
  );
  const weights = weightNames[one.parameters.weights ?? "none"]!;
  const keep = (one.parameters.keep as string[]).map((dim) => keepNames[dim]!);
  const names = [...new Set(keys.map((key) => factoryOf(one, key)!))];
  const event = {
    id: 1,
    title: one.id,
    type: "heat_wave",
    start: series[0]![0],
    end: series.at(-1)![0],
    region: { south: -90, north: 90, west: -180, east: 180 },
  };
  return runProgram(
    (run) =>
      cases(run).pipe(
        eachCase(run, (each) =>
          pairs(run, each, { forecast, targets: [target], variables: [variable] }).pipe(
            score(
              run,
              ...names.map((name) => factories[name]!<typeof variables>(variable, { weights, keep })),
              weightsMetric(weights),
            ),
          ),
        ),
      ),
    dataSetOf({ cases: [event] }),
  );
};

/** What of the peer's cases has no counterpart yet, told by rule: classes, regions and options, never by name. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { EndToEndCase, InputJson, MetricJson, ObjectJson } from "./endToEndCase.ts";
import { partsOf, peerFactories, rowName } from "./unitCompat.ts";
import { ourMetrics } from "./unitMetric.ts";
import type { Wing } from "./unitProgram.ts";

const forecasts = ["ZarrForecast"];
const grids = ["ERA5", "PPH"];
const targets = [...grids, "GHCN"];
const regions = ["bounded_region", "centered_region"];
const inputKeys = ["class", "source", "name", "variables", "variable_mapping"];

const inputRules = (input: InputJson, classes: readonly string[]): string[] => [
  ...(classes.includes(input.class) ? [] : [`source ${input.class}`]),
  ...Object.keys(input).flatMap((key) => (inputKeys.includes(key) ? [] : [`input option ${key}`])),
  ...input.variables.flatMap((name) => (typeof name === "string" ? [] : ["derived variables"])),
];

/** Why nothing of a case can be compared; empty: something can. */
export const caseRules = ({ cases, options }: EndToEndCase): string[] => [
  ...cases.flatMap(({ location }) => (regions.includes(location.type) ? [] : [`region ${location.type}`])),
  ...Object.keys(options).flatMap((key) => (key === "n_jobs" ? [] : [`option ${key}`])),
];

/** Why nothing of an object can be compared; empty: its metrics decide. */
export const objectRules = ({ forecast, target }: ObjectJson): string[] => [
  ...inputRules(forecast, forecasts),
  ...inputRules(target, targets),
];

/** The peer's composite stands for the metrics it lists. */
const listed = (metric: MetricJson): readonly { readonly class: string }[] => partsOf(metric) ?? [metric];

/** What the peer's rows call the metrics of an entry. */
export const rowNames = (metric: MetricJson): string[] =>
  listed(metric).map(({ class: name }) => rowName(name));

/** Why an entry of the list of metrics cannot be compared; empty: it can. */
export const metricRules = (metric: MetricJson): string[] =>
  listed(metric)
    .filter(({ class: name }) => !Object.hasOwn(peerFactories, name))
    .map(({ class: name }) => `metric ${name}`);

/** Options of a metric that a wing has not. */
export const wingRules = (metric: MetricJson, wing: Wing): string[] => {
  const { forecast_variable: _, target_variable: __, ...options } = metric.parameters;
  if (wing === "compat" || metricRules(metric).length > 0) return [];
  const made = ourMetrics({ metric: { class: metric.class, parameters: options } });
  return "without" in made ? [`ours: no ${made.without}`] : [];
};

/** Oddities of the peer that belong to no metric and no pairing: they are not reproduced. */
export const peerRules = ({ folder, objects }: EndToEndCase): string[] => {
  const same = (a: InputJson, b: InputJson): boolean =>
    [a.class, a.name, a.source, a.variables.join()].join() ===
    [b.class, b.name, b.source, b.variables.join()].join();
  const mapping = ({ variable_mapping: names = {} }: InputJson): string => JSON.stringify(names);
  const forecastInputs = objects.map(({ forecast }) => forecast);
  const mixedUp = forecastInputs.some((a) =>
    forecastInputs.some((b) => same(a, b) && mapping(a) !== mapping(b)),
  );
  const unjoined = objects.some(
    ({ target: { source, variable_mapping: names } }) =>
      names !== undefined &&
      names.time === undefined &&
      existsSync(resolve(folder, source, "time", ".zarray")),
  );
  return [
    ...(mixedUp ? ["compat: the peer's cache takes one mapping for another"] : []),
    ...(unjoined ? ["compat: the peer does not join on an axis called time"] : []),
  ];
};

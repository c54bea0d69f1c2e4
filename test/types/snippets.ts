/**
 * Small pipelines with one mistake each, marked «so», and what the compiler says of it there; and pipelines without.
 */

export interface Snippet {
  readonly text: string;
  /** Words of the message; none: the text compiles. */
  readonly says?: readonly string[];
}

/** A whole pipeline file around the options of `pairs` and the arguments of `score`. */
const pipeline = ({
  before = "",
  forecast = "hres",
  targets = "[era5]",
  variables = '["surface_air_temperature"]',
  between = "",
  metrics = 'rootMeanSquaredError("surface_air_temperature")',
}: Partial<
  Record<"before" | "forecast" | "targets" | "variables" | "between" | "metrics", string>
>): string => `
import { cases, derive, eachCase, pairs, type Run, score, writeParquet } from "ewb";
import { era5, hres, forecast as forecastOf, target as targetOf, type Source } from "ewb/catalog";
import { windSpeed } from "ewb/derive";
import { durationMeanError, maximumMeanAbsoluteError, rootMeanSquaredError } from "ewb/metrics";
import { filter, map } from "rxjs";

const stations = targetOf({ name: "stations", stations: "s.parquet", variables: { surface_air_temperature: "K" } });
${before}

export default (run: Run) =>
  cases(run, { eventType: "heat_wave" }).pipe(
    eachCase(run, (event) =>
      pairs(run, event, { forecast: ${forecast}, targets: ${targets}, variables: ${variables} }).pipe(
        ${between}
        score(run, ${metrics}),
      ),
    ),
    writeParquet(run, "a.parquet"),
  );
`;

const hours = `\`\${number} h\``;
const never = "is not assignable to parameter of type 'never'";

export const snippets: Readonly<Record<string, Snippet>> = {
  // What compiles.
  plain: { text: pipeline({}) },
  filtered: {
    text: pipeline({ between: "filter(({ initTime, ref }) => initTime < event.start && ref.lead > 0)," }),
  },
  labelled: {
    text: pipeline({ metrics: '{ label: "a" }, rootMeanSquaredError("surface_air_temperature")' }),
  },
  options: {
    text: pipeline({
      metrics: `
        maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" }),
        durationMeanError("surface_air_temperature", { above: "288.15 K" })`,
    }),
  },
  "by-and-where": {
    text: pipeline({
      metrics: `rootMeanSquaredError("surface_air_temperature", {
        by: ["season", "station"], where: { variable: "surface_air_temperature", above: "300 K" } })`,
    }),
  },
  "two-variables": {
    text: pipeline({
      variables: '["surface_air_temperature", "geopotential_500"]',
      metrics: 'rootMeanSquaredError("surface_air_temperature"), rootMeanSquaredError("geopotential_500")',
    }),
  },
  "derived-on-one-side": {
    text: pipeline({
      targets: "[derive(era5, windSpeed)]",
      variables: '["surface_wind_speed"]',
      metrics: 'rootMeanSquaredError("surface_wind_speed")',
    }),
  },
  "targets-of-two-kinds": { text: pipeline({ targets: "[era5, stations]" }) },
  "sources-of-the-run": {
    text: pipeline({
      before: "",
      forecast: 'run.sources("forecast", { surface_air_temperature: "K" })[0]!',
      targets: 'run.sources("target", { surface_air_temperature: "K" })',
    }),
  },
  "metric-of-a-known-variable": {
    text: `
import { rootMeanSquaredError } from "ewb/metrics";
export default rootMeanSquaredError<{ surface_air_temperature: "K" }>("surface_air_temperature");
`,
  },

  // What does not.
  "misspelled-variable": {
    text: pipeline({ variables: '[«"surface_air_temprature"»]' }),
    says: [`Type '"surface_air_temprature"' is not assignable to type`, '"surface_air_temperature"'],
  },
  "variable-of-one-side": {
    text: pipeline({ targets: "[stations]", variables: '[«"surface_wind_speed"»]' }),
    says: [`Type '"surface_wind_speed"' is not assignable to type '"surface_air_temperature"'`],
  },
  "variable-that-was-not-asked": {
    text: pipeline({ metrics: 'rootMeanSquaredError(«"surface_wind_speed"»)' }),
    says: [
      `Argument of type '"surface_wind_speed"' is not assignable to parameter of type '"surface_air_temperature"'`,
    ],
  },
  "misspelled-variable-of-a-metric": {
    text: pipeline({ metrics: 'durationMeanError(«"surface_air_temprature"», { above: "288.15 K" })' }),
    says: [`'"surface_air_temprature"' is not assignable to parameter of type '"surface_air_temperature"'`],
  },
  "wrong-unit": {
    text: pipeline({ metrics: 'durationMeanError("surface_air_temperature", { «above»: "15 degC" })' }),
    says: [`Type '"15 degC"' is not assignable to type`, "K"],
  },
  "no-unit": {
    text: pipeline({ metrics: 'durationMeanError("surface_air_temperature", { «above»: "288.15" })' }),
    says: [`Type '"288.15"' is not assignable to type`, "K"],
  },
  "wrong-hours": {
    text: pipeline({
      metrics: 'maximumMeanAbsoluteError("surface_air_temperature", { «within»: "24 hours" })',
    }),
    says: [`Type '"24 hours"' is not assignable to type '${hours}'`],
  },
  "hours-as-a-number": {
    text: pipeline({ metrics: 'maximumMeanAbsoluteError("surface_air_temperature", { «within»: 24 })' }),
    says: [`Type 'number' is not assignable to type '${hours}'`],
  },
  "break-down-that-a-metric-has-not": {
    text: pipeline({
      metrics: 'maximumMeanAbsoluteError("surface_air_temperature", { by: [«"month"»] })',
    }),
    says: [`Type '"month"' is not assignable to type`],
  },
  "misspelled-break-down": {
    text: pipeline({ metrics: 'rootMeanSquaredError("surface_air_temperature", { by: [«"week"»] })' }),
    says: [`Type '"week"' is not assignable to type`],
  },
  "misspelled-option": {
    text: pipeline({ metrics: 'maximumMeanAbsoluteError("surface_air_temperature", { «withn»: "24 h" })' }),
    says: ["'withn' does not exist in type"],
  },
  "derivation-without-inputs": {
    text: pipeline({ targets: "[derive(«stations», windSpeed)]" }),
    says: ["surface_eastward_wind", "surface_northward_wind"],
  },
  "source-without-units": {
    text: pipeline({
      before: "declare const unknown: Source<{ surface_air_temperature: string }>;",
      forecast: "unknown",
      variables: '[«"surface_air_temperature"»]',
    }),
    says: ["is not assignable to type 'never'"],
  },
  "sources-that-disagree-on-a-unit": {
    text: pipeline({
      before:
        'const warm = forecastOf({ name: "w", zarr: "w", variables: { surface_air_temperature: "degC" } });',
      forecast: "warm",
      variables: '[«"surface_air_temperature"»]',
    }),
    says: ["is not assignable to type 'never'"],
  },
  "metric-outside-a-pipe": {
    text: `
import { rootMeanSquaredError } from "ewb/metrics";
export default rootMeanSquaredError(«"surface_air_temperature"»);
`,
    says: [`Argument of type '"surface_air_temperature"'`, never],
  },
  "values-of-a-name": {
    text: pipeline({ between: "map((ref) => { ref.«forecast»; return ref; })," }),
    says: ["Property 'forecast' does not exist on type 'PairRef<"],
  },
  "rows-before-score": {
    text: pipeline({
      between: "map(({ validTime }) => validTime),",
      metrics: 'rootMeanSquaredError(«"surface_air_temperature"»)',
    }),
    says: [never],
  },
};

/** The text without its mark, and where the mark stood (from 1); null: there is none. */
export const unmarked = (marked: string): { text: string; line: number; column: number } | null => {
  const at = marked.indexOf("«");
  if (at < 0) return null;
  const before = marked.slice(0, at);
  return {
    text: marked.replace("«", "").replace("»", ""),
    line: before.split("\n").length,
    column: at - before.lastIndexOf("\n"),
  };
};

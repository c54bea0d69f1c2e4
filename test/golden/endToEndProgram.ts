/** An end-to-end case as a program: sources in the catalogue's words, one pipeline, the table's rows. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Case, cases, eachCase, pairs, type Region, type Row, type Run, score } from "ewb";
import { centeredRegion, climatology, forecast, target, variableFacts } from "ewb/catalog";
import { pairs as peerPairs } from "ewb/compat/ewb11";
import { climatologyQuantile } from "ewb/metrics";
import { concat, filter, map, type Observable } from "rxjs";
import type { CaseJson, EndToEndCase, InputJson, MetricJson, ObjectJson } from "./endToEndCase.ts";
import { metricRules, objectRules, wingRules } from "./endToEndRules.ts";
import { dataSetOf, type Outcome, runProgram } from "./program.ts";
import { instant } from "./unitCase.ts";
import { type NamedMetric, peerMetrics } from "./unitCompat.ts";
import { ourMetrics } from "./unitMetric.ts";
import type { Wing } from "./unitProgram.ts";

/** A row of the table and the object it belongs to. */
export interface ObjectRow {
  readonly row: Row;
  /** What the peer's rows call the metric. */
  readonly metric: string;
}

/** A region in code: bounds as they are given, in either order. */
const regionOf = ({ type, parameters: p }: CaseJson["location"]): Region =>
  type === "centered_region"
    ? centeredRegion({ latitude: p.latitude, longitude: p.longitude, degrees: p.bounding_box_degrees })
    : { south: p.latitude_min, north: p.latitude_max, west: p.longitude_min, east: p.longitude_max };

export const eventOf = (one: CaseJson): Case => ({
  id: one.case_id_number,
  title: one.title,
  type: one.event_type,
  start: instant(one.start_date),
  end: instant(one.end_date),
  region: regionOf(one.location),
});

/** Stored name of a canonical one, where the case renames. */
const storedName = ({ variable_mapping = {} }: InputJson, variable: string): string =>
  Object.entries(variable_mapping).find(([, canonical]) => canonical === variable)?.[0] ?? variable;

/** What the store says of an array, from its consolidated metadata. */
const metadataOf = (folder: string, store: string, name: string): { units?: string } | undefined => {
  const file = resolve(folder, store, ".zmetadata");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).metadata[`${name}/.zattrs`] : undefined;
};

/** A variable of the forecast scored against one of the target, under the target's name. */
export interface Scored {
  readonly forecast: string;
  readonly target: string;
  readonly metrics: readonly MetricJson[];
}

/** The peer's pairs: those a metric names for itself, the others by position without the named ones. */
export const scoredOf = ({ forecast, target, metrics }: ObjectJson): Scored[] => {
  const named = metrics.filter(({ parameters: p }) => p.forecast_variable && p.target_variable);
  const free = (input: InputJson, key: string) =>
    (input.variables as string[]).filter((name) => !named.some(({ parameters }) => parameters[key] === name));
  const positions = free(forecast, "forecast_variable");
  const opposite = free(target, "target_variable");
  const pairsOf = (metric: MetricJson): [string, string][] =>
    named.includes(metric)
      ? [[metric.parameters.forecast_variable, metric.parameters.target_variable]]
      : positions.slice(0, opposite.length).map((name, i) => [name, opposite[i]!]);
  const scored = new Map<string, Scored>();
  for (const metric of metrics) {
    for (const [ours, theirs] of pairsOf(metric)) {
      const { forecast_variable: _, target_variable: __, ...parameters } = metric.parameters;
      const before = scored.get(`${ours} ${theirs}`)?.metrics ?? [];
      const all = [...before, { class: metric.class, parameters }];
      scored.set(`${ours} ${theirs}`, { forecast: ours, target: theirs, metrics: all });
    }
  }
  return [...scored.values()];
};

/** Names the peer gives inputs that are not named. */
const usualName = ({ class: name, name: given }: InputJson): string =>
  given ?? (name === "PPH" ? "practically_perfect_hindcast" : name);

/** The sources of one pair of variables. Both give the variable under the target's name, in one unit. */
export const sourcesOf = (folder: string, object: ObjectJson, { forecast: ours, target: theirs }: Scored) => {
  const statedUnit = (input: InputJson, name: string): string | undefined =>
    metadataOf(folder, input.source, name)?.units;
  const here = storedName(object.forecast, ours);
  const there = storedName(object.target, theirs);
  const isOne = ours === theirs;
  const known = isOne ? variableFacts.find(({ name }) => name === theirs) : undefined;
  const unit = known?.unit ?? statedUnit(object.target, there) ?? statedUnit(object.forecast, here) ?? "1";
  const variables = { [theirs]: unit };
  // Two variables under one name are taken as numbers of one unit, as the peer takes them.
  const stored = (input: InputJson, name: string) => ({
    name,
    ...(isOne && statedUnit(input, name) !== undefined ? {} : { unit }),
  });
  const path = resolve(folder, object.target.source);
  const name = usualName(object.target);
  const celsius = object.target.class === "GHCN" && theirs === "surface_air_temperature";
  return {
    unit,
    forecast: forecast({
      name: usualName(object.forecast),
      zarr: resolve(folder, object.forecast.source),
      variables,
      mapping: { [theirs]: stored(object.forecast, here) },
    }),
    target:
      object.target.class === "GHCN"
        ? target({ name, stations: path, variables, mapping: celsius ? { [theirs]: { unit: "degC" } } : {} })
        : target({
            name,
            zarr: path,
            variables,
            mapping: known && there === theirs ? {} : { [theirs]: stored(object.target, there) },
          }),
  };
};

/** The metrics of an entry of the case, with its climatology as a source. */
const metricsOf = (
  folder: string,
  { class: name, parameters }: MetricJson,
  variable: string,
  unit: string,
  wing: Wing,
): NamedMetric[] => {
  const criterion = parameters.threshold_criteria;
  const store: string = criterion?.zarr ?? ".";
  const stored: string = criterion?.variable ?? variable;
  const isStated = metadataOf(folder, store, stored)?.units !== undefined;
  const normals = climatology({
    name: "climatology",
    zarr: resolve(folder, store),
    variables: { [variable]: unit },
    mapping: { [variable]: { name: stored, ...(isStated ? {} : { unit }) } },
  });
  const setting = { variable, unit, climatology: climatologyQuantile(normals) };
  const given = { metric: { class: name, parameters } };
  const made = wing === "ours" ? ourMetrics(given, setting) : peerMetrics(given, setting);
  if ("without" in made) throw new Error(`ours has no ${made.without}`);
  return made;
};

/** Types are compared whole; the peer also takes a word that is a part of the object's. */
const meets = (type: string, wanted: ObjectJson["event_type"], wing: Wing): boolean =>
  wing === "compat" || Array.isArray(wanted) ? wanted.includes(type) : wanted === type;

export interface ObjectOutcome extends Outcome {
  readonly table: readonly ObjectRow[];
}

/** All objects of a case, metrics that have a counterpart. Choices are the peer's: no weights, nearest, edges. */
export const runEndToEnd = async (one: EndToEndCase, wing: Wing): Promise<ObjectOutcome> => {
  const table: ObjectRow[] = [];
  const objects = one.objects.filter((object) => objectRules(object).length === 0);
  const pipeline = (run: Run): Observable<Row> =>
    concat(
      ...objects.flatMap((object, index) =>
        scoredOf(object).map((scored) => {
          const metrics = scored.metrics.filter(
            (metric) => metricRules(metric).length + wingRules(metric, wing).length === 0,
          );
          const { unit, ...sides } = sourcesOf(one.folder, object, scored);
          const made = metrics.flatMap((metric) => metricsOf(one.folder, metric, scored.target, unit, wing));
          const names = new Map(made.map(({ metric: { term }, name }) => [term, name]));
          const options = { forecast: sides.forecast, targets: [sides.target], variables: [scored.target] };
          return cases(run).pipe(
            filter(({ type }) => meets(type, object.event_type, wing)),
            eachCase(run, (event) =>
              (wing === "ours"
                ? pairs(run, event, { ...options, match: "nearest", outside: "edge" })
                : peerPairs(run, event, options)
              ).pipe(score(run, { label: `object ${index}` }, ...made.map(({ metric }) => metric))),
            ),
            map((row) => {
              table.push({ row, metric: names.get(row.metric)! });
              return row;
            }),
          );
        }),
      ),
    );
  const outcome = await runProgram(pipeline, dataSetOf({ cases: one.cases.map(eventOf) }));
  return { ...outcome, table };
};

/** How exactly a case's numbers are known: sums of float32 are the peer's own rounding. */
export const toleranceOf = ({ folder, objects, id }: EndToEndCase): number => {
  const single = objects.some((object) =>
    [object.forecast, object.target].some((input) => {
      const file = resolve(folder, input.source, ".zmetadata");
      if (!existsSync(file)) return false;
      const { metadata } = JSON.parse(readFileSync(file, "utf8"));
      return Object.values<any>(metadata).some(({ dtype }) => /^[<>]f4$/.test(dtype ?? ""));
    }),
  );
  if (single) return 1e-5 * 300;
  const stations = objects.some(({ target: { class: name } }) => name === "GHCN");
  return stations || id.includes("diurnal") ? 1e-10 : 1e-12;
};

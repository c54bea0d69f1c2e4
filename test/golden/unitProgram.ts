/**
 * Unit cases of the golden files through the whole program: JSON to sources in memory, a pipeline, rows. A unit
 * case calls a metric without the regridding of a run, so the peer's exact join of labels is put here as a
 * `Matching` of its own; ours takes the nearest place, which is the same one.
 */
import { type Case, cases, eachCase, pairs, score } from "ewb";
import { inMemory, type MemoryArray, type Role } from "ewb/catalog";
import { climatologyQuantile } from "ewb/metrics";
import { withClimatologies } from "../../src/compat/ewb11/climatologyMatching.ts";
import type { MetricRow } from "../../src/model/metric.ts";
import type { Matching } from "../../src/model/pair.ts";
import { dataSetOf, type Outcome, runProgram } from "./program.ts";
import { instant, type LabelledArray, type Nested, pairsOf, scoreAll, type UnitCase } from "./unitCase.ts";
import { peerMetrics } from "./unitCompat.ts";
import { type MetricSetting, ourMetrics } from "./unitMetric.ts";
import { isTracks, TRACK_VARIABLE, trackPairs } from "./unitTracks.ts";

export type Wing = "ours" | "compat";

const HOUR = 3_600_000;
const variable = "surface_air_temperature";
const unit = "K";
const isPeak = ({ metric }: UnitCase) => /^M(ax|in)imum/.test(metric.class);

/** Missing values in the shape of `part`. */
const missing = (part: Nested): Nested => (Array.isArray(part) ? (part as Nested[]).map(missing) : "NaN");

const isoText = (time: number): string => new Date(time).toISOString().slice(0, 19);

/** A grid of leads and valid times that says which run a cell belongs to, as whole runs. */
const asRuns = (array: LabelledArray): LabelledArray => {
  const inits = array.coords.init_time?.data as (string | null)[][] | undefined;
  if (array.dims[0] !== "lead_time" || inits === undefined) return array;
  const data = array.data as Nested[][];
  const labels = [...new Set(inits.flat().filter((label) => label !== null))].sort();
  if (labels.length === 0) return array;
  const empty = missing(data[0]![0]!);
  const rows = labels.map((label) =>
    inits.map((ofLead, l) => {
      const k = ofLead.indexOf(label);
      return k < 0 ? empty : data[l]![k]!;
    }),
  );
  const dims = ["init_time", "lead_time", ...array.dims.slice(2)];
  return { ...array, dims, coords: { ...array.coords, init_time: labels }, data: rows };
};

/** Times that only the target has, as runs without values: the empty cells of the peer's grid. */
const withEmptyRuns = (array: LabelledArray, target: LabelledArray): LabelledArray => {
  if (array.dims[0] !== "init_time") return array;
  const inits = (array.coords.init_time as string[]).map(instant);
  const leads = (array.coords.lead_time as number[]).map(Number);
  const covered = new Set(inits.flatMap((init) => leads.map((lead) => init + lead * HOUR)));
  const others = (target.coords.valid_time as string[]).map(instant).filter((time) => !covered.has(time));
  const known = new Set(inits);
  const added = others.map((time) => time - leads[0]! * HOUR).filter((init) => !known.has(init));
  const rows = array.data as Nested[];
  return {
    ...array,
    coords: { ...array.coords, init_time: [...array.coords.init_time, ...added.map(isoText)] },
    data: [...rows, ...added.map(() => missing(rows[0]!))],
  };
};

/** Points in a row, since a forecast is a grid. */
const memoryArray = ({ dims, coords, data, dtype }: LabelledArray): MemoryArray => {
  const named = dims.map((dim) => (dim === "location" ? "longitude" : dim));
  const labels = Object.fromEntries(
    dims.map((dim, i) => [
      named[i]!,
      dim === "location" ? (coords.location as unknown[]).map((_, place) => place) : coords[dim],
    ]),
  );
  const type: Pick<MemoryArray, "dtype"> = dtype === "float32" ? { dtype } : {};
  return { dims: named, coords: labels, data: data as unknown[], ...type };
};

const sourceOf = (role: Role, name: string, array: LabelledArray) =>
  inMemory({ role, name, variables: { [variable]: unit }, arrays: { [variable]: memoryArray(array) } });

/** The whole of every grid, and only places whose labels are equal: a metric called with labelled arrays. */
const exactLabels: Matching = {
  parameters: { match: "labels" },
  window: wholeOf,
  forecastWindow: wholeOf,
  inside: () => () => true,
  put: (grid, _window, { latitude, longitude }) => {
    const rows = Array.from(latitude, (at) => grid.latitude.indexOf(at));
    const columns = Array.from(longitude, (at) => grid.longitude.indexOf(at));
    return (values) => {
      const all = rows.flatMap((row) =>
        columns.map((column) =>
          row < 0 || column < 0 ? Number.NaN : values[row * grid.longitude.length + column]!,
        ),
      );
      return values instanceof Float32Array ? Float32Array.from(all) : Float64Array.from(all);
    };
  },
};

function wholeOf(grid: Parameters<Matching["window"]>[0]) {
  return {
    rows: { start: 0, stop: grid.latitude.length },
    columns: [{ start: 0, stop: grid.longitude.length }],
  };
}

/** A climatology may lie on another grid: the peer takes its nearest place. */
const nearestLabels: Matching = { ...exactLabels, put: withClimatologies(() => false).put };

const climatologyOf = (criterion: unknown): MetricSetting["climatology"] => {
  const array = typeof criterion === "object" ? (criterion as LabelledArray) : madeUpDay;
  return climatologyQuantile(sourceOf("climatology", "inline", array));
};

const madeUpDay: LabelledArray = { dims: ["dayofyear"], coords: { dayofyear: [1] }, data: [0] };

const eventOf = ({ id, case: stated }: UnitCase): Case => ({
  id: 1,
  title: id,
  type: "heat_wave",
  start: stated === undefined ? Date.UTC(1900, 0) : instant(stated.start),
  end: stated === undefined ? Date.UTC(2200, 0) : instant(stated.end),
  region: { south: -90, north: 90, west: -180, east: 180 },
});

/** The metrics of a case in a wing; `without` where ours has no such option. */
export const metricsOf = (one: UnitCase, wing: Wing) => {
  const climatology = climatologyOf(one.metric.parameters.threshold_criteria);
  const setting = isTracks(one)
    ? { variable: TRACK_VARIABLE, unit: "1", climatology }
    : { variable, unit, climatology };
  return wing === "ours" ? ourMetrics(one, setting) : peerMetrics(one, setting);
};

/** A row of the table and what the peer's rows call its metric. */
export type UnitRow = MetricRow & { readonly metric: string };

/** The rows of a case of tracks, by what metrics say of its pairs. */
export const runTracks = (one: UnitCase, wing: Wing): UnitRow[] => {
  const made = metricsOf(one, wing);
  if ("without" in made) throw new Error(`there is no option for ${made.without}`);
  const pairsOfTracks = trackPairs(one);
  return made.flatMap(({ name, metric }) =>
    scoreAll(metric, pairsOfTracks).map((row) => ({ ...row, metric: name })),
  );
};

/** The rows of a compat metric over the pairs of a case, without a run. */
export const runPairs = (one: UnitCase): Outcome & { readonly table: readonly UnitRow[] } => {
  const found = pairsOf(one, { join: "exact", everyRef: true, targetTimes: isPeak(one) });
  const table = peerMetrics(one).flatMap(({ name, metric }) =>
    scoreAll(metric, found).map((row) => ({ ...row, metric: name })),
  );
  return { rows: [], failures: [], table };
};

/** Runs a unit case. A metric that refuses its options is the run's error. */
export const runUnit = async (
  one: UnitCase,
  wing: Wing,
): Promise<Outcome & { readonly table: readonly UnitRow[] }> => {
  const runs = asRuns(one.forecast);
  const forecast = sourceOf("forecast", "model", isPeak(one) ? withEmptyRuns(runs, one.target) : runs);
  const target = sourceOf("target", "truth", one.target);
  const peerMatch =
    typeof one.metric.parameters.threshold_criteria === "object" ? nearestLabels : exactLabels;
  const pairing =
    wing === "ours"
      ? ({ match: "nearest", outside: "edge" } as const)
      : ({ match: peerMatch, unmatched: true } as const);
  const names = new Map<string, string>();
  const outcome = await runProgram(
    (run) => {
      const made = metricsOf(one, wing);
      if ("without" in made) throw new Error(`there is no option for ${made.without}`);
      for (const { name, metric } of made) names.set(metric.term, name);
      return cases(run).pipe(
        eachCase(run, (event) =>
          pairs(run, event, { forecast, targets: [target], variables: [variable], ...pairing }).pipe(
            score(run, ...made.map(({ metric }) => metric)),
          ),
        ),
      );
    },
    dataSetOf({ cases: [eventOf(one)] }),
  );
  const table = outcome.rows.map(({ metric, init_time, lead_hours, valid_time, value, n }) => ({
    metric: names.get(metric) ?? metric,
    initTime: init_time,
    leadHours: lead_hours,
    validTime: valid_time,
    value,
    n,
  }));
  return { ...outcome, table };
};

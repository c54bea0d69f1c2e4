/**
 * Unit cases of the golden files (`units/{continuous,peak,duration,early-signal}.json`) as pairs: what a metric
 * sees of one, and how its rows compare with those expected.
 *
 * A case gives whole runs (init_time, lead_time, …) or the grid lead_time x valid_time. Every run and lead with a
 * target becomes a matched pair; for metrics that look at the whole grid (`everyRef`) the others become unmatched
 * pairs. Spatial labels are joined exactly (`join: "exact"`, as the peer does) or within 1e-5 degrees.
 */
import { readFileSync } from "node:fs";
import { gridPlaces, pointPlaces } from "../../src/kernels/places.ts";
import type { AreaGeometry } from "../../src/kernels/tracks/coast.ts";
import type { Metric, MetricRow } from "../../src/model/metric.ts";
import type { ClimatologyField, Pair, Places } from "../../src/model/pair.ts";
import { goldenPath } from "./goldenPath.ts";

export type Nested = number | string | boolean | null | readonly Nested[];

export interface LabelledArray {
  readonly dims: readonly string[];
  readonly dtype?: string;
  readonly coords: Readonly<Record<string, any>>;
  readonly data: Nested;
}

export interface ExpectedRow {
  readonly metric: string;
  readonly value: number | string | boolean;
  readonly lead_time?: number | null;
  readonly init_time?: string | number | null;
  readonly valid_time?: string | null;
  readonly placeholder?: boolean;
}

export interface UnitCase {
  readonly id: string;
  readonly title: string;
  readonly kind: "science" | "quirk";
  readonly metric: { readonly class: string; readonly parameters: Readonly<Record<string, any>> };
  readonly forecast: LabelledArray;
  readonly target: LabelledArray;
  readonly case?: { readonly start: string; readonly end: string };
  /** Landfall only: a made-up coast. */
  readonly land?: AreaGeometry;
  readonly ocean?: AreaGeometry;
  readonly expected: readonly ExpectedRow[] | { readonly error: string };
  readonly right?: readonly ExpectedRow[];
  readonly right_note?: string;
}

/** All cases of a family, as the file lists them. */
export const unitCases = (family: string): UnitCase[] =>
  JSON.parse(readFileSync(goldenPath("ewb-core", "units", `${family}.json`), "utf8"));

const HOUR = 3_600_000;
export const VARIABLE = "x";
/** Unit of the made-up variable: thresholds are numbers in it. */
export const UNIT = "K";

/** Milliseconds of `2021-06-20T00:00:00`, which is UTC. */
export const instant = (text: string): number => Date.parse(/Z$/.test(text) ? text : `${text}Z`);

export const numberOf = (value: unknown): number =>
  typeof value === "boolean"
    ? Number(value)
    : value === "inf"
      ? Infinity
      : value === "-inf"
        ? -Infinity
        : Number(value);

const SPATIAL = new Set(["latitude", "longitude", "location"]);
const TIMES = new Set(["init_time", "lead_time", "valid_time"]);

export const flat = (data: Nested): number[] =>
  Array.isArray(data) ? (data as Nested[]).flatMap(flat) : [numberOf(data)];

/** What of an array belongs to fixed indices of its first dimensions. */
const at = (data: Nested, indices: readonly number[]): Nested =>
  indices.reduce<Nested>((part, index) => (part as Nested[])[index]!, data);

/** Times first, then space: cases are written that way; anything else is refused. */
const checkDims = ({ dims }: LabelledArray): { times: string[]; space: string[] } => {
  const times = dims.filter((dim) => TIMES.has(dim));
  const space = dims.filter((dim) => SPATIAL.has(dim));
  if (times.length + space.length !== dims.length || dims.join() !== [...times, ...space].join()) {
    throw new Error(`dimensions ${dims.join()} are not times then places`);
  }
  return { times, space };
};

const coordinates = (array: LabelledArray, dim: string): number[] => {
  const found = array.coords[dim];
  return found === undefined ? [0] : (found.data ?? found).map(Number);
};

/** Indices of target places and of the forecast's places that carry the same labels. */
const joined = (wanted: readonly number[], given: readonly number[], tolerance: number) =>
  wanted
    .map((value, target) => ({
      target,
      forecast: given.findIndex((other) => Math.abs(other - value) <= tolerance),
    }))
    .filter(({ forecast }) => forecast >= 0);

export interface PairOptions {
  /** `exact` labels, as the peer joins, or `near` ones. */
  readonly join: "exact" | "near";
  /** Also refs without a target, unmatched, for every run that has any. */
  readonly everyRef: boolean;
  /** Also times that only the target has, as pairs whose forecast is missing. */
  readonly targetTimes?: boolean;
}

/** The pairs of a case. */
export const pairsOf = (unit: UnitCase, { join, everyRef, targetTimes = false }: PairOptions): Pair[] => {
  const { forecast, target } = unit;
  const { times, space } = checkDims(forecast);
  checkDims(target);
  const tolerance = join === "exact" ? 0 : 1e-5;
  const make = typedOf(forecast.dtype);
  const makeTarget = typedOf(target.dtype);
  const points = space.includes("location");
  const rows = joined(
    points ? coordinates(target, "location") : coordinates(target, "latitude"),
    points ? coordinates(forecast, "location") : coordinates(forecast, "latitude"),
    tolerance,
  );
  const columns = points
    ? [{ target: 0, forecast: 0 }]
    : joined(coordinates(target, "longitude"), coordinates(forecast, "longitude"), tolerance);
  const places = placesOf(target, points, rows, columns);
  const width = (array: LabelledArray) => (points ? 1 : coordinates(array, "longitude").length);
  const pick = (part: Nested, array: LabelledArray, side: "forecast" | "target"): number[] => {
    const values = flat(part);
    return rows.flatMap((row) => columns.map((column) => values[row[side] * width(array) + column[side]]!));
  };
  const size = rows.length * columns.length;
  const targetAt = new Map<number, number>(
    (target.coords.valid_time as string[]).map((text, k) => [instant(text), k]),
  );
  const event = {
    id: 1,
    title: unit.id,
    type: "heat_wave",
    start: unit.case === undefined ? -8.64e15 : instant(unit.case.start),
    end: unit.case === undefined ? 8.64e15 : instant(unit.case.end),
    region: { south: -90, north: 90, west: -180, east: 180 },
  };
  const climatology = climatologyOf(unit, places);
  const leads = (forecast.coords.lead_time as number[]).map(Number);
  const pair = (
    initTime: number,
    lead: number,
    values: readonly number[] | undefined,
    validTime: number,
  ): Pair => {
    const k = targetAt.get(validTime);
    const missing = new Array<number>(size).fill(Number.NaN);
    const matched = k !== undefined && values !== undefined;
    return {
      event,
      initTime,
      leadHours: lead,
      validTime,
      matched,
      places,
      forecast: { [VARIABLE]: { unit: UNIT, values: make(matched ? values : missing) } },
      target: {
        [VARIABLE]: {
          unit: UNIT,
          values: makeTarget(matched ? pick(at(target.data, [k]), target, "target") : missing),
        },
      },
      climatology: () => ({ unit: UNIT, values: climatology(validTime) }),
    };
  };
  const pairs: Pair[] = [];
  const seen = new Set<string>();
  const add = (initTime: number, lead: number, values: readonly number[] | undefined) => {
    const validTime = initTime + lead * HOUR;
    if (seen.has(`${initTime} ${lead}`)) return;
    seen.add(`${initTime} ${lead}`);
    const one = pair(initTime, lead, values, validTime);
    if (one.matched || everyRef) pairs.push(one);
  };
  const inits = new Set<number>();
  if (times[0] === "init_time") {
    (forecast.coords.init_time as string[]).forEach((text, i) => {
      inits.add(instant(text));
      leads.forEach((lead, l) => {
        add(instant(text), lead, pick(at(forecast.data, [i, l]), forecast, "forecast"));
      });
    });
  } else {
    const validTimes = (forecast.coords.valid_time as string[]).map(instant);
    leads.forEach((lead, l) => {
      validTimes.forEach((validTime, k) => {
        const known = forecast.coords.init_time?.data?.[l]?.[k];
        if (known === null) return;
        const initTime = known === undefined ? validTime - lead * HOUR : instant(known);
        inits.add(initTime);
        add(initTime, lead, pick(at(forecast.data, [l, k]), forecast, "forecast"));
      });
    });
    if (everyRef && inits.size === 0) inits.add(0);
    for (const initTime of inits) for (const lead of leads) add(initTime, lead, undefined);
  }
  if (targetTimes && pairs.length > 0) {
    const covered = new Set(pairs.filter(({ matched }) => matched).map(({ validTime }) => validTime));
    for (const validTime of targetAt.keys()) {
      if (covered.has(validTime)) continue;
      pairs.push(pair(validTime - leads[0]! * HOUR, leads[0]!, new Array(size).fill(Number.NaN), validTime));
    }
  }
  return pairs;
};

const typedOf =
  (dtype: string | undefined) =>
  (values: readonly number[]): Float32Array | Float64Array =>
    dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);

const placesOf = (
  target: LabelledArray,
  points: boolean,
  rows: readonly { target: number }[],
  columns: readonly { target: number }[],
): Places => {
  const latitude = coordinates(target, "latitude");
  const longitude = coordinates(target, "longitude");
  if (points) {
    return pointPlaces(
      Float64Array.from(rows, ({ target: i }) => latitude[i] ?? 0),
      Float64Array.from(rows, ({ target: i }) => longitude[i] ?? 0),
    );
  }
  const grid = {
    latitude: Float64Array.from(rows, ({ target: i }) => latitude[i]!),
    longitude: Float64Array.from(columns, ({ target: i }) => longitude[i]!),
  };
  return gridPlaces(grid, {
    rows: { start: 0, stop: rows.length },
    columns: [{ start: 0, stop: columns.length }],
  });
};

/** A climatology's entry of the calendar day and nearest hour (the earlier half-way), nearest place. */
const climatologyOf = (
  unit: UnitCase,
  places: Places,
): ((validTime: number) => Float64Array | Float32Array) => {
  const array = unit.metric.parameters.threshold_criteria as LabelledArray | number | undefined;
  const make = typedOf(typeof array === "object" ? array.dtype : undefined);
  const size = places.leaves.at(-1)!;
  if (typeof array !== "object") return () => make(new Array(size).fill(Number.NaN));
  const { dayofyear, hour, latitude, longitude } = array.coords as Record<string, number[]>;
  const nearest = (axis: readonly number[], wanted: number): number => {
    const order = axis.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
    let best = order[0]!;
    for (const one of order) if (Math.abs(one.value - wanted) < Math.abs(best.value - wanted)) best = one;
    return best.i;
  };
  return (validTime) => {
    const time = new Date(validTime);
    const midnight = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate());
    const day = Math.round((midnight - Date.UTC(time.getUTCFullYear(), 0, 1)) / (24 * HOUR)) + 1;
    const d = dayofyear!.indexOf(day);
    if (d < 0) return make(new Array(size).fill(Number.NaN));
    const h = nearest(hour!, (validTime - midnight) / HOUR);
    const rows = Array.from(places.latitude, (value) => nearest(latitude!, value));
    const columns = Array.from(places.longitude, (value) => nearest(longitude!, value));
    return make(
      rows.flatMap((row) => columns.map((column) => numberOf(at(array.data, [d, h, row, column])))),
    );
  };
};

/** The climatology a case names, as a metric takes it; its values come from the pairs. */
export const climatologyField: ClimatologyField<typeof UNIT> = {
  kind: "climatology",
  source: {
    role: "climatology",
    name: "inline",
    format: "memory",
    address: "inline",
    variables: { x: UNIT },
  },
  variable: VARIABLE,
  unit: UNIT,
  text: "inline",
};

/** A metric's rows over some pairs, observed one after the other. */
export const scoreAll = (metric: Metric<any>, pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero()));

export interface Difference {
  readonly row: string;
  readonly got: number | undefined;
  readonly wanted: number | undefined;
}

/**
 * How rows differ from those expected. Values are close within 1e-12 of their size (`single`: 1e-5 of the field's
 * size). Unless `strict`, a row without a number is the same as no row; with it every row must be there.
 */
export const differences = (
  rows: readonly MetricRow[],
  expected: readonly ExpectedRow[],
  { strict, single, scale = 1 }: { strict: boolean; single: boolean; scale?: number },
): Difference[] => {
  const keys = (["lead_time", "init_time", "valid_time"] as const).filter((key) =>
    expected.some((row) => row[key] !== undefined && row[key] !== null),
  );
  const wanted = new Map(
    expected.map((row) => [
      row.placeholder
        ? "placeholder"
        : keys
            .map((key) => `${key}=${typeof row[key] === "string" ? instant(row[key]) : (row[key] ?? "")}`)
            .join(" "),
      numberOf(row.value),
    ]),
  );
  const columnsOf = { lead_time: "leadHours", init_time: "initTime", valid_time: "validTime" } as const;
  const got = new Map(
    rows.map((row) => [
      wanted.has("placeholder") && row.n === 0
        ? "placeholder"
        : keys.map((key) => `${key}=${row[columnsOf[key]] ?? ""}`).join(" "),
      row.value,
    ]),
  );
  const found: Difference[] = [];
  for (const key of new Set([...wanted.keys(), ...got.keys()])) {
    const a = got.get(key);
    const b = wanted.get(key);
    if (!strict && (a === undefined || Number.isNaN(a)) && (b === undefined || Number.isNaN(b))) continue;
    const close =
      a !== undefined &&
      b !== undefined &&
      (Object.is(a, b) ||
        Math.abs(a - b) <= (single ? 1e-5 * scale : 1e-12 * Math.max(1, Math.abs(b), scale)));
    if (!close) found.push({ row: key, got: a, wanted: b });
  }
  if (strict && rows.length !== expected.length) {
    found.push({ row: "number of rows", got: rows.length, wanted: expected.length });
  }
  return found;
};

/** The size of a case's values: what tolerances of float32 are relative to. */
export const sizeOf = (unit: UnitCase): number =>
  Math.max(...flat(unit.target.data).filter(Number.isFinite).map(Math.abs), 1);

export const isSingle = (unit: UnitCase): boolean =>
  unit.forecast.dtype === "float32" || unit.target.dtype === "float32";

/**
 * Cases of `science-metrics/*.json` as pairs: what a metric sees, without the way there. Arrays by init_time and
 * lead_hours (or neither), by latitude and longitude (or y and x, or neither), forecasts with members or without.
 * A run may have its own truth at one valid time, which no program of stores could give.
 */
import { readFileSync } from "node:fs";
import { gridPlaces } from "../../src/kernels/places.ts";
import type { Metric, MetricRow } from "../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../src/model/pair.ts";
import { goldenPath } from "./goldenPath.ts";
import { flat, instant, type LabelledArray, numberOf } from "./unitCase.ts";

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

/** All cases of one file, as it lists them. */
export const scienceFamily = (family: string): ScienceCase[] =>
  JSON.parse(readFileSync(goldenPath("science-metrics", `${family}.json`), "utf8"));

const HOUR = 3_600_000;
const rowNames = ["latitude", "y"];
const columnNames = ["longitude", "x"];

/** What of an array lies at some labels of its outer dimensions, in the order rows, columns. */
export const fieldAt = (array: LabelledArray, at: Readonly<Record<string, number>>): Float64Array => {
  const sizes = sizesOf(array);
  const data = flat(array.data).map(numberOf);
  const inner = [rowNames, columnNames].map((names) => array.dims.findIndex((dim) => names.includes(dim)));
  const [rows = 1, columns = 1] = inner.map((k) => (k < 0 ? 1 : sizes[k]!));
  const field = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let index = 0;
      for (const [k, dim] of array.dims.entries()) {
        const here = k === inner[0] ? r : k === inner[1] ? c : (at[dim] ?? 0);
        index = index * sizes[k]! + here;
      }
      field[r * columns + c] = data[index]!;
    }
  }
  return field;
};

/** Length of every dimension, from the nesting of the data. */
export const sizesOf = ({ dims, data }: LabelledArray): number[] => {
  const sizes: number[] = [];
  let level: any = data;
  for (const _ of dims) {
    sizes.push(level.length);
    level = level[0];
  }
  return sizes;
};

const axis = (array: LabelledArray, names: readonly string[]): Float64Array => {
  const k = array.dims.findIndex((dim) => names.includes(dim));
  if (k < 0) return Float64Array.of(0);
  const labels = array.coords?.[array.dims[k]!];
  return Float64Array.from(labels ?? Array.from({ length: sizesOf(array)[k]! }, (_, i) => i));
};

export interface PairInputs {
  /** By variable: the arrays of both sides. */
  readonly variables: Readonly<
    Record<string, { readonly forecast: LabelledArray; readonly target: LabelledArray }>
  >;
  /** Climatologies by their text. */
  readonly climatologies?: Readonly<Record<string, LabelledArray>>;
  readonly unit?: string;
}

/** One pair for each run and lead of the first variable. */
export const goldenPairs = ({ variables, climatologies = {}, unit = "K" }: PairInputs): Pair[] => {
  const [first] = Object.values(variables);
  const { forecast } = first!;
  const inits: string[] = forecast.coords?.init_time ?? ["2020-01-01T00:00:00"];
  const leads: number[] = forecast.coords?.lead_hours ?? [0];
  const latitude = axis(forecast, rowNames);
  const longitude = axis(forecast, columnNames);
  const places = {
    ...gridPlaces(
      { latitude, longitude },
      { rows: { start: 0, stop: latitude.length }, columns: [{ start: 0, stop: longitude.length }] },
    ),
    // The cases' cell areas go by latitude only, also where columns are not equally wide.
    columnWeights: undefined,
  };
  const event = {
    id: 1,
    title: "golden",
    type: "heat_wave",
    start: 0,
    end: Number.MAX_SAFE_INTEGER,
    region: { south: -90, north: 90, west: -180, east: 180 },
  };
  return inits.flatMap((init, i) =>
    leads.map((leadHours, l): Pair => {
      const at = { init_time: i, lead_hours: l };
      const sides = Object.entries(variables);
      const initTime = instant(init);
      return {
        event,
        initTime,
        leadHours,
        validTime: initTime + leadHours * HOUR,
        matched: true,
        places,
        forecast: Object.fromEntries(
          sides.map(([name, { forecast }]) => [name, fieldOf(forecast, at, unit)]),
        ),
        target: Object.fromEntries(
          sides.map(([name, { target }]) => [name, { unit, values: fieldAt(target, at) }]),
        ),
        climatology: ({ text }: ClimatologyField) => ({ unit, values: fieldAt(climatologies[text]!, at) }),
        computed: new Map(),
      };
    }),
  );
};

/** A field with its members, where the array has any; `values` is the mean of those present. */
const fieldOf = (array: LabelledArray, at: Readonly<Record<string, number>>, unit: string) => {
  const k = array.dims.indexOf("member");
  if (k < 0) return { unit, values: fieldAt(array, at) };
  const members = Array.from({ length: sizesOf(array)[k]! }, (_, member) =>
    fieldAt(array, { ...at, member }),
  );
  const values = members[0]!.map((_, i) => {
    const present = members.map((member) => member[i]!).filter((value) => !Number.isNaN(value));
    return present.reduce((sum, value) => sum + value, 0) / present.length;
  });
  return { unit, values, members };
};

/** The rows of a metric over some pairs. */
export const rowsOfMetric = (metric: Metric<any>, pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero()));

/** Labels of each value of an expected array, in its order. */
export const labelsOf = (wanted: LabelledArray): Record<string, string | number>[] =>
  wanted.dims.reduce<Record<string, string | number>[]>(
    (all, dim, k) =>
      all.flatMap((labels) =>
        (wanted.coords?.[dim] ?? Array.from({ length: sizesOf(wanted)[k]! }, (_, i) => i)).map(
          (label: any) => ({ ...labels, [dim]: label }),
        ),
      ),
    [{}],
  );

/** Whether a row lies at labels of init_time and lead_hours; others are for the caller. */
export const isAt = (row: MetricRow, labels: Readonly<Record<string, string | number>>): boolean =>
  (labels.init_time === undefined || row.initTime === instant(`${labels.init_time}`)) &&
  (labels.lead_hours === undefined || row.leadHours === labels.lead_hours);

/** What differs between a value found for each expected label and the expected one; empty: nothing. */
export const differences = (
  one: ScienceCase,
  key: string,
  got: (labels: Readonly<Record<string, string | number>>) => number | undefined,
): string[] => {
  const wanted = one.expected[key]!;
  const isArray = typeof wanted === "object";
  const values = isArray ? flat(wanted.data).map(numberOf) : [numberOf(wanted)];
  const { absolute, relative } = one.tolerance;
  return (isArray ? labelsOf(wanted) : [{}]).flatMap((labels, i) => {
    const found = got(labels);
    const value = values[i]!;
    const isClose =
      found !== undefined &&
      (Object.is(found, value) || Math.abs(found - value) <= absolute + relative * Math.abs(value));
    return isClose ? [] : [`${key} ${JSON.stringify(labels)}: got ${found}, expected ${value}`];
  });
};

/** The same for the rows of a metric by run and lead: exactly one row a label. */
export const rowDifferences = (
  one: ScienceCase,
  key: string,
  rows: readonly MetricRow[],
  is: (row: MetricRow, labels: Readonly<Record<string, string | number>>) => boolean = isAt,
): string[] =>
  differences(one, key, (labels) => {
    const found = rows.filter((row) => is(row, labels));
    return found.length === 1 ? found[0]!.value : undefined;
  });

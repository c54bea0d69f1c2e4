/** Pairs of made-up numbers for tests of ensembles: one time, points or one row of a grid. */
import { gridPlaces, pointPlaces } from "../../../../src/kernels/places.ts";
import type { Field } from "../../../../src/model/field.ts";
import type { Metric, MetricRow } from "../../../../src/model/metric.ts";
import type { Pair } from "../../../../src/model/pair.ts";
import { random } from "../../../../src/testing/random.ts";

export interface Side {
  readonly unit?: string;
  /** One array a member, or none. */
  readonly members?: readonly (readonly number[])[];
  readonly forecast?: readonly number[];
  readonly target?: readonly number[];
}

export const pairOf = (variables: Readonly<Record<string, Side>>, leadHours = 0): Pair => {
  const sides = Object.entries(variables);
  const size = Math.max(
    ...sides.map(([, { target, forecast, members }]) => (target ?? forecast ?? members![0]!).length),
  );
  const none = Array(size).fill(Number.NaN);
  const field = (unit: string, values: readonly number[], members?: Side["members"]): Field => ({
    unit,
    values: Float64Array.from(values),
    ...(members === undefined ? {} : { members: members.map((member) => Float64Array.from(member)) }),
  });
  return {
    event: {
      id: 1,
      title: "made up",
      type: "heat_wave",
      start: 0,
      end: 1e12,
      region: { south: -90, north: 90, west: -180, east: 180 },
    },
    initTime: 0,
    leadHours,
    validTime: leadHours * 3_600_000,
    matched: true,
    places: pointPlaces(
      new Float64Array(size),
      Float64Array.from({ length: size }, (_, i) => i / size),
    ),
    forecast: Object.fromEntries(
      sides.map(([name, { unit = "K", forecast, members }]) => [
        name,
        field(unit, forecast ?? members?.[0] ?? none, members),
      ]),
    ),
    target: Object.fromEntries(
      sides.map(([name, { unit = "K", target }]) => [name, field(unit, target ?? none)]),
    ),
    climatology: () => {
      throw new Error("no climatology here");
    },
  };
};

/** The same on rows of a grid. */
export const onGrid = (pair: Pair, latitude: readonly number[], columns: number): Pair => ({
  ...pair,
  places: gridPlaces(
    {
      latitude: Float64Array.from(latitude),
      longitude: Float64Array.from({ length: columns }, (_, i) => i),
    },
    { rows: { start: 0, stop: latitude.length }, columns: [{ start: 0, stop: columns }] },
  ),
});

export const rowsOf = (metric: Metric<any>, ...pairs: readonly Pair[]): readonly MetricRow[] =>
  metric.finish(pairs.reduce((state, pair) => metric.merge(state, metric.observe(pair)), metric.zero()));

/** The value of the only row, or of the only one of a term. */
export const valueIn = (metric: Metric<any>, pair: Pair, term?: string): number => {
  const rows = rowsOf(metric, pair).filter((row) => term === undefined || row.term === term);
  if (rows.length !== 1) throw new Error(`${rows.length} rows of ${metric.name} ${term ?? ""}`);
  return rows[0]!.value;
};

/** Normally distributed numbers from a seed (Box and Muller). */
export const gaussians = (seed: number): (() => number) => {
  const next = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
};

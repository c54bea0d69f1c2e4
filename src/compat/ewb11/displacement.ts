import { addExact, exactValue } from "../../kernels/exactSum.ts";
import { haversine } from "../../kernels/haversine.ts";
import { EwbError } from "../../model/errors.ts";
import type { Values } from "../../model/field.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Pair, Places } from "../../model/pair.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { mergeSeries, type Series } from "../../operators/metrics/runs/series.ts";
import { type LatticeSample, latticeOf, latticeSample, withoutTimes } from "./lattice.ts";
import { unwrapped } from "./matching.ts";
import { checkPeerOptions, type PeerOptions, peerParameters, preservedDims } from "./options.ts";

const NAME = "spatialDisplacement";

interface DisplacementSample extends LatticeSample {
  /** Kilometres; NaN where a side has no centre. */
  readonly distance: number;
  /** Places at which both sides are present. */
  readonly valid: number;
}

/**
 * Spatial displacement as ExtremeWeatherBench 1.1.0 computes it: km between the centres of mass of both sides, counted
 * in rows and columns and rounded to a cell (half-way to the even one), the mean over the times at which both have
 * one. One missing cell voids a centre, negative values pull, a grid cut at the date line is not joined, and a
 * negative index counts from the end. Throws `Options`, and `InvalidValue` where the peer aborts: for points, a centre
 * far outside the grid, and without a common time.
 *
 *     spatialDisplacement("atmospheric_river_mask")
 */
export const spatialDisplacement = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: Omit<PeerOptions, "weights" | "intervalWhereOne" | "intervalWherePositive"> = {},
): Metric<V> => {
  checkPeerOptions(NAME, variable, options);
  const dims = preservedDims(NAME, options, ["lead_time"]);
  const metric: Metric<V, Series<DisplacementSample>> = {
    name: NAME,
    term: "spatial displacement",
    definition:
      "as ExtremeWeatherBench 1.1.0: mean great-circle distance of centres of mass, rounded to a cell, over the times that have both",
    variable,
    unit: () => "km",
    parameters: peerParameters(options),
    needs: { variables: [variable], whole: true },
    zero: () => [],
    observe: (pair) => latticeSample<DisplacementSample>(pair, displacement(pair, variable)),
    merge: (a, b) => mergeSeries(a, b, (x) => x),
    finish: (state) => {
      if (state.length === 0) return [];
      const lattice = latticeOf(state, options.leadOrder);
      if (lattice.times.length === 0) throw withoutTimes(NAME, variable);
      const rows: MetricRow[] = [];
      for (const lead of dims.includes("lead_time") ? lattice.leads : [null]) {
        for (const time of dims.includes("valid_time") ? lattice.times : [null]) {
          const cells = (lead === null ? lattice.leads : [lead]).flatMap((l) =>
            (time === null ? lattice.times : [time]).flatMap((t) => lattice.cell(l, t) ?? []),
          );
          rows.push({ initTime: null, leadHours: lead, validTime: time, ...meanOf(cells) });
        }
      }
      return rows;
    },
  };
  return metric;
};

const meanOf = (cells: readonly DisplacementSample[]): Pick<MetricRow, "value" | "n" | "extra"> => {
  const sum: number[] = [];
  let times = 0;
  let n = 0;
  for (const { distance, valid } of cells) {
    if (Number.isNaN(distance)) continue;
    addExact(sum, distance);
    times += 1;
    n += valid;
  }
  return { value: times === 0 ? Number.NaN : exactValue(sum) / times, n, extra: { n_times: times } };
};

const displacement = (
  { matched, forecast, target, places }: Pair,
  variable: string,
): Omit<DisplacementSample, keyof LatticeSample> => {
  if (!matched) return { distance: Number.NaN, valid: 0 };
  if (places.kind === "points") {
    throw new EwbError(
      "InvalidValue",
      `${NAME}: the target is a list of points; ExtremeWeatherBench 1.1.0 aborts here. Take a target on a grid.`,
      { variable },
    );
  }
  const f = forecast[variable]!.values;
  const o = target[variable]!.values;
  let valid = 0;
  for (let i = 0; i < f.length; i++) if (!Number.isNaN(f[i]!) && !Number.isNaN(o[i]!)) valid += 1;
  const here = centre(f, places, variable);
  const there = centre(o, places, variable);
  const distance =
    here === undefined || there === undefined ? Number.NaN : haversine(here[0], here[1], there[0], there[1]);
  return { distance, valid };
};

/** Latitude and longitude of the cell a centre is rounded to; undefined where nothing is positive or a cell lacks. */
const centre = (
  values: Values,
  { latitude, longitude }: Places,
  variable: string,
): readonly [latitude: number, longitude: number] | undefined => {
  const width = longitude.length;
  const sums = { all: [] as number[], rows: [] as number[], columns: [] as number[] };
  let isPositive = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) return undefined;
    if (value === 0) continue;
    isPositive ||= value > 0;
    const row = Math.floor(i / width);
    addExact(sums.all, value);
    addExact(sums.rows, value * row);
    addExact(sums.columns, value * (i - row * width));
  }
  if (!isPositive) return undefined;
  const all = exactValue(sums.all);
  return [
    label(latitude, exactValue(sums.rows) / all, variable),
    label(unwrapped(longitude, longitude), exactValue(sums.columns) / all, variable),
  ];
};

const label = (axis: Float64Array, position: number, variable: string): number => {
  const found = axis.at(halfEven(position));
  if (found !== undefined && Number.isFinite(position)) return found;
  throw new EwbError(
    "InvalidValue",
    `${NAME}: negative values put a centre at index ${position} of ${axis.length}; ExtremeWeatherBench 1.1.0 aborts here. Use the metric of ewb/metrics.`,
    { variable },
  );
};

/** To the nearest whole number, half-way to the even one. */
const halfEven = (value: number): number => {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
};

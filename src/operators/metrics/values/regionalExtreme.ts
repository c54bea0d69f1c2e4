import { exactSum, exactValue } from "../../../kernels/exactSum.ts";
import type { Values } from "../../../model/field.ts";
import type { Metric } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { fieldRows } from "../fieldRows.ts";
import { GROUPS, type GroupOptions, grouped } from "../groups/grouped.ts";
import { type Keep, keepParameter, keptTimes } from "../keep.ts";
import type { NoVariables } from "../noVariables.ts";
import { once } from "../once.ts";
import { onlyOptions } from "../options.ts";
import { mergeSeries, oneSample, type Series } from "../runs/series.ts";
import { USUAL } from "../scoreOptions.ts";

export interface RegionalExtremeOptions {
  /** What is not reduced over; `["lead_time"]` unless said. */
  readonly keep?: Keep;
  /** The mean of the absolute differences in place of the differences. */
  readonly absolute?: boolean;
}

/**
 * Maximum error: the mean over fields (one of each run and lead) of max f - max o over the region, wherever in it each
 * of them is; with `absolute` of |max f - max o|. Missing places are left out on each side alone. In the unit of the
 * variable; 0 is best. `n` = fields that both sides have.
 *
 *     maximumError("surface_wind_speed", { absolute: true })
 *
 * Throws `Options`. Jolliffe and Stephenson 2012, Forecast Verification, 2nd ed., doi:10.1002/9781119960003.
 */
export const maximumError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RegionalExtremeOptions & GroupOptions<V> = {},
): Metric<V> => regionalExtreme<V>("maximum", variable, options);

/**
 * Minimum error: the same for the lowest values (see `maximumError`).
 *
 *     minimumError("air_pressure_at_mean_sea_level")
 */
export const minimumError = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options: RegionalExtremeOptions & GroupOptions<V> = {},
): Metric<V> => regionalExtreme<V>("minimum", variable, options);

/** Extremes of both sides of one field; infinite where a side has no value. */
interface Extremes {
  readonly leadHours: number;
  readonly validTime: number;
  readonly maximum: readonly [forecast: number, target: number];
  readonly minimum: readonly [forecast: number, target: number];
  readonly present: readonly [forecast: boolean, target: boolean];
}

const regionalExtreme = <V extends Variables>(
  which: "maximum" | "minimum",
  variable: keyof V & string,
  options: RegionalExtremeOptions & GroupOptions,
): Metric<V> => {
  const name = `${which}Error`;
  onlyOptions(name, options, ["keep", "absolute", ...GROUPS]);
  const keep = keptTimes(name, options.keep ?? USUAL);
  const absolute = options.absolute === true;
  const difference = `${which} of f over the region - ${which} of o`;
  const metric: Metric<V, Series<Extremes>> = {
    name,
    term: `regional ${which} ${absolute ? "absolute " : ""}error`,
    definition: `mean over fields of ${absolute ? `|${difference}|` : difference}, missing places left out on each side`,
    variable,
    unit: (unit) => unit,
    parameters: { ...(absolute && { absolute: "true" }), ...keepParameter(keep, USUAL) },
    needs: { variables: [variable] },
    zero: () => [],
    observe: (pair) =>
      pair.matched ? oneSample(pair.initTime, pair.leadHours, once(extremesOf, pair, variable)) : [],
    merge: (a, b) => mergeSeries(a, b, joined),
    ...fieldRows(keep, (fields) => {
      const errors = fields
        .filter(({ present }) => present[0] && present[1])
        .map((field) => field[which][0] - field[which][1]);
      const sum = exactValue(exactSum(absolute ? errors.map(Math.abs) : errors));
      return { n: errors.length, weight: errors.length, sum };
    }),
  };
  return grouped(metric, options);
};

const extremesOf = ({ forecast, target, places, leadHours, validTime }: Pair, variable: string): Extremes => {
  const f = rangeOf(forecast[variable]!.values, places.leaves);
  const o = rangeOf(target[variable]!.values, places.leaves);
  return {
    leadHours,
    validTime,
    maximum: [f[1]!, o[1]!],
    minimum: [f[0]!, o[0]!],
    present: [f[0]! <= f[1]!, o[0]! <= o[1]!],
  };
};

/** The lowest and the highest value. */
const rangeOf = (values: Values, leaves: Uint32Array): Float64Array => {
  const range = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  for (let leaf = 0; leaf + 1 < leaves.length; leaf++) widen(range, values, leaves[leaf]!, leaves[leaf + 1]!);
  return range;
};

/** Comparisons with a missing value are false, so that it needs no test. */
const widen = (range: Float64Array, values: Values, start: number, stop: number): void => {
  let low = range[0]!;
  let high = range[1]!;
  for (let i = start; i < stop; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  range[0] = low;
  range[1] = high;
};

const joined = (a: Extremes, b: Extremes): Extremes => ({
  ...a,
  maximum: [Math.max(a.maximum[0], b.maximum[0]), Math.max(a.maximum[1], b.maximum[1])],
  minimum: [Math.min(a.minimum[0], b.minimum[0]), Math.min(a.minimum[1], b.minimum[1])],
  present: [a.present[0] || b.present[0], a.present[1] || b.present[1]],
});

import { nearestIndex } from "../../kernels/axis.ts";
import { mod360 } from "../../kernels/circle.ts";
import { nearest } from "../../kernels/matching.ts";
import { spread, spreadBands } from "../../kernels/spread.ts";
import type { Stencil } from "../../kernels/stencil.ts";
import type { Grid } from "../../model/grid.ts";
import type { Matching, Places } from "../../model/pair.ts";
import { ewb11Matching, unwrapped } from "./matching.ts";

/**
 * `ewb11Matching` for forecasts, and for climatologies what ExtremeWeatherBench 1.1.0 does with those. A climatology
 * is not cut to the region and never brought into the labels of the target: its nearest cell is looked for by the
 * plain numbers of both axes.
 *
 * - On a grid a place outside the climatology's outermost labels has no threshold: west of the prime meridian in a box
 *   from -10 to 10 (labels -10 … 10) against 0 … 359.75, and everywhere west where a target in -180 … 180 meets it. The
 *   regional threshold is then the mean of the other places.
 * - Stations, labelled 0 … 360, take the climatology's edge there.
 */
export const withClimatologies = (isForecast: (grid: Grid) => boolean): Matching => ({
  ...ewb11Matching,
  forecastWindow: (grid, region) => {
    if (isForecast(grid)) return ewb11Matching.forecastWindow(grid, region);
    const { south, north } = region;
    const upright = { ...region, south: Math.min(south, north), north: Math.max(south, north) };
    const window = nearest({ outside: "edge" }).forecastWindow(grid, upright);
    // A station far from all columns takes the last one.
    const isWhole = grid.longitude.every((longitude) => longitude >= 0);
    return window === undefined || isWhole
      ? window
      : { ...window, columns: [{ start: 0, stop: grid.longitude.length }] };
  },
  put: (grid, window, places) =>
    isForecast(grid)
      ? ewb11Matching.put(grid, window, places)
      : spread(window, places, ...stencils(grid, places)),
  bands: (grid, window, places) =>
    isForecast(grid)
      ? ewb11Matching.bands!(grid, window, places)
      : spreadBands(window, places, ...stencils(grid, places)),
});

const stencils = ({ latitude, longitude }: Grid, places: Places): [rows: Stencil, columns: Stencil] =>
  places.kind === "grid"
    ? [
        byLabel(latitude, places.latitude, true),
        byLabel(longitude, unwrapped(places.longitude, places.longitude), true),
      ]
    : [byLabel(latitude, places.latitude, false), byLabel(longitude, places.longitude.map(mod360), false)];

/** The nearest label; -1 beyond the outermost ones where that is `missing`. */
const byLabel = (axis: Float64Array, wanted: Float64Array, missing: boolean): Stencil => {
  const [one = Number.NaN, other = Number.NaN] = [axis[0], axis.at(-1)];
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  const first = Int32Array.from(wanted, (at) =>
    missing && !(at >= low && at <= high) ? -1 : nearestIndex(axis, at),
  );
  return { first, second: first, weight: new Float64Array(wanted.length) };
};

import { nearestIndex } from "../../kernels/axis.ts";
import { runs } from "../../kernels/box.ts";
import { mod360 } from "../../kernels/circle.ts";
import { cutColumns } from "../../kernels/places.ts";
import { spread, spreadBands } from "../../kernels/spread.ts";
import type { Stencil } from "../../kernels/stencil.ts";
import type { Grid, Window } from "../../model/grid.ts";
import type { Matching, Places } from "../../model/pair.ts";
import type { Region } from "../../model/region.ts";

/**
 * How ExtremeWeatherBench 1.1.0 cuts regions and puts forecasts on targets: a box is brought into the convention
 * of each grid by itself (boxes round the globe shrink to a meridian, one that ends at 180 loses the column at
 * -180), the forecast is cut to the box before the nearest cell is looked for, longitudes of two grids are
 * compared as plain numbers, those of points are first brought within 180 degrees of the grid's middle, outside
 * takes the edge, and stations are chosen by the outer bounds of the box.
 *
 * Labels: columns of a box that wraps in the grid's convention are counted on (330 … 30 becomes -30 … 30, 150 …
 * -150 becomes 150 … 210), known here by the longitudes falling by more than half the circle from one column to the next.
 */
export const ewb11Matching: Matching = {
  parameters: { match: "ewb11" },
  window: (grid, region) => peerWindow(grid, region),
  inside: (region) => {
    const { south, north, west, east, crosses } = peerBox(region);
    return (latitude, longitude) => {
      const at = longitude === 180 ? 180 : to180(longitude);
      return latitude >= south && latitude <= north && (crosses || (at >= west && at <= east));
    };
  },
  forecastWindow: (grid, region) => peerWindow(grid, region),
  put: (grid, window, places) => spread(window, places, ...stencils(grid, window, places)),
  bands: (grid, window, places) => spreadBands(window, places, ...stencils(grid, window, places)),
};

const stencils = (grid: Grid, window: Window, places: Places): [rows: Stencil, columns: Stencil] => {
  const columns = columnsOf(window);
  const labels = unwrapped(cutColumns(grid.longitude, window), grid.longitude);
  const latitude = grid.latitude.subarray(window.rows.start, window.rows.stop);
  const wanted =
    places.kind === "grid"
      ? unwrapped(places.longitude, places.longitude)
      : towards(labels, places.longitude);
  return [
    taken(places.latitude, (at) => window.rows.start + nearestIndex(latitude, at)),
    taken(wanted, (at) => columns[nearestIndex(labels, at)]!),
  ];
};

const taken = (wanted: Float64Array, find: (at: number) => number): Stencil => {
  const first = Int32Array.from(wanted, find);
  return { first, second: first, weight: new Float64Array(wanted.length) };
};

/** [-180, 180): 180 itself becomes -180. */
const to180 = (longitude: number): number => mod360(longitude - 180) - 180;

/** The peer's geometry of a box: longitudes in -180..180, in two parts where it crosses the antimeridian. */
export const peerBox = (region: Region) => {
  const west = to180(region.west);
  const east = region.east === 180 ? 180 : to180(region.east);
  const crosses =
    (region.east > 180 && region.west < region.east - 360) || (west > east && region.east !== 180);
  return {
    south: Math.min(region.south, region.north),
    north: Math.max(region.south, region.north),
    west,
    east,
    crosses,
  };
};

const peerWindow = (grid: Grid, region: Region): Window | undefined => {
  const { south, north, west, east } = peerBox(region);
  const east360 = grid.longitude.some((longitude) => longitude > 180);
  const low = east360 ? mod360(west) : west;
  const high = east360 ? mod360(east) : east;
  const wraps = low > high;
  const rows: number[] = [];
  for (const [row, latitude] of grid.latitude.entries())
    if (latitude >= south && latitude <= north) rows.push(row);
  const upper: number[] = [];
  const lower: number[] = [];
  for (const [column, longitude] of grid.longitude.entries()) {
    if (wraps ? longitude >= low : longitude >= low && longitude <= high) upper.push(column);
    else if (wraps && longitude <= high) lower.push(column);
  }
  const columns = runs([...upper, ...lower]);
  if (rows.length === 0 || columns.length === 0) return undefined;
  return { rows: { start: rows[0]!, stop: rows.at(-1)! + 1 }, columns };
};

const columnsOf = ({ columns }: Window): number[] =>
  columns.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i));

/** Longitudes from west to east as the peer labels them: counted on where they fall. */
export const unwrapped = (longitude: Float64Array, all: Float64Array): Float64Array => {
  const seam = longitude.findIndex((value, i) => i > 0 && value < longitude[i - 1]! - 180);
  if (seam < 0) return longitude;
  const east360 = all.some((value) => value > 180);
  return longitude.map((value, i) =>
    east360 ? (i < seam ? value - 360 : value) : i < seam ? value : value + 360,
  );
};

/** Longitudes of points brought within 180 degrees of the middle of a grid's columns. */
const towards = (labels: Float64Array, longitude: Float64Array): Float64Array => {
  const middle = (Math.min(...labels) + Math.max(...labels)) / 2;
  return longitude.map((value) => mod360(value - middle + 180) - 180 + middle);
};

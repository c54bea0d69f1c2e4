import type { Grid } from "../model/grid.ts";
import type { Matching, Places } from "../model/pair.ts";
import { boxWindow, insideBox } from "./box.ts";
import { unroll } from "./circle.ts";
import { reach } from "./reach.ts";
import { spread, spreadBands } from "./spread.ts";
import {
  linearColumns,
  linearRows,
  nearestColumns,
  nearestRows,
  type Outside,
  type Stencil,
} from "./stencil.ts";

/** `outside`: places the forecast's grid does not cover are missing (default), or take its nearest edge. */
export interface MatchingOptions {
  readonly outside?: Outside;
}

/**
 * Bilinear interpolation in latitude and longitude onto the target's places, across the date line and, on grids
 * round the globe, across their seam. Coordinates within the rounding of float32 (2e-5 degrees), or 1e-5 of a spacing, are the same place: on the same grid
 * nothing is interpolated and nothing copied. A neighbour without weight is not looked at; a missing neighbour
 * with weight makes the place missing. Covered is what lies between the outermost coordinates.
 *
 *     pairs(run, event, { forecast, targets, variables, matching: bilinear() })
 */
export const bilinear = ({ outside = "missing" }: MatchingOptions = {}): Matching => ({
  ...rules("bilinear", outside),
  forecastWindow: (grid, region) => reach(grid, region, "linear", outside),
  ...putting(
    (grid, places) => linearRows(grid.latitude, places.latitude, outside),
    (grid, places) => linearColumns(unroll(grid.longitude), places.longitude, outside),
  ),
});

/**
 * The nearest cell of the whole grid, by latitude and by longitude on the circle, whether that cell lies in the
 * region or not; half-way between two the smaller coordinate (of longitudes: the western). Covered is what lies
 * within half a cell of the outermost coordinates.
 *
 *     pairs(run, event, { forecast, targets, variables, matching: nearest({ outside: "edge" }) })
 */
export const nearest = ({ outside = "missing" }: MatchingOptions = {}): Matching => ({
  ...rules("nearest", outside),
  forecastWindow: (grid, region) => reach(grid, region, "nearest", outside),
  ...putting(
    (grid, places) => nearestRows(grid.latitude, places.latitude, outside),
    (grid, places) => nearestColumns(unroll(grid.longitude), places.longitude, outside),
  ),
});

const rules = (match: string, outside: Outside): Pick<Matching, "parameters" | "window" | "inside"> => ({
  parameters: outside === "missing" ? { match } : { match, outside },
  window: boxWindow,
  inside: insideBox,
});

type Lines = (grid: Grid, places: Places) => Stencil;

const putting = (rows: Lines, columns: Lines): Pick<Matching, "put" | "bands"> => ({
  put: (grid, window, places) => spread(window, places, rows(grid, places), columns(grid, places)),
  bands: (grid, window, places) => spreadBands(window, places, rows(grid, places), columns(grid, places)),
});

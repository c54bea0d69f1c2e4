import type { Grid, Span, Window } from "../model/grid.ts";
import type { Region } from "../model/region.ts";
import { eastOf, mod360 } from "./circle.ts";

/**
 * Which rows and columns of a grid lie in a region. Both edges are inside; longitudes may be stored in either
 * convention and rotated; the region may cross the antimeridian, the prime meridian or both and may touch a pole;
 * 360 degrees and wider is the whole circle. Undefined where nothing of the grid lies inside.
 *
 * An edge takes in what lies within 1e-9 degrees of it, for residues like 240.86 - 360; on axes that were stored
 * as float32 decimals, within the rounding of float32 (2e-5).
 */
export const boxWindow = (grid: Grid, region: Region): Window | undefined => {
  const rows = rowsInside(grid.latitude, region);
  if (rows === undefined) return undefined;
  const columns = columnsInside(grid.longitude, region);
  return columns.length === 0 ? undefined : { rows, columns };
};

/** Whether a point (degrees) lies in a region; edges are inside. */
export const insideBox = (region: Region): ((latitude: number, longitude: number) => boolean) => {
  const { south, north, west, width } = sides(region);
  return (latitude, longitude) =>
    latitude >= south - EDGE &&
    latitude <= north + EDGE &&
    (width === 360 || eastOf(west, longitude, EDGE) <= width + EDGE);
};

/** A region with south below north, and its width in degrees: 360 is the whole circle. */
export const sides = (region: Region): { south: number; north: number; west: number; width: number } => {
  const span = region.east - region.west;
  const rest = mod360(span);
  return {
    south: Math.min(region.south, region.north),
    north: Math.max(region.south, region.north),
    west: region.west,
    width: span >= 360 - EDGE ? 360 : rest > 360 - EDGE ? 0 : rest,
  };
};

const EDGE = 1e-9;
const FLOAT32_EDGE = 2e-5;

/** What counts as on the edge: more on axes whose decimals went through float32. */
export const edgeTolerance = (axis: Float64Array): number => {
  let binary = true;
  for (const value of axis) {
    if (Math.fround(value) !== value) return EDGE;
    if (binary && value * 1024 !== Math.floor(value * 1024)) binary = false;
  }
  return binary ? EDGE : FLOAT32_EDGE;
};

const rowsInside = (latitude: Float64Array, region: Region): Span | undefined => {
  const { south, north } = sides(region);
  const tolerance = edgeTolerance(latitude);
  let start = -1;
  let stop = -1;
  for (let i = 0; i < latitude.length; i++) {
    const degrees = latitude[i]!;
    if (!(degrees >= south - tolerance && degrees <= north + tolerance)) continue;
    if (start < 0) start = i;
    stop = i + 1;
  }
  return start < 0 ? undefined : { start, stop };
};

const columnsInside = (longitude: Float64Array, region: Region): Span[] => {
  const { west, width } = sides(region);
  const tolerance = edgeTolerance(longitude);
  const n = longitude.length;
  if (width === 360) {
    // A last column that repeats the first meridian is no place of its own.
    const twice = n > 1 && Math.abs(eastOf(longitude[0]!, longitude[n - 1]!, tolerance)) <= tolerance;
    return n === 0 ? [] : [{ start: 0, stop: twice ? n - 1 : n }];
  }
  const found: { column: number; offset: number }[] = [];
  for (let column = 0; column < n; column++) {
    const offset = eastOf(west, longitude[column]!, tolerance);
    if (offset <= width + tolerance) found.push({ column, offset });
  }
  found.sort((a, b) => a.offset - b.offset || a.column - b.column);
  const once = found.filter(({ offset }, i) => i === 0 || offset - found[i - 1]!.offset > EDGE);
  return runs(once.map(({ column }) => column));
};

/** Columns in order as runs of neighbours, e.g. [8, 9, 0, 1] as [8, 10) and [0, 2). */
export const runs = (columns: readonly number[]): Span[] => {
  const spans: { start: number; stop: number }[] = [];
  for (const column of columns) {
    const last = spans.at(-1);
    if (last?.stop === column) last.stop = column + 1;
    else spans.push({ start: column, stop: column + 1 });
  }
  return spans;
};

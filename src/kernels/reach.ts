import type { Grid, Span, Window } from "../model/grid.ts";
import type { Region } from "../model/region.ts";
import { samePlace } from "./axis.ts";
import { runs, sides } from "./box.ts";
import { mod360, unroll } from "./circle.ts";
import type { Outside } from "./stencil.ts";

/**
 * The cells of a grid that places anywhere in a region may need: a cell is needed where the region meets the
 * places that use it. A coordinate is used up to its neighbours (`linear`) or half-way to them (`nearest`); the
 * outermost one also, for `nearest`, half a cell outside and, with `edge`, as far as there is nothing nearer.
 */
export const reach = (
  grid: Grid,
  region: Region,
  method: "linear" | "nearest",
  outside: Outside,
): Window | undefined => {
  const { south, north, west, width } = sides(region);
  const rows = neededRows(grid.latitude, south, north, method, outside);
  if (rows === undefined) return undefined;
  const columns = neededColumns(grid.longitude, west, width, method, outside);
  return columns.length === 0 ? undefined : { rows, columns };
};

const neededRows = (
  latitude: Float64Array,
  south: number,
  north: number,
  method: "linear" | "nearest",
  outside: Outside,
): Span | undefined => {
  const n = latitude.length;
  const part = method === "linear" ? 1 - 1e-5 : 0.5;
  let start = -1;
  let stop = -1;
  for (let i = 0; i < n; i++) {
    const at = latitude[i]!;
    const before = latitude[i - 1];
    const after = latitude[i + 1];
    const sign = (after ?? at) > (before ?? at) ? 1 : -1; // towards the next row
    const end = outside === "edge" ? Number.POSITIVE_INFINITY : endReach(method, before ?? after, at);
    const down = before === undefined ? end : Math.abs(at - before) * part;
    const up = after === undefined ? end : Math.abs(after - at) * part;
    const low = sign > 0 ? at - down : at - up;
    const high = sign > 0 ? at + up : at + down;
    if (high < south - EDGE || low > north + EDGE) continue;
    if (start < 0) start = i;
    stop = i + 1;
  }
  return start < 0 ? undefined : { start, stop };
};

const EDGE = 1e-9;

const endReach = (method: "linear" | "nearest", neighbour: number | undefined, at: number): number => {
  const gap = neighbour === undefined ? 0 : Math.abs(neighbour - at);
  return method === "nearest" ? gap / 2 : samePlace(gap || 1) * (gap || 1);
};

const neededColumns = (
  longitude: Float64Array,
  west: number,
  width: number,
  method: "linear" | "nearest",
  outside: Outside,
): Span[] => {
  const { order, offset, closed, origin } = unroll(longitude);
  const n = order.length;
  const part = method === "linear" ? 1 - 1e-5 : 0.5;
  const length = offset[n - 1] ?? 0;
  const gap = (i: number): number | undefined =>
    i >= 0 && i < n - 1 ? offset[i + 1]! - offset[i]! : closed ? 360 - length : undefined;
  const needed: number[] = [];
  for (let i = 0; i < n; i++) {
    const before = gap(i - 1);
    const after = gap(i);
    const end =
      outside === "edge"
        ? (360 - length) / 2
        : endReach(method, n > 1 ? (before ?? after ?? 0) : undefined, 0);
    const from = offset[i]! - (before === undefined ? end : before * part);
    const to = offset[i]! + (after === undefined ? end : after * part);
    // Two arcs meet where one begins inside the other.
    const begins = mod360(origin + from - west);
    const meets =
      begins <= width + EDGE || begins >= 360 - EDGE || mod360(west - origin - from) <= to - from + EDGE;
    if (width === 360 || meets) needed.push(order[i]!);
  }
  if (needed.length === n) return runs(needed.sort((a, b) => a - b));
  const behind = west + width / 2 - 180;
  return runs(needed.sort((a, b) => mod360(longitude[a]! - behind) - mod360(longitude[b]! - behind)));
};

import type { Grid, Span, Window } from "../model/grid.ts";
import { windowWidth } from "../model/grid.ts";
import type { Places, Weights } from "../model/pair.ts";
import { rowWeights } from "./cellArea.ts";
import { columnWidths } from "./columnWidth.ts";
import { densityWeights } from "./densityWeights.ts";

/** Points a leaf holds. */
const BLOCK = 4096;

/**
 * Places of a window of a grid: one leaf a row, columns from west to east. Weights come from the axes of the
 * whole grid, so that a row weighs the same in every window.
 */
export const gridPlaces = (grid: Grid, window: Window): Places => {
  const { start, stop } = window.rows;
  const width = windowWidth(window);
  const longitude = cutColumns(grid.longitude, window);
  const widths = columnWidths(grid.longitude);
  return {
    kind: "grid",
    leaves: Uint32Array.from({ length: stop - start + 1 }, (_, row) => row * width),
    latitude: grid.latitude.slice(start, stop),
    longitude,
    weights: remembered((kind) => rowWeights(grid.latitude, kind).slice(start, stop)),
    columnWeights: widths === undefined ? undefined : cutColumns(widths, window),
    computed: new Map(),
  };
};

/** Places of a list of points (degrees), in blocks of 4,096; each point weighs 1, or by the density of all of them. */
export const pointPlaces = (
  latitude: Float64Array,
  longitude: Float64Array,
  names?: readonly string[],
): Places => {
  const n = latitude.length;
  const blocks = Math.ceil(n / BLOCK);
  return {
    kind: "points",
    leaves: Uint32Array.from({ length: blocks + 1 }, (_, block) => Math.min(n, block * BLOCK)),
    latitude,
    longitude,
    weights: remembered((kind) =>
      kind === "density" ? densityWeights(latitude, longitude) : new Float64Array(blocks).fill(1),
    ),
    columnWeights: undefined,
    ...(names === undefined ? {} : { names }),
    computed: new Map(),
  };
};

/** The places of some leaves. */
export const cutPlaces = (places: Places, { start, stop }: Span): Places => {
  const from = places.leaves[start]!;
  const to = places.leaves[stop]!;
  const points = places.kind === "points";
  return {
    kind: places.kind,
    leaves: places.leaves.slice(start, stop + 1).map((at) => at - from),
    latitude: points ? places.latitude.slice(from, to) : places.latitude.slice(start, stop),
    longitude: points ? places.longitude.slice(from, to) : places.longitude,
    weights: (kind) =>
      points && kind === "density"
        ? places.weights(kind).subarray(from, to)
        : places.weights(kind).subarray(start, stop),
    columnWeights: places.columnWeights,
    ...(places.names === undefined ? {} : { names: places.names.slice(from, to) }),
    computed: new Map(),
  };
};

/**
 * Some points of some places, by their positions in ascending order: a leaf keeps those of its points that are chosen,
 * so that its sums do not depend on how the places were cut.
 */
export const chosenPoints = (places: Places, chosen: Uint32Array): Places => {
  const { leaves, latitude, longitude, names } = places;
  const borders = new Uint32Array(leaves.length);
  for (let leaf = 0, k = 0; leaf < leaves.length; leaf++) {
    while (k < chosen.length && chosen[k]! < leaves[leaf]!) k += 1;
    borders[leaf] = k;
  }
  const gathered = (values: Float64Array) => Float64Array.from(chosen, (i) => values[i]!);
  return {
    kind: "points",
    leaves: borders,
    latitude: gathered(latitude),
    longitude: gathered(longitude),
    weights: remembered((kind) =>
      kind === "density" ? gathered(places.weights(kind)) : places.weights(kind),
    ),
    columnWeights: undefined,
    ...(names === undefined ? {} : { names: Array.from(chosen, (i) => names[i]!) }),
    computed: new Map(),
  };
};

/** Leaves of one point each: what weighs point by point is summed point by point. */
export const singlePoints = (places: Places): Uint32Array =>
  Uint32Array.from({ length: places.latitude.length + 1 }, (_, i) => i);

/** The columns of a window, from west to east, of an array with one value a column. */
export const cutColumns = (values: Float64Array, window: Window): Float64Array => {
  const cut = new Float64Array(windowWidth(window));
  let at = 0;
  for (const { start, stop } of window.columns) {
    cut.set(values.subarray(start, stop), at);
    at += stop - start;
  }
  return cut;
};

const remembered = (make: (kind: Weights) => Float64Array): ((kind: Weights) => Float64Array) => {
  const made = new Map<Weights, Float64Array>();
  return (kind) => {
    const known = made.get(kind);
    if (known !== undefined) return known;
    const weights = make(kind);
    made.set(kind, weights);
    return weights;
  };
};

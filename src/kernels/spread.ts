import type { Values } from "../model/field.ts";
import { type Span, type Window, windowHeight, windowWidth } from "../model/grid.ts";
import type { Workspace } from "../model/memory.ts";
import type { Bands, Places, Put } from "../model/pair.ts";
import { spreadTiles } from "./spreadTiles.ts";
import type { Stencil } from "./stencil.ts";
import { valuesModule } from "./valuesModule.ts";

/** Of places that are the window itself: the same array. */
export const unchanged: Put = (values) => values;

/**
 * Puts values on a window of a grid onto places by the stencils of their latitudes and longitudes (indices of the
 * whole grid): along the row first, then across rows. A missing value with weight makes a place missing; one
 * without weight is not looked at. Where places are the window itself the same array comes back.
 */
export const spread = (window: Window, places: Places, rows: Stencil, columns: Stencil): Put =>
  spreadBands(window, places, rows, columns).put({ start: 0, stop: places.leaves.length - 1 }, window);

/**
 * `spread` for some leaves of the places. Whether values are copied or interpolated is decided for all places
 * together, so that a band has the precision it has in the whole.
 */
export const spreadBands = (window: Window, places: Places, rows: Stencil, columns: Stencil): Bands => {
  const width = windowWidth(window);
  const isCopied = [rows, columns].every(isCopy);
  const across = within(columns, columnPositions(window));
  const isWide = isWhole(across, width);
  const lines = ({ start, stop }: Span): readonly [start: number, stop: number] =>
    places.kind === "grid" ? [start, stop] : [places.leaves[start]!, places.leaves[stop]!];
  return {
    rows: (leaf) => neededRows(rows, window.rows, ...lines({ start: leaf, stop: leaf + 1 })),
    put: (leaves, part) => {
      const [from, to] = lines(leaves);
      const down = within(cut(rows, from, to), rowPositions(part));
      if (places.kind === "points") {
        const beside = cut(across, from, to);
        return (values, memory) =>
          spreadPoints(values, width, down, beside, resultOf(values, down, 1, isCopied, memory));
      }
      if (isCopied && isWide && isWhole(down, windowHeight(part))) return unchanged;
      const columnCount = across.first.length;
      const runs = isCopy(down) ? runsOf(across) : undefined;
      return (values, memory) =>
        spreadGrid(values, width, down, across, runs, resultOf(values, down, columnCount, isCopied, memory));
    },
  };
};

const cut = ({ first, second, weight }: Stencil, from: number, to: number): Stencil => ({
  first: first.subarray(from, to),
  second: second.subarray(from, to),
  weight: weight.subarray(from, to),
});

/** The rows of a window that lines [from, to) of a stencil touch. */
const neededRows = ({ first, second }: Stencil, rows: Span, from: number, to: number): Span => {
  let [start, stop] = [rows.stop, rows.start];
  for (let i = from; i < to; i++) {
    for (const row of [first[i]!, second[i]!]) {
      if (row < rows.start || row >= rows.stop) continue;
      start = Math.min(start, row);
      stop = Math.max(stop, row + 1);
    }
  }
  return start < stop ? { start, stop } : { start: rows.start, stop: rows.start };
};

/** Rows are copied, where they lie in a few `runs`, or interpolated by SIMD, or place by place. */
const spreadGrid = (
  values: Values,
  width: number,
  down: Stencil,
  across: Stencil,
  runs: readonly Run[] | undefined,
  out: Values,
): Values => {
  if (runs !== undefined) return copyRows(values, width, down, across.first.length, runs, out);
  return valuesModule === undefined || out instanceof Float32Array
    ? spreadPlaces(values, width, down, across, out)
    : spreadTiles(valuesModule, values, width, down, across, out);
};

const isCopy = ({ weight }: Stencil): boolean => weight.every((w) => w === 0);

/** Columns that follow one another as they are stored: where they begin here and there, and how many. */
interface Run {
  readonly at: number;
  readonly from: number;
  length: number;
}

const fewRuns = 4;

/** Undefined where there are many (two, across the seam of the stored longitudes, are usual), or not all are copied. */
const runsOf = ({ first, weight }: Stencil): readonly Run[] | undefined => {
  const runs: Run[] = [];
  for (let i = 0; i < first.length; i++) {
    const from = first[i]!;
    if (from < 0 || weight[i] !== 0) return undefined;
    const run = runs.at(-1);
    if (run !== undefined && from === run.from + run.length) run.length += 1;
    else if (runs.length === fewRuns) return undefined;
    else runs.push({ at: i, from, length: 1 });
  }
  return runs;
};

const copyRows = (
  values: Values,
  width: number,
  { first }: Stencil,
  columns: number,
  runs: readonly Run[],
  out: Values,
): Values => {
  for (let r = 0; r < first.length; r++) {
    const row = first[r]!;
    if (row < 0) {
      out.fill(Number.NaN, r * columns, (r + 1) * columns);
      continue;
    }
    for (const { at, from, length } of runs) {
      const start = row * width + from;
      out.set(values.subarray(start, start + length), r * columns + at);
    }
  }
  return out;
};

/** `spreadTiles` where there is no SIMD, and where float32 is only copied. */
export const spreadPlaces = (
  values: Values,
  width: number,
  down: Stencil,
  across: Stencil,
  out: Values,
): Values => {
  const columns = across.first.length;
  for (let r = 0; r < down.first.length; r++) {
    const upper = down.first[r]! * width;
    const lower = down.second[r]! * width;
    const below = down.weight[r]!;
    const at = r * columns;
    if (upper < 0) {
      out.fill(Number.NaN, at, at + columns);
      continue;
    }
    for (let c = 0; c < columns; c++) {
      out[at + c] = value(
        values,
        upper,
        lower,
        below,
        across.first[c]!,
        across.second[c]!,
        across.weight[c]!,
      );
    }
  }
  return out;
};

const spreadPoints = (values: Values, width: number, down: Stencil, across: Stencil, out: Values): Values => {
  const n = down.first.length;
  for (let i = 0; i < n; i++) {
    const row = down.first[i]!;
    out[i] =
      row < 0
        ? Number.NaN
        : value(
            values,
            row * width,
            down.second[i]! * width,
            down.weight[i]!,
            across.first[i]!,
            across.second[i]!,
            across.weight[i]!,
          );
  }
  return out;
};

const value = (
  values: Values,
  upper: number,
  lower: number,
  below: number,
  left: number,
  right: number,
  beside: number,
): number => {
  if (left < 0) return Number.NaN;
  const a = values[upper + left]!;
  const top = beside === 0 ? a : a + (values[upper + right]! - a) * beside;
  if (below === 0) return top;
  const b = values[lower + left]!;
  const bottom = beside === 0 ? b : b + (values[lower + right]! - b) * beside;
  return top + (bottom - top) * below;
};

/** Values that are only copied keep their precision; interpolated ones are not rounded to it. */
const resultOf = (
  values: Values,
  { first }: Stencil,
  columns: number,
  isCopied: boolean,
  memory: Workspace | undefined,
): Values => {
  const length = first.length * columns;
  if (isCopied && values instanceof Float32Array) return memory?.float32(length) ?? new Float32Array(length);
  return memory?.float64(length) ?? new Float64Array(length);
};

/** A stencil in positions of a window; -1 where a value that is needed lies outside it. */
const within = (stencil: Stencil, position: (index: number) => number): Stencil => {
  const first = stencil.first.map((index) => (index < 0 ? -1 : position(index)));
  const second = stencil.second.map((index) => (index < 0 ? -1 : position(index)));
  for (let i = 0; i < first.length; i++) if (second[i]! < 0) first[i] = -1;
  return { first, second, weight: stencil.weight };
};

const rowPositions = ({ rows }: Window): ((row: number) => number) => {
  return (row) => (row >= rows.start && row < rows.stop ? row - rows.start : -1);
};

const columnPositions = ({ columns }: Window): ((column: number) => number) => {
  const positions = new Map<number, number>();
  for (const { start, stop } of columns) {
    for (let column = start; column < stop; column++) positions.set(column, positions.size);
  }
  return (column) => positions.get(column) ?? -1;
};

const isWhole = ({ first, weight }: Stencil, length: number): boolean =>
  first.length === length && first.every((index, i) => index === i && weight[i] === 0);

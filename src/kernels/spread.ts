import type { Values } from "../model/field.ts";
import { type Window, windowHeight, windowWidth } from "../model/grid.ts";
import type { Places } from "../model/pair.ts";
import type { Stencil } from "./stencil.ts";

/**
 * Puts values on a window of a grid onto places by the stencils of their latitudes and longitudes (indices of the
 * whole grid): along the row first, then across rows. A missing value with weight makes a place missing; one
 * without weight is not looked at. Where places are the window itself the same array comes back.
 */
export const spread = (
  window: Window,
  places: Places,
  rows: Stencil,
  columns: Stencil,
): ((values: Values) => Values) => {
  const width = windowWidth(window);
  const isCopied = [rows, columns].every(({ weight }) => weight.every((w) => w === 0));
  const down = within(rows, rowPositions(window));
  const across = within(columns, columnPositions(window));
  if (places.kind === "points") return (values) => spreadPoints(values, width, down, across, isCopied);
  if (isWhole(down, windowHeight(window)) && isWhole(across, width)) return (values) => values;
  return (values) => spreadGrid(values, width, down, across, isCopied);
};

const spreadGrid = (
  values: Values,
  width: number,
  down: Stencil,
  across: Stencil,
  isCopied: boolean,
): Values => {
  const columns = across.first.length;
  const out = resultOf(values, down.first.length * columns, isCopied);
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

const spreadPoints = (
  values: Values,
  width: number,
  down: Stencil,
  across: Stencil,
  isCopied: boolean,
): Values => {
  const n = down.first.length;
  const out = resultOf(values, n, isCopied);
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
const resultOf = (values: Values, length: number, isCopied: boolean): Values =>
  isCopied && values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);

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

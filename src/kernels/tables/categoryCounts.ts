import type { Values } from "../../model/field.ts";
import type { Leaves } from "../leafTotal.ts";
import { type CellCounts, countLeaves } from "./cellCounts.ts";

/**
 * How often forecast category i met target category j, at `counts[i * K + j]`. K + 1 rising edges make K categories
 * [edge k, edge k + 1), and up to Infinity itself where that is the last edge; a place counts where both sides lie in one.
 *
 *     categoryCounts(f, o, [0, 1, 10], [0, 1, 10], leaves, false).counts // 2 x 2
 */
export const categoryCounts = (
  forecast: Values,
  target: Values,
  forecastEdges: readonly number[],
  targetEdges: readonly number[],
  leaves: Leaves,
  weighed: boolean,
): CellCounts => {
  const many = forecastEdges.length - 1;
  const [ft, ot] = [bounds(forecastEdges), bounds(targetEdges)];
  // One row and column more, on either side, for what lies outside.
  const width = many + 2;
  const all = new Float64Array(width * width);
  const inner = (into: Float64Array): void => {
    for (let f = 0; f < many; f++) {
      for (let o = 0; o < many; o++) into[f * many + o]! += all[(f + 1) * width + o + 1]!;
    }
  };
  return countLeaves(
    many * many,
    leaves,
    weighed,
    (start, stop, into) => {
      all.fill(0);
      for (let from = start; from < stop; from += PART) {
        addCells(forecast, target, from, Math.min(stop, from + PART), ft, ot, all);
      }
      inner(into);
    },
    (start, stop, columns, into) => {
      all.fill(0);
      for (let i = start; i < stop; i++) {
        all[cellOf(forecast[i]!, target[i]!, ft, ot)]! += columns[i - start]!;
      }
      inner(into);
    },
  );
};

/** Edges to be at or above: nothing lies beyond Infinity, so it is NaN, which nothing reaches. */
const bounds = (edges: readonly number[]): Float64Array =>
  Float64Array.from(edges, (edge) => (edge === Number.POSITIVE_INFINITY ? Number.NaN : edge));

/** Places counted at a time: a loop that is called again and again is compiled better than one long one. */
const PART = 4096;

const addCells = (
  forecast: Values,
  target: Values,
  start: number,
  stop: number,
  ft: Float64Array,
  ot: Float64Array,
  all: Float64Array,
): void => {
  for (let i = start; i < stop; i++) all[cellOf(forecast[i]!, target[i]!, ft, ot)]! += 1;
};

/** Edges at or below each side, as a place of the table; 0 for what is missing. `Number` of a comparison needs no branch. */
const cellOf = (f: number, o: number, ft: Float64Array, ot: Float64Array): number => {
  let row = 0;
  let column = 0;
  for (let k = 0; k < ft.length; k++) {
    row += Number(f >= ft[k]!);
    column += Number(o >= ot[k]!);
  }
  return row * (ft.length + 1) + column;
};

import type { Values } from "../../model/field.ts";
import type { Leaves } from "../leafTotal.ts";
import { placed } from "../wasm/instance.ts";
import { type CellCounts, countLeaves } from "./cellCounts.ts";
import { type TablesModule, tablesModule } from "./tablesModule.ts";

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
  const add =
    tablesModule === undefined
      ? scalarCells(forecast, target, ft, ot)
      : simdCells(tablesModule, forecast, target, ft, ot);
  return countLeaves(
    many * many,
    leaves,
    weighed,
    (start, stop, into) => {
      all.fill(0);
      add(start, stop, all);
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

/** Adds places of [start, stop) to the table of all categories and what lies outside. */
type AddCells = (start: number, stop: number, all: Float64Array) => void;

/** Places counted at once. */
const TILE = 16_384;

export const simdCells =
  (module: TablesModule, forecast: Values, target: Values, ft: Float64Array, ot: Float64Array): AddCells =>
  (start, stop, all) => {
    const edges = ft.length;
    const [fw, ow] = [forecast.BYTES_PER_ELEMENT, target.BYTES_PER_ELEMENT];
    const room = module.room((2 * TILE + 2 * edges + all.length) * 8, forecast, target);
    const { i32, f64, base, run } = room;
    const edgesAt = base + 2 * TILE * 8;
    const out = edgesAt + 2 * edges * 8;
    f64.set(ft, edgesAt >> 3);
    f64.set(ot, (edgesAt >> 3) + edges);
    for (let from = start; from < stop; from += TILE) {
      const to = Math.min(stop, from + TILE);
      const f = placed(room, forecast, from, to, base);
      const o = placed(room, target, from, to, base + TILE * 8);
      i32.fill(0, out >> 2, (out >> 2) + all.length);
      run.categories(f, o, fw, ow, edgesAt, edgesAt + edges * 8, edges, to - from, out);
      for (let cell = 0; cell < all.length; cell++) all[cell]! += i32[(out >> 2) + cell]!;
    }
  };

/** The same without SIMD. */
export const scalarCells =
  (forecast: Values, target: Values, ft: Float64Array, ot: Float64Array): AddCells =>
  (start, stop, all) => {
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

import type { Values } from "../../model/field.ts";
import type { Comparison } from "../tables/indicator.ts";
import { justAbove } from "../tables/justAbove.ts";
import { type TablesModule, tablesModule } from "../tables/tablesModule.ts";
import { placed } from "../wasm/instance.ts";

/**
 * Sets `bit` in the code of each cell whose value meets the comparison, and `missing` where the value (or its
 * threshold) is NaN. A threshold is one number, or one a cell.
 *
 *     markEvents(codes, Float64Array.of(1, 4, NaN), ">=", 4, 1, 4) // codes: 0, 1, 4
 */
export const markEvents = (
  codes: Uint8Array,
  values: Values,
  comparison: Comparison,
  threshold: number | Values,
  bit: number,
  missing: number,
): void => {
  // Below is not above, and strictly above is not at most: one comparison each, the other way round where `below`.
  const below = comparison === "<=" || comparison === "<";
  const strictly = comparison === ">" || comparison === "<=";
  const mark = tablesModule === undefined ? scalarMark : simdMark(tablesModule);
  if (typeof threshold !== "number") mark(codes, values, threshold, strictly, below, bit, missing);
  else mark(codes, values, edgeOf(values, threshold, strictly), false, below, bit, missing);
};

/** `edge`: what a value is at or above, or, `strictly` and only of an edge a cell, above; `below`: is not. */
type Mark = (
  codes: Uint8Array,
  values: Values,
  edge: number | Values,
  strictly: boolean,
  below: boolean,
  bit: number,
  missing: number,
) => void;

/** The least number of the values' precision that is at or above a threshold, or `strictly` above it. */
const edgeOf = (values: Values, threshold: number, strictly: boolean): number => {
  const single = values instanceof Float32Array;
  const number = single ? Math.fround(threshold) : threshold;
  return number > threshold || (number === threshold && !strictly) ? number : justAbove(number, single);
};

/** Cells marked at once. */
const TILE = 16_384;

export const simdMark =
  (module: TablesModule): Mark =>
  (codes, values, edge, strictly, below, bit, missing) => {
    const width = values.BYTES_PER_ELEMENT;
    const room = module.room(TILE * 17, values);
    const { u8, base, run } = room;
    const out = base + TILE * 16;
    const flip = below ? 1 : 0;
    for (let from = 0; from < codes.length; from += TILE) {
      const to = Math.min(codes.length, from + TILE);
      const at = placed(room, values, from, to, base);
      u8.set(codes.subarray(from, to), out);
      if (typeof edge === "number") run.mark(at, width, edge, flip, bit, missing, to - from, out);
      else {
        const limits = placed(room, edge, from, to, base + TILE * 8);
        const [limitWidth, beyond] = [edge.BYTES_PER_ELEMENT, strictly ? 1 : 0];
        run.markBeyond(at, width, limits, limitWidth, beyond, flip, bit, missing, to - from, out);
      }
      codes.set(u8.subarray(out, out + to - from), from);
    }
  };

/** The same without SIMD. */
export const scalarMark: Mark = (codes, values, edge, strictly, below, bit, missing) => {
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    const limit = typeof edge === "number" ? edge : edge[i]!;
    const isMissing = Number.isNaN(value) || (typeof edge !== "number" && Number.isNaN(limit));
    const isAbove = strictly ? value > limit : value >= limit;
    codes[i]! |= isMissing ? missing : isAbove !== below ? bit : 0;
  }
};

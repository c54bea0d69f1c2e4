import type { Values } from "../../model/field.ts";
import { copyIn } from "../tables/copyIn.ts";
import type { Comparison } from "../tables/indicator.ts";
import { justAbove } from "../tables/justAbove.ts";
import { type TablesModule, tablesModule } from "../tables/tablesModule.ts";

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
  if (typeof threshold !== "number") {
    markOnField(codes, values, threshold, strictly, below ? bit : 0, bit, missing);
    return;
  }
  const edge = edgeOf(values, threshold, strictly);
  if (tablesModule === undefined) scalarMark(codes, values, edge, below, bit, missing);
  else simdMark(tablesModule, codes, values, edge, below, bit, missing);
};

/** The least number of the values' precision that is at or above a threshold, or `strictly` above it. */
const edgeOf = (values: Values, threshold: number, strictly: boolean): number => {
  const single = values instanceof Float32Array;
  const number = single ? Math.fround(threshold) : threshold;
  return number > threshold || (number === threshold && !strictly) ? number : justAbove(number, single);
};

const markOnField = (
  codes: Uint8Array,
  values: Values,
  thresholds: Values,
  strictly: boolean,
  flip: number,
  bit: number,
  missing: number,
): void => {
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    const limit = thresholds[i]!;
    const code = (strictly ? value > limit : value >= limit) ? bit : 0;
    codes[i]! |= Number.isNaN(value) || Number.isNaN(limit) ? missing : code ^ flip;
  }
};

/** Cells copied to the module's memory at once. */
const TILE = 16_384;

export const simdMark = (
  module: TablesModule,
  codes: Uint8Array,
  values: Values,
  edge: number,
  below: boolean,
  bit: number,
  missing: number,
): void => {
  const width = values.BYTES_PER_ELEMENT;
  const room = module.room(TILE * 9);
  const { u8, base, run } = room;
  const out = base + TILE * 8;
  for (let from = 0; from < codes.length; from += TILE) {
    const to = Math.min(codes.length, from + TILE);
    copyIn(values, from, to, room, base);
    u8.set(codes.subarray(from, to), out);
    run.mark(base, width, edge, below ? 1 : 0, bit, missing, to - from, out);
    codes.set(u8.subarray(out, out + to - from), from);
  }
};

/** The same without SIMD. */
export const scalarMark = (
  codes: Uint8Array,
  values: Values,
  edge: number,
  below: boolean,
  bit: number,
  missing: number,
): void => {
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    codes[i]! |= Number.isNaN(value) ? missing : value >= edge !== below ? bit : 0;
  }
};

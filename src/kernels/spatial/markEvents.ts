import type { Values } from "../../model/field.ts";

/** How a value is compared with its threshold. */
export type Comparison = ">=" | ">" | "<=" | "<";

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
  // below is not above, and strictly above is not at most: one comparison each, the other way round where `flip`.
  const flip = comparison === "<=" || comparison === "<" ? bit : 0;
  const strictly = comparison === ">" || comparison === "<=";
  if (typeof threshold !== "number") {
    for (let i = 0; i < codes.length; i++) {
      const value = values[i]!;
      const limit = threshold[i]!;
      const code = (strictly ? value > limit : value >= limit) ? bit : 0;
      codes[i]! |= Number.isNaN(value) || Number.isNaN(limit) ? missing : code ^ flip;
    }
  } else if (strictly) {
    for (let i = 0; i < codes.length; i++) {
      const value = values[i]!;
      codes[i]! |= Number.isNaN(value) ? missing : (value > threshold ? bit : 0) ^ flip;
    }
  } else {
    for (let i = 0; i < codes.length; i++) {
      const value = values[i]!;
      codes[i]! |= Number.isNaN(value) ? missing : (value >= threshold ? bit : 0) ^ flip;
    }
  }
};

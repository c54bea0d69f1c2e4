import type { Values } from "../../model/field.ts";

export type Comparison = ">=" | ">" | "<=" | "<";

/**
 * 1 where a value meets its threshold, place by place, else 0; NaN where either is missing. So events against a field
 * of thresholds are counted as values against the number 0.5.
 */
export const indicator = (values: Values, comparison: Comparison, thresholds: Values): Float32Array => {
  const met = new Float32Array(values.length);
  const turned = comparison === ">=" || comparison === ">" ? 0 : 1;
  // `Number` of a comparison needs no branch; whether something is missing is easily foretold.
  if (comparison === ">=" || comparison === "<") {
    for (let i = 0; i < met.length; i++) {
      const value = values[i]!;
      const threshold = thresholds[i]!;
      if (Number.isNaN(value) || Number.isNaN(threshold)) met[i] = Number.NaN;
      else met[i] = turned ^ Number(value >= threshold);
    }
  } else {
    for (let i = 0; i < met.length; i++) {
      const value = values[i]!;
      const threshold = thresholds[i]!;
      if (Number.isNaN(value) || Number.isNaN(threshold)) met[i] = Number.NaN;
      else met[i] = turned ^ Number(value > threshold);
    }
  }
  return met;
};

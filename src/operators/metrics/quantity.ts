import { EwbError } from "../../model/errors.ts";
import type { Field } from "../../model/field.ts";
import { parseQuantity } from "../../model/units.ts";

/** A number with its unit, checked. */
export interface ParsedQuantity {
  readonly value: number;
  readonly unit: string;
  /** Canonical text, e.g. `2 K`. */
  readonly text: string;
}

/** The number and unit of `"2 K"`; throws `Options` where that is none, or lies below `least`. */
export const quantityOf = (
  metric: string,
  option: string,
  text: string,
  least = Number.NEGATIVE_INFINITY,
): ParsedQuantity => {
  const { value, unit } =
    typeof text === "string" ? parseQuantity(text.trim()) : { value: Number.NaN, unit: "" };
  if (Number.isFinite(value) && unit !== "" && value >= least)
    return { value, unit, text: `${value} ${unit}` };
  throw new EwbError(
    "Options",
    `${metric}: ${option} is ${JSON.stringify(text)}; expected a number${least === 0 ? " of at least 0" : ""} with a unit, like "2 K".`,
  );
};

/** Throws `Unit` where a field is not in the unit of an option: numbers of other units cannot be compared. */
export const sameUnit = (
  metric: string,
  variable: string,
  field: Field,
  option: string,
  quantity: ParsedQuantity | undefined,
): void => {
  if (quantity === undefined || field.unit === quantity.unit) return;
  throw new EwbError(
    "Unit",
    `${metric}: ${option} ${quantity.text} is in ${quantity.unit}, ${variable} in ${field.unit}. Give it in ${field.unit}.`,
    { variable },
  );
};

/** A number between two others, ends left out; throws `Options`. */
export const between = (metric: string, option: string, value: number, low: number, high: number): number => {
  if (typeof value === "number" && value > low && value < high) return value;
  throw new EwbError(
    "Options",
    `${metric}: ${option} is ${JSON.stringify(value)}; expected a number between ${low} and ${high}.`,
  );
};

/** A list that holds anything; throws `Options` where it is empty or no list. */
export const listOf = <Element>(
  metric: string,
  option: string,
  list: readonly Element[],
): readonly Element[] => {
  if (Array.isArray(list) && list.length > 0) return list;
  throw new EwbError(
    "Options",
    `${metric}: ${option} is ${JSON.stringify(list)}; expected a list of at least one.`,
  );
};

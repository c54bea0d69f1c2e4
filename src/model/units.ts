/**
 * Names of variables and their canonical CF units, as types.
 *
 * `Variables` maps a variable's name to its unit (`{ surface_air_temperature: "K" }`); sources, pairs and
 * metrics are generic over it, so that a misspelled name or a wrong unit is a compile error on that word.
 */
export type Variables = Readonly<Record<string, string>>;

/** A number with its unit, checked by the compiler: `"288.15 K"`. */
export type Quantity<Unit extends string> = `${number} ${Unit}`;

/** A length of time: `"24 h"`. */
export type Hours = `${number} h`;

/** A number of a `Quantity` and its unit, e.g. `["288.15", "K"]` of `"288.15 K"`. */
export const parseQuantity = (text: string): { value: number; unit: string } => {
  const at = text.indexOf(" ");
  return { value: Number(at < 0 ? text : text.slice(0, at)), unit: at < 0 ? "" : text.slice(at + 1) };
};
